"""THE ONLY DJANGO: where people work."""
