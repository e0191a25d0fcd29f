"""CATEGORY LISTS: one file a format, found by name; a reader for files, folders, archives and URLs."""
