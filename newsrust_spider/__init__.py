"""Newsrust: a Postgres copy of a Blogger news aggregator that analysts can trust."""

__version__ = "1.0.0"
