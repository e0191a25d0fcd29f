"""WHAT IT SAYS: phrases found in text. Pure."""
