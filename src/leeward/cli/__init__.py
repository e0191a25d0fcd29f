"""The `leeward` command: one file a subcommand."""
