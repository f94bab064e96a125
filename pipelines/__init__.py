"""The stages that make an article of a post: one file, one stage, one class."""
