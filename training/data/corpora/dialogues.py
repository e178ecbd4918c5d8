"""Whole conversations: BConTrasT and MAIA with translated turns, X-RiSAWOZ with acts and slots in six languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.data.corpora.files import document, table
from training.data.corpora.records import Conversation, Spans, Turn, intents_label

MIXED = "enhi"
"""X-RiSAWOZ's Hindi-English: its turns have the language `hi`, whose grammar they mostly follow."""
_SIDES = {"user": "customer", "system": "agent"}


def bcontrast(corpora_dir: Path) -> list[Conversation]:
    """Task dialogues: the customer speaks German, the agent English, each turn with its translation."""
    dialogues = document(corpora_dir / "bcontrast" / "train.json.gz") or {}
    return [Conversation(name, tuple(map(_contrast_turn, turns))) for name, turns in dialogues.items()]


def maia_chat(corpora_dir: Path) -> dict[str, list[Conversation]]:
    """Real support chats by the language spoken with English: de, fr, nl, pt (measure only; not for commercial use).

    A turn is a segment, about a sentence; `Conversation.joined` makes messages of them.
    """
    chats: dict[str, list[Conversation]] = {}
    for path in sorted((corpora_dir / "maia_chat").glob("en-*.csv.gz")):
        turns: dict[str, list[Turn]] = {}
        for row in table(path):
            languages = [row[name].split("-")[0] for name in ("source_language", "target_language")]
            turn = Turn(row["sender"], row["source"], languages[0], row["reference"], languages[1])
            turns.setdefault(row["doc_id"], []).append(turn)
        language = path.name.removeprefix("en-").split(".")[0]
        chats[language] = [Conversation(name, tuple(found)) for name, found in turns.items()]
    return chats


def risawoz_fewshot(corpora_dir: Path) -> dict[str, list[Conversation]]:
    """Task dialogues by tag (zh, en, fr, hi, ko, and `enhi`, which mixes): parallel by position and id.

    A turn's label are its acts (`greeting+inform`); slots are named `domain-slot`, and Chinese has none.
    """
    dialogues: dict[str, list[Conversation]] = {}
    for path in sorted((corpora_dir / "risawoz_fewshot").glob("*_fewshot.json.gz")):
        tag = path.name.split("_")[0]
        dialogues[tag] = [
            Conversation(
                record["dialogue_id"],
                tuple(
                    _risawoz_turn(turn, side, "hi" if tag == MIXED else tag)
                    for turn in record["dialogue"]
                    for side in _SIDES
                ),
            )
            for record in document(path)
        ]
    return dialogues


def _contrast_turn(turn: Mapping[str, str]) -> Turn:
    languages = ("de", "en") if turn["speaker"] == "customer" else ("en", "de")
    return Turn(turn["speaker"], turn["source"], languages[0], turn["target"], languages[1])


def _risawoz_turn(turn: Mapping[str, Any], side: str, language: str) -> Turn:
    said = turn[f"{side}_utterance"]
    text, slots = (said, {}) if isinstance(said, str) else said
    acts = [act[0].lower() for act in turn[f"{side}_actions"]]
    return Turn(_SIDES[side], text, language, label=intents_label(acts), spans=_mentions(text, slots))


def _mentions(text: str, slots: Mapping[str, Mapping[str, object]]) -> Spans:
    """Where the values stand, the longest first where two overlap.

    They are looked up: the set's own offsets count words in some languages, characters in others, and some are off.
    """
    spans: list[tuple[int, int, str]] = []
    named = [(value, label) for label, values in slots.items() for value in values]
    for value, label in sorted(named, key=lambda one: -len(one[0])):
        for match in re.finditer(rf"(?<!\d){re.escape(value)}(?!\d)", text, re.IGNORECASE):
            if match[0] and all(match.end() <= start or end <= match.start() for start, end, _ in spans):
                spans.append((match.start(), match.end(), label))
    return tuple(sorted(spans))
