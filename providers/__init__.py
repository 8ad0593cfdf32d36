"""Where offers come from."""
