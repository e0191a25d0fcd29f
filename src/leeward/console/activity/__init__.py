"""What happens: live, in the log, and why."""
