"""The gateway's protocol core: bytes in, events and bytes out. No sockets, no clock, no loop."""
