"""Reports in pictures, with their numbers; they name nobody."""
