"""EVENT STORE: Parquet parts by kind and day, read by DuckDB."""
