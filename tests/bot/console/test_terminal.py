from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.console.terminal import Review, Screen
from store.schema import migrate
from store.sessions import engine, session_scope
from store.status import Status
from store.template_tables import Need, Template


@pytest.fixture
def database(tmp_path: Path) -> Engine:
    made = engine(f"sqlite:///{tmp_path / 'xenia.db'}")
    migrate(made)
    with session_scope(made) as session:
        session.add(
            Need(
                id=1,
                intent="return_item",
                n_questions=7,
                n_conversations=6,
                languages={"de": 7},
                examples=["kann ich zurück"],
            )
        )
        session.flush()
        for number, text in enumerate(("Ja, 30 Tage.", "Dreißig Tage lang.", "Yes, for 30 days."), 1):
            language = "en" if number == 3 else "de"
            session.add(
                Template(
                    id=f"need1.{language}.{number}",
                    need_id=1,
                    language=language,
                    intent="return_item",
                    text=text,
                    score=1 - number / 10,
                )
            )
    return made


class Sitting:
    """A reviewer with keys and answers written down beforehand; what was said is kept."""

    def __init__(
        self, database: Engine, keys: str, *, answers: tuple[str, ...] = (), edited: str | None = None
    ) -> None:
        pressed: Iterator[str] = iter(keys)
        given = iter(answers)
        self.said: list[str] = []
        screen = Screen(
            key=lambda: next(pressed),
            ask=lambda question, default: next(given),
            edit=lambda text: edited,
            say=self.said.append,
        )
        self.n_indexed = 0
        review = Review(database, ("de", "en", "fr"), "Mira", drafter=self._no_writer, index=self._index, screen=screen)
        self.n_decided = review.run()

    def _index(self) -> None:
        self.n_indexed += 1

    def _no_writer(self) -> object:
        raise FileNotFoundError("models/writer is missing")


def status(database: Engine, name: str) -> Status:
    with session_scope(database) as session:
        return session.get(Template, name).status


def test_approving_goes_on_with_the_next_until_nothing_waits(database: Engine) -> None:
    sitting = Sitting(database, "ara")
    assert sitting.n_decided == sitting.n_indexed == 3
    assert [status(database, name) for name in ("need1.de.1", "need1.de.2", "need1.en.3")] == [
        Status.APPROVED,
        Status.RETIRED,
        Status.APPROVED,
    ]
    assert sitting.said[-1] == "Nothing waits for a decision."


def test_a_template_is_shown_with_its_question_and_the_languages_that_are_missing(database: Engine) -> None:
    said = "\n".join(Sitting(database, "q").said)
    assert "return_item: asked 7 times" in said
    assert "? kann ich zurück" in said
    assert "missing: de, en, fr" in said
    assert "Ja, 30 Tage." in said


def test_merging_takes_the_chosen_one_of_the_same_language(database: Engine) -> None:
    Sitting(database, "mq", answers=("1",))
    assert status(database, "need1.de.2") is Status.RETIRED
    with session_scope(database) as session:
        assert session.get(Template, "need1.de.2").merged_into == "need1.de.1"


def test_editing_and_assigning_change_the_template_and_a_mistake_is_said(database: Engine) -> None:
    sitting = Sitting(database, "eiiq", edited="Ja, dreißig Tage.", answers=("returns", "no such name"))
    with session_scope(database) as session:
        changed = session.get(Template, "need1.de.1")
        assert (changed.text, changed.intent) == ("Ja, dreißig Tage.", "returns")
    assert sitting.n_decided == 2
    assert any("intent: expected letters" in line for line in sitting.said)


def test_moving_stays_within_what_waits(database: Engine) -> None:
    sitting = Sitting(database, "pnnnnaq")
    assert status(database, "need1.en.3") is Status.APPROVED
    assert sitting.n_decided == 1
