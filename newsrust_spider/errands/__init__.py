"""Errands: what a crawl is for, each one conversation that reads from top to bottom.

An errand asks its questions at a desk and hands over what is to be kept. It knows no Scrapy, no
database and no clock. Scrapy's desk plays it on the web; the simulator's, in memory.
"""
