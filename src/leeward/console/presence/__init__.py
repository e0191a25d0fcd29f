"""Who is signed in at which device now, who sits where, and which devices nobody is known at."""
