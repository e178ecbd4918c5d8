"""A mail or a chat message as plain text -> what its author wrote in it.

History, signatures and the texts of ticket systems are cut, each by its own module; here is their order. The greeting
and the closing stay: `training.logs.courtesies` takes them from a message when it is mined.
"""

from __future__ import annotations

from training.cleaning.history import without_history
from training.cleaning.signatures import without_device_lines, without_signature
from training.cleaning.ticket_systems import without_auto_texts


def written_part(text: str) -> str:
    """Without quoted and forwarded mails, signatures and auto texts; line ends must be LF.

    Each step keeps the text where it would leave nothing. "Sent from my iPhone" goes before the history does: a mail
    that says nothing else above a forwarded one is the forwarded one.
    """
    bare = without_auto_texts(text)
    if "\n" not in bare:
        return bare
    return without_signature(without_history(without_device_lines(bare)))
