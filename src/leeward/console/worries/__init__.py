"""Report a worry: named or not, with a way to go on talking that keeps whoever told us safe."""
