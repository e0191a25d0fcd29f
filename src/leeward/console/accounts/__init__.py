"""Signing in: at the console, with a second factor; and at a device, for the gateway."""
