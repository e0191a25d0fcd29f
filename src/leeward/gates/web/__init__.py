"""The web gateway: explicit and transparent proxy, TLS inspection, scanning."""
