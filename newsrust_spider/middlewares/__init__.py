"""Downloader middlewares: what may leave this machine."""
