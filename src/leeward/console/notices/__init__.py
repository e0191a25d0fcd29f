"""The notice that the network is filtered and looked after, and who has accepted it (requirements M11)."""
