"""Messages as they were written -> plain text ready for redaction; duplicates and agents' macros found among them."""
