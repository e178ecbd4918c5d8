"""The review in the terminal: one template after another, a key for each decision. The page does the same (`bot.console.app`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import click
from sqlalchemy.engine import Engine
from sqlalchemy.orm.exc import StaleDataError

from bot.console.acts import act
from bot.console.drafts import Drafter
from store.review_queue import QueuedNeed, queue, sources
from store.sessions import session_scope
from store.status import Status
from store.template_tables import Template

HELP = (
    "a approve   e edit   r retire   i intent   m merge another into this   d draft in a missing language\n"
    "s conversations   n next   p previous   N next need   ? keys   q quit"
)
N_QUESTIONS = 3
N_CONVERSATIONS = 2


@dataclass(frozen=True, slots=True)
class Screen:
    """The terminal's keys and lines; tests hand in others."""

    key: Callable[[], str] = click.getchar
    ask: Callable[[str, str], str] = lambda question, default: str(click.prompt(question, default=default))
    edit: Callable[[str], str | None] = lambda text: click.edit(text)
    say: Callable[[str], Any] = click.echo


@dataclass(slots=True)
class Review:
    """One sitting. `index` is called after each decision, so that the bot serves it."""

    engine: Engine
    languages: Sequence[str]
    by: str
    drafter: Callable[[], Drafter]
    index: Callable[[], object] | None = None
    screen: Screen = Screen()

    def run(self, *, search: str = "") -> int:
        """Until `q` or nothing is left to decide; the number of decisions."""
        n_decided = place = 0
        while True:
            with session_scope(self.engine) as session:
                needs = queue(session, self.languages, search=search, only_waiting=True)
            steps = [
                (need, template) for need in needs for template in need.templates if template.status is Status.MINED
            ]
            if not steps:
                self.screen.say("Nothing waits for a decision.")
                return n_decided
            place = min(max(place, 0), len(steps) - 1)
            need, template = steps[place]
            self._show(need, template, place=place, n_steps=len(steps))
            key = self.screen.key()
            if key in ("q", "\x03", "\x04"):
                return n_decided
            if key in ("n", "p"):
                place += 1 if key == "n" else -1
            elif key == "N":
                place = next((at for at, (other, _) in enumerate(steps) if at > place and other is not need), place)
            elif key == "s":
                self._show_sources(template)
            elif key in _ASKED:
                n_decided += self._decide(_ASKED[key](self.screen, need, template), template)
            else:
                self.screen.say(HELP)

    def _decide(self, asked: dict[str, Any] | None, template: Template) -> int:
        """1 where a decision was recorded; what was wrong is said."""
        if asked is None:
            return 0
        try:
            drafter = self.drafter() if asked["action"] == "draft" else None
            with session_scope(self.engine) as session:
                act(session, template.id, {"revision": template.revision, **asked}, by=self.by, drafter=drafter)
        except StaleDataError:
            self.screen.say("somebody else changed it meanwhile; look at it again")
            return 0
        except ValueError as error:
            self.screen.say(str(error))
            return 0
        if self.index is not None:
            self.index()
        return 1

    def _show(self, need: QueuedNeed, template: Template, *, place: int, n_steps: int) -> None:
        say, score = self.screen.say, "-" if template.score is None else f"{template.score:.2f}"
        say(f"\n[{place + 1}/{n_steps}] {need.name}: asked {need.need.n_questions} times")
        for question in need.need.examples[:N_QUESTIONS]:
            say(f"  ? {' '.join(question.split())[:150]}")
        say(f"  covered: {', '.join(need.covered) or 'none'}; missing: {', '.join(need.missing) or 'none'}")
        kind = "draft" if template.origin.value == "draft" else "mined"
        said = f", said in {n_said} conversations" if (n_said := template.reasons.get("n_conversations")) else ""
        say(f"  {template.id} ({template.language or '?'}, {kind}, score {score}{said})")
        say(f"\n  {template.text}\n")
        say("a approve  e edit  r retire  i intent  m merge  d draft  s conversations  n p N move  q quit  ? keys")

    def _show_sources(self, template: Template) -> None:
        with session_scope(self.engine) as session:
            found = sources(session, template.id)
        for turns in found[:N_CONVERSATIONS]:
            self.screen.say("")
            for turn in turns:
                self.screen.say(f"  {'>' if turn.is_answer else ' '} {turn.role}: {turn.text}")


def _edited(screen: Screen, need: QueuedNeed, template: Template) -> dict[str, Any] | None:
    text = screen.edit(template.text)
    if text is None or text.strip() == template.text:
        return None
    return {"action": "edit", "text": text}


def _assigned(screen: Screen, need: QueuedNeed, template: Template) -> dict[str, Any] | None:
    return {"action": "assign", "intent": screen.ask("intent", template.intent)}


def _merged(screen: Screen, need: QueuedNeed, template: Template) -> dict[str, Any] | None:
    others = [one for one in need.templates if one.id != template.id and one.language == template.language]
    if not others:
        screen.say("no other template of this need in this language")
        return None
    for number, other in enumerate(others, 1):
        screen.say(f"  {number}: {other.text}")
    chosen = screen.ask("merge which into this one (number)", "1")
    if not chosen.isdigit() or not 1 <= int(chosen) <= len(others):
        screen.say(f"expected a number from 1 to {len(others)}")
        return None
    return {"action": "merge", "others": [others[int(chosen) - 1].id]}


def _drafted(screen: Screen, need: QueuedNeed, template: Template) -> dict[str, Any] | None:
    if not need.missing:
        screen.say("no language is missing")
        return None
    return {
        "action": "draft",
        "language": screen.ask(f"draft in which language ({', '.join(need.missing)})", need.missing[0]),
    }


_ASKED: dict[str, Callable[[Screen, QueuedNeed, Template], dict[str, Any] | None]] = {
    "a": lambda *_: {"action": "approve"},
    "r": lambda *_: {"action": "retire"},
    "e": _edited,
    "i": _assigned,
    "m": _merged,
    "d": _drafted,
}
