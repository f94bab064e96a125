"""Scrapy's command line, extended: crawl (with an honest exit status), status, database."""
