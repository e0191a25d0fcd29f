"""Events to signals: what one hit alone doesn't show. One detector a file; pure, explained, bounded in memory."""
