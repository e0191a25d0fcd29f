"""WHAT SHOULD HAPPEN: the policy, compiled into a snapshot, and the one function that decides."""
