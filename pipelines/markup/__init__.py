"""HTML as the aggregator pastes it: read safely, and parted into paragraphs, noise and links."""
