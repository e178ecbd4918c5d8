"""The installation's secret: what pseudonyms and the digests of people are keyed with. Made once, kept in a file of its owner's.

Without it nobody can be looked up any more (`xenia erase`), and the same person gets another pseudonym: keep it with the
backups of the database, but apart from them.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_N_BYTES = 32
DEFAULT_PATH = Path("var/redaction.key")


def read_secret(path: Path = DEFAULT_PATH) -> bytes:
    """The secret in `path`, made at random where there is none; only its owner may read the file.

    Raises ValueError where the file holds something else.
    """
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        made = secrets.token_bytes(_N_BYTES)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was quicker
            return read_secret(path)
        with os.fdopen(handle, "wb") as out:
            out.write(made)
        return made
    with os.fdopen(handle, "rb") as found:
        secret = found.read()
    if len(secret) != _N_BYTES:
        raise ValueError(
            f"{path}: expected a secret of {_N_BYTES} bytes, found {len(secret)}. Restore it from a backup; "
            "if there is none, remove it: a new one is made, and who was ingested before cannot be erased by name."
        )
    return secret
