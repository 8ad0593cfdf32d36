"""One pure function per intent."""
