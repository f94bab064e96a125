"""Stories: which articles are prints of one text, why so, and which of them were split off."""
