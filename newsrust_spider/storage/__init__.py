"""The only room that speaks SQL: the database, its tables, and what is read and written there."""
