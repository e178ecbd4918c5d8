"""From ingested conversations to templates in the database, twice: what a person decided stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from store import decisions
from store.schema import migrate
from store.sessions import engine, session_scope
from store.status import Status
from store.template_tables import Need, Template, TemplateSource
from tests.training.mining.test_mined import ByTopic
from training.ingest.prepare import Preparing
from training.ingest.run import Source, ingest
from training.mining.mine import mine
from training.mining.mined import MiningSettings
from training.mining.table import write_table

RETURNS = "You may return unworn items within 30 days."
SHIPPING = "We ship to all of Europe and Norway."


@pytest.fixture
def database(tmp_path: Path) -> Engine:
    made = engine(f"sqlite:///{tmp_path / 'xenia.db'}")
    migrate(made)
    lines = []
    for number in range(9):
        asked, answer = (
            ("may I return my new boots", RETURNS) if number < 6 else ("do you ship to my country", SHIPPING)
        )
        turns = [
            ("customer", f"Hello! {asked} {number}"),
            ("agent", "One moment please."),
            ("agent", answer),
            ("customer", "thanks"),
        ]
        lines.append(
            json.dumps(
                {
                    "conversation_id": f"c{number}",
                    "resolved": True,
                    "turns": [{"role": role, "text": text, "language": "en"} for role, text in turns],
                }
            )
        )
    path = tmp_path / "logs.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    ingest(Source(str(path), name="desk"), engine=made, preparing=Preparing(secret=bytes(32), namespace=""))
    return made


def texts(database: Engine) -> dict[str, Status]:
    with session_scope(database) as session:
        return {row.text: row.status for row in session.execute(select(Template)).scalars()}


def test_each_need_gets_its_answer_with_sources_score_and_reasons(database: Engine, tmp_path: Path) -> None:
    report = mine(database, encoder=ByTopic())
    assert (report.n_conversations, report.n_cases, report.n_needs, report.n_templates) == (9, 9, 2, 2)
    assert texts(database) == {RETURNS: Status.MINED, SHIPPING: Status.MINED}
    with session_scope(database) as session:
        (returns,) = session.execute(select(Template).where(Template.text == RETURNS)).scalars()
        assert returns.reasons["n_conversations"] == len(returns.sources) == 6
        assert returns.reasons["outcome"] == 1.0
        assert "may I return my new boots 0" in returns.questions
        assert [need.n_questions for need in session.execute(select(Need).order_by(Need.id)).scalars()] == [6, 3]
    shown = write_table(database, tmp_path / "mined.md").read_text("utf-8")
    assert "# 2 needs with 2 templates" in shown
    assert "said in 6: support 0.94, outcome 1.00" in shown
    assert shown.index(RETURNS) < shown.index(SHIPPING)


def test_mining_again_keeps_what_was_decided_and_replaces_the_rest(database: Engine) -> None:
    mine(database, encoder=ByTopic())
    with session_scope(database) as session:
        (returns,) = session.execute(select(Template).where(Template.text == RETURNS)).scalars()
        kept_id, need_id = returns.id, returns.need_id
        decisions.approve(session, kept_id, by="Mira")
    mine(database, encoder=ByTopic())
    assert texts(database) == {RETURNS: Status.APPROVED, SHIPPING: Status.MINED}
    with session_scope(database) as session:
        kept = session.get(Template, kept_id)
        assert kept.need_id == need_id
        assert len(kept.sources) == 6
        assert session.query(Need).count() == 2
        assert session.query(TemplateSource).count() == 9


def test_a_retired_template_is_not_mined_back_to_life(database: Engine) -> None:
    mine(database, encoder=ByTopic())
    with session_scope(database) as session:
        (row,) = session.execute(select(Template).where(Template.text == SHIPPING)).scalars()
        decisions.retire(session, row.id, by="Mira")
    mine(database, encoder=ByTopic(), settings=MiningSettings(min_questions=2))
    assert texts(database)[SHIPPING] is Status.RETIRED


def test_without_conversations_the_command_that_brings_them_is_named(tmp_path: Path) -> None:
    empty = engine(f"sqlite:///{tmp_path / 'empty.db'}")
    migrate(empty)
    with pytest.raises(ValueError, match="Run `uv run xenia ingest` first"):
        mine(empty, encoder=ByTopic())
