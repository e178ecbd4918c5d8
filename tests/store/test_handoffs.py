"""A conversation is with the assistant or with one person, never with two."""

from __future__ import annotations

import re
import threading
from datetime import datetime, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from store.handoffs import close_handoff, is_handed_off, open_handoff
from store.schema import migrate
from store.sessions import engine, session_scope
from store.tables import Handoff


@pytest.fixture
def database(tmp_path: Path) -> Engine:
    """A fresh database with its tables."""
    made = engine(f"sqlite:///{tmp_path}/handoffs.db")
    migrate(made)
    return made


def hand_over(session: Session, conversation_id: str = "web-1", summary: str = "wants a person") -> Handoff:
    """Opens a hand-off with everything else as usual."""
    return open_handoff(
        session,
        conversation_id=conversation_id,
        channel="web",
        language="tr",
        reason="asked_for_person",
        summary=summary,
    )


def test_ticket_can_be_read_aloud_and_conversation_is_with_a_person(database: Engine) -> None:
    with session_scope(database) as session:
        handoff = hand_over(session)
    assert re.fullmatch(r"X-[2-9A-HJ-NP-Z]{5}", handoff.ticket)
    assert (handoff.language, handoff.closed_at) == ("tr", None)
    assert (datetime.now(timezone.utc) - handoff.created_at).total_seconds() < 60
    with session_scope(database) as session:
        assert is_handed_off(session, "web-1")
        assert not is_handed_off(session, "web-2")


def test_second_request_keeps_ticket_and_summary(database: Engine) -> None:
    with session_scope(database) as session:
        first = hand_over(session, summary="first")
    with session_scope(database) as session:
        second = hand_over(session, summary="second")
    assert (second.ticket, second.summary) == (first.ticket, "first")


def test_after_closing_the_next_hand_off_gets_a_new_ticket(database: Engine) -> None:
    with session_scope(database) as session:
        first = hand_over(session)
        closed = close_handoff(session, "web-1", at=datetime(2026, 3, 1, tzinfo=timezone.utc))
        assert closed is first
        assert not is_handed_off(session, "web-1")
        second = hand_over(session)
    assert second.ticket != first.ticket
    with session_scope(database) as session:
        assert session.get(Handoff, first.id).closed_at == datetime(2026, 3, 1, tzinfo=timezone.utc)
        assert is_handed_off(session, "web-1")


def test_closing_what_is_not_open_says_so(database: Engine) -> None:
    with session_scope(database) as session:
        assert close_handoff(session, "web-1") is None


def test_hand_off_of_a_failed_block_is_not_kept(database: Engine) -> None:
    with pytest.raises(KeyError), session_scope(database) as session:
        hand_over(session)
        raise KeyError
    with session_scope(database) as session:
        assert not is_handed_off(session, "web-1")


def test_processes_that_hand_over_at_once_share_one_ticket(database: Engine) -> None:
    tickets: list[str] = []
    start = threading.Barrier(6)

    def write() -> None:
        start.wait()
        with session_scope(database) as session:
            tickets.append(hand_over(session).ticket)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tickets) == 6
    assert len(set(tickets)) == 1
    with session_scope(database) as session:
        assert session.scalar(select(func.count()).select_from(Handoff)) == 1


def test_ticket_that_is_taken_is_not_given_twice(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = iter(["X-AAAAA", "X-AAAAA", "X-BBBBB"])
    monkeypatch.setattr("store.handoffs.new_code", lambda prefix: next(codes))
    with session_scope(database) as session:
        assert [hand_over(session, "a").ticket, hand_over(session, "b").ticket] == ["X-AAAAA", "X-BBBBB"]


def test_empty_conversation_id_is_refused(database: Engine) -> None:
    with session_scope(database) as session, pytest.raises(ValueError, match="sender_id"):
        hand_over(session, "")
