"""Words to intents."""
