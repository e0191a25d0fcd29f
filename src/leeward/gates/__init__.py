"""ASKED PER REQUEST: enforcement points that call decide()."""
