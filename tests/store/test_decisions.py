from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from store import decisions
from store.conversation_tables import Conversation, Import, Message
from store.decisions import BadDecision, Conflict
from store.review_queue import queue, sources
from store.schema import migrate
from store.sessions import session_scope
from store.status import Status
from store.template_tables import Action, Need, Template, TemplateOrigin, TemplateSource


@pytest.fixture
def session(any_database: Engine) -> Iterator[Session]:
    """A need with two German templates and an English one, each mined from a conversation of its own."""
    migrate(any_database)
    with session_scope(any_database) as session:
        session.add(Import(id=1, source_key="k", name="x.csv", namespace="desk"))
        session.add(Need(id=1, suggested_intent="sofa_legs", n_questions=9, n_conversations=8, languages={"de": 9}))
        session.flush()
        for number, (name, language, score) in enumerate(
            (("one", "de", 0.9), ("two", "de", 0.6), ("three", "en", 0.7)), 1
        ):
            session.add(Conversation(id=number, key=f"c{number}", import_id=1))
            session.flush()
            said = ("customer", "Frage"), ("agent", f"Antwort {name}")
            for part, (role, text) in enumerate(said):
                session.add(
                    Message(
                        id=number * 10 + part,
                        conversation_id=number,
                        row=1,
                        part=part,
                        role=role,
                        text=text,
                        text_key=1,
                    )
                )
            session.flush()
            template = Template(
                id=f"need1.{language}.{name}",
                need_id=1,
                language=language,
                intent="sofa_legs",
                text=f"Antwort {name}",
                questions=[f"Frage {name}"],
                score=score,
            )
            template.sources.append(TemplateSource(message_id=number * 10 + 1, conversation_id=number))
            session.add(template)
        session.flush()
        yield session


def test_an_approval_is_recorded_with_who_and_what_changed(session: Session) -> None:
    decisions.approve(session, "need1.de.one", by="Mira")
    (found,) = decisions.history(session, "need1.de.one")
    assert (found.action, found.by) == (Action.APPROVE, "Mira")
    assert (found.before, found.after) == ({"status": "mined"}, {"status": "approved"})
    assert found.at.tzinfo is not None


def test_of_two_people_the_later_one_is_told(session: Session) -> None:
    seen = session.get(Template, "need1.de.one").revision
    decisions.edit(session, "need1.de.one", by="Mira", text="Neue Antwort", revision=seen)
    with pytest.raises(Conflict, match=f"expected revision {seen}, found {seen + 1}; load it again"):
        decisions.retire(session, "need1.de.one", by="Jon", revision=seen)
    assert session.get(Template, "need1.de.one").status is Status.MINED


def test_merging_keeps_one_and_takes_questions_and_sources_over(session: Session) -> None:
    kept = decisions.merge(session, "need1.de.one", ["need1.de.two"], by="Mira")
    assert kept.questions == ["Frage one", "Frage two"]
    assert sorted(source.message_id for source in kept.sources) == [11, 21]
    gone = session.get(Template, "need1.de.two")
    assert (gone.status, gone.merged_into) == (Status.RETIRED, "need1.de.one")
    assert [one.action for one in decisions.history(session, "need1.de.two")] == [Action.MERGE]


def test_templates_of_two_languages_are_not_merged(session: Session) -> None:
    with pytest.raises(BadDecision, match=r"expected templates in de, found need1\.en\.three"):
        decisions.merge(session, "need1.de.one", ["need1.en.three"], by="Mira")


def test_a_retired_template_can_be_restored(session: Session) -> None:
    decisions.retire(session, "need1.de.one", by="Mira")
    assert decisions.restore(session, "need1.de.one", by="Jon").status is Status.MINED
    assert [one.by for one in decisions.history(session, "need1.de.one")] == ["Mira", "Jon"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  \n ", "expected 1 to 4000 characters, found 0"),
        ("Ihre Bestellung {order_number ist da", "found a brace that belongs to none"),
    ],
)
def test_a_text_that_cannot_be_served_is_refused(session: Session, text: str, said: str) -> None:
    with pytest.raises(BadDecision, match=said):
        decisions.edit(session, "need1.de.one", by="Mira", text=text)


def test_nobody_decides_without_a_name_or_on_what_is_not_there(session: Session) -> None:
    with pytest.raises(BadDecision, match="by: expected the name"):
        decisions.approve(session, "need1.de.one", by=" ")
    with pytest.raises(BadDecision, match="expected a known id"):
        decisions.approve(session, "need9.de.1", by="Mira")
    assert session.execute(select(Template.status).where(Template.id == "need1.de.one")).scalar_one() is Status.MINED


def test_a_draft_waits_for_approval_and_is_marked(session: Session) -> None:
    like = session.get(Template, "need1.de.one")
    draft = decisions.add_draft(session, like, language="fr", text="Réponse", by="Mira")
    assert (draft.id, draft.status, draft.origin) == ("need1.fr.1", Status.MINED, TemplateOrigin.DRAFT)
    assert (draft.need_id, draft.intent) == (1, "sofa_legs")
    assert decisions.add_draft(session, like, language="fr", text="Autre", by="Mira").id == "need1.fr.2"


def test_the_queue_shows_languages_with_and_without_an_approved_answer(session: Session) -> None:
    decisions.approve(session, "need1.en.three", by="Mira")
    (need,) = queue(session, ["en", "de", "fr"])
    assert (need.covered, need.missing, need.n_waiting) == (("en",), ("de", "fr"), 2)
    assert [one.id for one in need.templates] == ["need1.de.one", "need1.de.two", "need1.en.three"]


def test_the_queue_is_searched_in_answers_and_leaves_out_what_is_decided(session: Session) -> None:
    assert len(queue(session, ["de"], search="ANTWORT two")) == 1
    assert queue(session, ["de"], search="gibt es nicht") == []
    for name in ("need1.de.one", "need1.de.two", "need1.en.three"):
        decisions.approve(session, name, by="Mira")
    assert queue(session, ["de"], only_waiting=True) == []


def test_sources_show_the_conversation_with_the_answer_marked(session: Session) -> None:
    ((question, answer),) = sources(session, "need1.de.two")
    assert (question.role, question.text, question.is_answer) == ("customer", "Frage", False)
    assert (answer.text, answer.is_answer) == ("Antwort two", True)
