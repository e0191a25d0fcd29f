"""What keeps the platform going by itself: lists brought when due, snapshots compiled, sessions ended, health told."""
