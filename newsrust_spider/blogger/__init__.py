"""All that is known of Blogger, as pure functions: its addresses, its feeds, its entries."""
