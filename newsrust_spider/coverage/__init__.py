"""What the crawls have covered, and what to ask for next, as pure functions."""
