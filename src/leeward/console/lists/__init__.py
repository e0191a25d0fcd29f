"""Category lists as the school has them: what they hold, when they came, what a name is listed as."""
