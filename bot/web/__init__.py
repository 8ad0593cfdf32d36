"""The web process: receives, stores, enqueues, serves files."""
