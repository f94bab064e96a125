"""What is run beside the project: on a server, and when its dependencies change."""
