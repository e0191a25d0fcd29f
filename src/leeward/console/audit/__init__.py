"""The audit log: every change, and every look at a person's record."""
