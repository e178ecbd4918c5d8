"""Stored messages of nearly the same wording -> linked by the number of their group, in bounded memory.

Runs when an import has ended, over all that is stored, so that a new export's messages find those of an earlier one.
Wordings are told apart by their `text_key`; each new one gets a sketch (`training.cleaning.near_duplicates`), whose bands lie
in files until each is sorted by itself. What meets in a band is compared by the true Jaccard index.
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session
from tqdm import tqdm

from store.columns import col
from store.conversation_tables import Message
from store.statements import in_parts
from training.cleaning.folding import fold
from training.cleaning.near_duplicates import Sketcher, jaccard, shingle_hashes

THRESHOLD = 0.8
MIN_CHARACTERS = 20
"""Folded; in a shorter text one other word is another wording."""
_N_TOGETHER = 5000


def link_near_duplicates(session: Session, *, threshold: float = THRESHOLD) -> int:
    """Set `near_group` of every message: the smallest message id among the wordings that are alike, None where none is.

    Two wordings are alike from a Jaccard index of their 5-grams of `threshold` (in (0, 1]) on. Returns the number of messages
    that have a group; the caller commits.
    """
    with tempfile.TemporaryDirectory() as folder:
        sketcher = Sketcher(threshold)
        ids, signatures = _sketched(session, Path(folder), sketcher)
        first = np.arange(len(ids), dtype=np.int32)
        for band in range(sketcher.n_bands):
            for one, other in _meeting(np.fromfile(Path(folder) / f"{band}", dtype=np.uint64), first):
                kept = sketcher.may_be_alike(signatures[one], signatures[other])
                _join(session, ids, first, (one[kept], other[kept]), threshold)
    _write(session, ids, first)
    return int(session.execute(select(func.count()).where(col(Message.near_group).is_not(None))).scalar_one())


def _sketched(session: Session, folder: Path, sketcher: Sketcher) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Ids of the first message of each wording, in their order, and their signatures; the bands are written to `folder`."""
    ids, signatures = array("q"), array("Q")
    firsts = select(func.min(Message.id)).group_by(Message.text_key)
    query = select(Message.id, Message.text).where(col(Message.id).in_(firsts)).order_by(Message.id)
    files = [(folder / f"{band}").open("wb") for band in range(sketcher.n_bands)]
    try:
        waiting: list[str] = []
        for number, text in tqdm(
            session.execute(query.execution_options(yield_per=_N_TOGETHER)),
            unit=" wordings",
            desc="near-duplicates",
            disable=None,
        ):
            folded = fold(text)
            if len(folded) >= MIN_CHARACTERS:
                ids.append(number)
                waiting.append(folded)
            if len(waiting) == _N_TOGETHER:
                _append(sketcher.sketch(waiting), files, signatures)
                waiting.clear()
        _append(sketcher.sketch(waiting), files, signatures)
    finally:
        for file in files:
            file.close()
    return np.array(ids, dtype=np.int64), np.array(signatures, dtype=np.uint64)


def _append(
    sketches: tuple[NDArray[np.uint64], NDArray[np.uint64]], files: Sequence[BinaryIO], signatures: array[int]
) -> None:
    """Keys band by band to their files, signatures behind the others."""
    keys, bits = sketches
    for file, column in zip(files, keys.T, strict=True):
        file.write(np.ascontiguousarray(column).tobytes())
    signatures.frombytes(bits.tobytes())


def _meeting(keys: NDArray[np.uint64], first: NDArray[np.int32]) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Pairs (earlier, later) of wordings with the same key, later ones without a group.

    Each is paired with the key's first wording, and one that has no group afterwards with the one before it.
    """
    order = np.argsort(keys, kind="stable").astype(np.int32)
    keys = keys[order]
    is_new = np.ones(len(order), dtype=bool)
    is_new[1:] = keys[1:] != keys[:-1]
    places = np.arange(len(order), dtype=np.int32)
    heads = np.maximum.accumulate(np.where(is_new, places, np.int32(0)))
    for earlier in (heads, np.maximum(places - 1, 0)):
        later = np.flatnonzero(~is_new & (first[order] == order))
        for at in range(0, len(later), _N_TOGETHER):
            part = later[at : at + _N_TOGETHER]
            yield order[earlier[part]], order[part]


def _join(
    session: Session,
    ids: NDArray[np.int64],
    first: NDArray[np.int32],
    pairs: tuple[NDArray[Any], NDArray[Any]],
    least: float,
) -> None:
    """Give the later of each pair the group of the earlier, where they are alike."""
    numbers = sorted({int(ids[one]) for part in pairs for one in part})
    shingles: dict[int, frozenset[int]] = {}
    for some in in_parts(numbers):
        for number, text in session.execute(select(Message.id, Message.text).where(col(Message.id).in_(some))):
            shingles[number] = shingle_hashes(fold(text))
    for one, other in zip(*(part.tolist() for part in pairs), strict=True):
        if jaccard(shingles[int(ids[one])], shingles[int(ids[other])]) >= least:
            first[other] = first[one]


def _write(session: Session, ids: NDArray[np.int64], first: NDArray[np.int32]) -> None:
    while (first != first[first]).any():
        first = first[first]
    has_group = first != np.arange(len(first))
    has_group[first[has_group]] = True
    connection = session.connection()  # the ORM's own UPDATE takes no rows for a WHERE
    connection.execute(update(Message).where(col(Message.near_group).is_not(None)).values(near_group=None))
    of_wording = select(Message.text_key).where(Message.id == bindparam("wording")).scalar_subquery()
    joined = update(Message).where(Message.text_key == of_wording).values(near_group=bindparam("group"))
    members = np.flatnonzero(has_group)
    for at in range(0, len(members), _N_TOGETHER):
        rows = [{"wording": int(ids[one]), "group": int(ids[first[one]])} for one in members[at : at + _N_TOGETHER]]
        connection.execute(joined, rows)
