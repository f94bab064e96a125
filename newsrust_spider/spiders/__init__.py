"""Spiders: what to ask for next."""
