"""Text to ranked answer templates."""
