"""The conversation: channels, intents, dialogue, and the effects at the rim."""
