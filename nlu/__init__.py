"""Text to language, intent and entities."""
