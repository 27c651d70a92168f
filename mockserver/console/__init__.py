"""The page at `/__mock/`."""
