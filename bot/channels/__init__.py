"""One file per chat app."""
