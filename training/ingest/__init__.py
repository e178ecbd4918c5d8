"""Exports of help desks, tables and logs -> dialogues, row by row: nothing is dropped without a number and a reason."""
