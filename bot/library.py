"""The answer templates that the bot serves: those of `data/templates` and those that were mined and approved."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import Engine

from bot.settings import Settings
from retrieval.library import library
from retrieval.templates import AnswerTemplate
from store.sessions import session_scope

TEMPLATES_DIR = Path("data/templates")


def served_templates(settings: Settings, database: Engine, folder: Path = TEMPLATES_DIR) -> list[AnswerTemplate]:
    """All of them; mined ones that nobody approved only where MINED_SCORE lets them through."""
    with session_scope(database) as session:
        return library(session, folder.glob("*.jsonl"), min_score=settings.mined_score)
