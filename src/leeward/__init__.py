"""Leeward: the online-safety platform for schools."""
