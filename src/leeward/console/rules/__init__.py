"""Rules: edited as a draft, published as a version, rolled back."""
