"""The database as such: engine, errors, patience, lock, the embedded server. Knows no table."""
