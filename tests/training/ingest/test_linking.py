"""Near-duplicates of a real database: who is linked with whom, also across imports and after one was erased."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.engine import Engine

from store.conversation_tables import Conversation, Message
from store.schema import migrate
from store.sessions import engine, session_scope
from training.ingest.linking import link_near_duplicates
from training.ingest.prepare import Preparing
from training.ingest.report import IngestReport
from training.ingest.run import Source, ingest

MACRO = "Please send us a photo of the damage and of the label on the box, then we will replace it at once"
OTHER = "Our workshop is open from Monday to Friday, and on Saturdays you can collect what was repaired"


def imported(path: Path, texts: list[str], database: Engine) -> IngestReport:
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = [(f"{path.stem}{number}", "agent", text) for number, text in enumerate(texts)]
        csv.writer(out).writerows([("ticket", "author", "message"), *rows])
    return ingest(Source(str(path), name="desk"), engine=database, preparing=Preparing(bytes(32), ""))


def linked(database: Engine) -> dict[str, set[str]]:
    """Group (by its first text) -> its texts."""
    with session_scope(database) as session:
        rows = session.execute(select(Message.near_group, Message.text).order_by(Message.id)).all()
    found: dict[int, list[str]] = {}
    for group, text in rows:
        if group is not None:
            found.setdefault(group, []).append(text)
    return {texts[0]: set(texts) for texts in found.values()}


def test_nearly_the_same_wording_is_linked_also_with_an_earlier_import(tmp_path: Path, any_database: Engine) -> None:
    migrate(any_database)
    first = imported(tmp_path / "a.csv", [MACRO, OTHER, f"{MACRO}, order 48213.", "thanks"], any_database)
    assert linked(any_database) == {MACRO: {MACRO, linked_text(any_database, "order")}}
    assert (first.n_messages, first.n_near) == (4, 2)
    second = imported(tmp_path / "b.csv", [f"{OTHER} too", "thanks!", OTHER], any_database)
    assert second.n_near == 2
    assert linked(any_database)[OTHER] == {OTHER, f"{OTHER} too"}


def linked_text(database: Engine, word: str) -> str:
    with session_scope(database) as session:
        return str(session.execute(select(Message.text).where(Message.text.contains(word))).scalars().first())


def test_a_group_outlives_its_first_message_and_ends_with_the_last_but_one(tmp_path: Path) -> None:
    database = engine(f"sqlite:///{tmp_path / 'xenia.db'}")
    migrate(database)
    imported(tmp_path / "a.csv", [MACRO, f"{MACRO} today", f"{MACRO} too"], database)
    assert [len(texts) for texts in linked(database).values()] == [3]
    for n_left in (2, 0):
        with session_scope(database) as session:
            oldest = session.execute(select(Message.conversation_id).order_by(Message.id)).scalars().first()
            session.execute(delete(Conversation).where(Conversation.id == oldest))
            assert link_near_duplicates(session) == n_left


@pytest.mark.parametrize("threshold", [0.0, 1.5])
def test_a_threshold_that_makes_no_sense_is_named(tmp_path: Path, threshold: float) -> None:
    database = engine(f"sqlite:///{tmp_path / 'xenia.db'}")
    migrate(database)
    with session_scope(database) as session, pytest.raises(ValueError, match="threshold: expected more than 0"):
        link_near_duplicates(session, threshold=threshold)


def test_thousands_of_wordings_are_compared_in_parts(tmp_path: Path) -> None:
    database = engine(f"sqlite:///{tmp_path / 'xenia.db'}")
    migrate(database)
    words = "abcdefghij"
    texts = [
        f"the {words[n // 100 % 10] * 6} chair and {words[n // 10 % 10] * 6} table of {words[n % 10] * 6}"
        for n in range(900)
    ]
    imported(tmp_path / "a.csv", [*texts, *(f"{text}!?" for text in texts[:5]), f"{MACRO} a", f"{MACRO} b"], database)
    with session_scope(database) as session:
        groups = dict(session.execute(select(Message.text, Message.near_group)).all())
    assert groups[f"{MACRO} a"] == groups[f"{MACRO} b"] is not None
