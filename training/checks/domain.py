"""What the other rules compare with: the situations of each intent, and the names that `domain.yml` declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from yaml.nodes import MappingNode, Node

from training.checks.places import entries, items, read_yaml, section, text

OUT_OF_SCOPE = "out_of_scope"
RASA_INTENTS = frozenset({"nlu_fallback", "restart", "back", "session_start"})
WITHOUT_TEXT = frozenset({"utter_answer"})


@dataclass(frozen=True, slots=True)
class Domain:
    """`situations[intent]` are its meaning groups; the other three come from `domain.yml` and are empty without one.

    `reply_keys` are the `utter_*` among its actions and responses that need a text of ours.
    """

    situations: dict[str, tuple[str, ...]]
    intents: frozenset[str] = frozenset()
    entities: frozenset[str] = frozenset()
    reply_keys: frozenset[str] = frozenset()

    def is_held_out(self, intent: str, situation: str) -> bool:
        """Whether no training sees this situation."""
        return situation in held_out_situations(intent, self.situations[intent])


def held_out_situations(intent: str, situations: Sequence[str]) -> frozenset[str]:
    """Of each ten situations, in the order of the file, one: number crc32(intent) modulo count of the sorted names.

    In every language the same ones, so that no translation leaks; further tens do not move the ones chosen before.

    >>> held_out_situations("greet", ("plain", "casual"))
    frozenset({'plain'})
    """
    tens = [sorted(situations[start : start + 10]) for start in range(0, len(situations), 10)]
    return frozenset(ten[crc32(intent.encode()) % len(ten)] for ten in tens)


def read_domain(root: Path) -> Domain:
    """`data/situations.yml`, and `domain.yml` where there is one; raises Unreadable."""
    groups = entries(section(read_yaml(root / "data" / "situations.yml"), "situations"))
    situations = {intent: tuple(entries(names)) for intent, names in groups.items()}
    if not (root / "domain.yml").exists():
        return Domain(situations)
    declared = entries(read_yaml(root / "domain.yml"))
    utters = _names(declared.get("actions")) | _names(declared.get("responses"))
    return Domain(
        situations,
        intents=_names(declared.get("intents")) - RASA_INTENTS,
        entities=_names(declared.get("entities")),
        reply_keys=frozenset(name for name in utters if name.startswith("utter_")) - WITHOUT_TEXT,
    )


def _names(node: Node | None) -> frozenset[str]:
    """Names of a list (bare, or as the one key of a mapping with settings) or of a mapping's keys."""
    if node is None:
        return frozenset()
    if isinstance(node, MappingNode):
        return frozenset(entries(node))
    found: set[str] = set()
    for item in items(node):
        found |= set(entries(item)) if isinstance(item, MappingNode) else {text(item)}
    return frozenset(found)
