"""WHAT HAPPENED: one typed record a kind, and the spool that keeps them."""
