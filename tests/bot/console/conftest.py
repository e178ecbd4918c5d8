from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.console.drafts import NoDraft
from store.conversation_tables import Conversation, Import, Message
from store.schema import migrate
from store.sessions import engine, session_scope
from store.template_tables import Need, Template, TemplateSource


class FrenchOnly:
    """Drafts as the writer does: one language, the placeholder kept."""

    def draft(self, template: Template, language: str) -> str:
        if language != "fr":
            raise NoDraft("no draft passed the checks; write it yourself")
        return "Vous pouvez renvoyer {order_number}."


@pytest.fixture
def database(tmp_path: Path) -> Engine:
    made = engine(f"sqlite:///{tmp_path / 'xenia.db'}")
    migrate(made)
    with session_scope(made) as session:
        session.add(Import(id=1, source_key="k", name="x.csv", namespace="desk"))
        session.flush()
        session.add(Conversation(id=1, key="c", import_id=1))
        session.add(
            Need(
                id=1,
                suggested_intent="return_shoes",
                n_questions=7,
                n_conversations=6,
                languages={"de": 7},
                examples=["kann ich zurück"],
            )
        )
        session.flush()
        for part, (role, text) in enumerate(
            (("customer", "kann ich [order_number:4F7K] zurück"), ("agent", "Ja, 30 Tage."))
        ):
            session.add(
                Message(
                    id=part + 1, conversation_id=1, row=1, part=part, role=role, text=text, text_key=part, language="de"
                )
            )
        session.flush()
        template = Template(
            id="need1.de.1",
            need_id=1,
            language="de",
            intent="return_shoes",
            text="{order_number} kann zurück.",
            questions=["kann ich zurück"],
            score=0.8,
            reasons={"support": 0.9, "n_conversations": 6},
        )
        template.sources.append(TemplateSource(message_id=2, conversation_id=1))
        session.add(template)
    return made
