"""The tables: the only room that knows them, and all that is read and written there."""
