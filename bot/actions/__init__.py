"""What Safiri does about each intent: pure functions (conversation, intent, scene) → decision."""
