"""The Django project: settings, addresses, the server."""
