"""Redacted conversations -> customer needs and the answer templates for them, for a person to approve."""
