"""Logged dialogues -> masked training rows: two formats are read, personal data is replaced, rows are chosen and counted."""
