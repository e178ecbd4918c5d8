"""The whole of `xenia mine`: stored conversations -> needs and mined templates in the database, and counts of them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from tqdm import tqdm

from store.conversation_tables import Message
from store.sessions import session_scope
from training.cleaning.macros import find_macros
from training.logs.dialogues import Role
from training.logs.stored import count_stored, read_stored
from training.mining.cases import cases_of
from training.mining.intents import Parses
from training.mining.mined import EncodesTexts, MiningReport, MiningSettings, needs_of
from training.mining.writing import write_needs


def mine(
    engine: Engine, *, encoder: EncodesTexts, parse: Parses | None = None, settings: MiningSettings | None = None
) -> MiningReport:
    """Mine everything that is stored, write needs and templates.

    Args:
        engine: a database at the newest schema.
        encoder: encodes questions and answers of all languages into one space.
        parse: the intent model; without it needs get suggested names only.
        settings: how needs are told apart.

    Raises ValueError where nothing is stored.
    """
    report = MiningReport()
    with session_scope(engine) as session:
        report.n_conversations = count_stored(session)
        if not report.n_conversations:
            raise ValueError(
                "the database: expected ingested conversations, found none. Run `uv run xenia ingest` first."
            )
        found = find_macros(_agents_words(session))
        macros = frozenset(key for macro in found if macro.is_courtesy for key in macro.keys)
        stored = tqdm(read_stored(session), total=report.n_conversations, unit=" conversations", disable=None)
        cases = list(cases_of(stored))
    needs = needs_of(
        cases, encoder=encoder, parse=parse, settings=settings or MiningSettings(), report=report, macros=macros
    )
    with session_scope(engine) as session:
        write_needs(session, needs)
    return report


def _agents_words(session: Session) -> Iterator[tuple[str, str]]:
    """(conversation, text) of every message of an agent."""
    query = select(Message.conversation_id, Message.text).where(Message.role == Role.AGENT.value).order_by(Message.id)
    for conversation_id, text in session.execute(query.execution_options(yield_per=2000)):
        yield str(conversation_id), text
