"""The review of answer templates: in the terminal, and as a page of its own server (aiohttp)."""
