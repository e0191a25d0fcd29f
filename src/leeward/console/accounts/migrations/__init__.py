"""Changes of the tables of signing in."""
