"""What must outlive a process: messages, trips, people, conversations."""
