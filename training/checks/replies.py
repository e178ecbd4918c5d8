"""Rules for what the assistant says: keys, variants, placeholders and page strings are the same in every language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from yaml.nodes import Node

from retrieval.templates import PLACEHOLDER
from training.checks.domain import OUT_OF_SCOPE, Domain
from training.checks.places import Place, Problem, entries, items, place, read_yaml, section, text

MIN_VARIANTS = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One text the assistant may say, and where it stands."""

    place: Place
    text: str

    @property
    def placeholders(self) -> frozenset[str]:
        """The names in braces."""
        return frozenset(PLACEHOLDER.findall(self.text))

    def faults(self) -> Iterator[Problem]:
        """An empty text, or braces that hold no name."""
        if not self.text.strip():
            yield self.place.problem("the text is empty")
        if {"{", "}"} & set(PLACEHOLDER.sub("", self.text)):
            yield self.place.problem(f"a brace without a placeholder's name: {self.text}")


@dataclass(frozen=True, slots=True)
class Replies:
    """One file of `data/replies`; `places` says where its three sections begin."""

    path: Path
    language: Line
    replies: Mapping[str, list[Line]]
    topics: Mapping[str, Line]
    page: Mapping[str, Line]
    places: Mapping[str, Place]


def read_replies(path: Path) -> Replies:
    """One language; raises Unreadable."""
    root = read_yaml(path)
    sections = {name: section(root, name) for name in ("replies", "topics", "page")}
    replies = _variants(sections["replies"])
    topics, page = (
        {key: Line(place(node), text(node)) for key, node in entries(sections[name]).items()}
        for name in ("topics", "page")
    )
    language = section(root, "language")
    places = {name: place(node) for name, node in sections.items()}
    return Replies(path, Line(place(language), text(language)), replies, topics, page, places)


def read_variants(path: Path) -> dict[str, list[Line]]:
    """The section `replies` alone, all that a training reads; raises Unreadable."""
    return _variants(section(read_yaml(path), "replies"))


def _variants(node: Node) -> dict[str, list[Line]]:
    return {key: [Line(place(item), text(item)) for item in items(variants)] for key, variants in entries(node).items()}


def reply_problems(files: Iterable[Replies], domain: Domain) -> Iterator[Problem]:
    """Every fault of the replies of all languages."""
    found = list(files)
    keys = domain.reply_keys.union(*(each.replies for each in found))
    topics = set(domain.situations).difference({OUT_OF_SCOPE}).union(*(each.topics for each in found))
    strings: set[str] = set().union(*(each.page for each in found))
    expected = {key: usual_placeholders(each.replies.get(key, []) for each in found) for key in keys}
    for each in found:
        if each.language.text != each.path.stem:
            yield each.language.place.problem(f"the language is {each.language.text!r}, expected {each.path.stem!r}")
        yield from _missing(each, "replies", keys - set(each.replies))
        yield from _missing(each, "topics", topics - set(each.topics))
        yield from _missing(each, "page", strings - set(each.page))
        for line in (*each.topics.values(), *each.page.values()):
            yield from line.faults()
        for key, variants in each.replies.items():
            yield from _variant_problems(each, key, variants, expected[key])


def usual_placeholders(variants: Iterable[Iterable[Line]]) -> frozenset[str]:
    """The placeholders that most texts of one key have, over all languages: whoever differs is to be looked at."""
    counts = Counter(line.placeholders for lines in variants for line in lines)
    return max(sorted(counts, key=sorted), key=lambda names: counts[names], default=frozenset())


def placeholder_problem(line: Line, what: str, expected: frozenset[str]) -> Iterator[Problem]:
    """A text whose placeholders are not those of its other variants and languages."""
    if line.placeholders != expected:
        found, usual = (", ".join(f"{{{name}}}" for name in sorted(names)) for names in (line.placeholders, expected))
        yield line.place.problem(f"{what} has the placeholders {found or 'none'}, elsewhere {usual or 'none'}")


def _variant_problems(each: Replies, key: str, variants: list[Line], expected: frozenset[str]) -> Iterator[Problem]:
    if len(variants) < MIN_VARIANTS:
        where = variants[0].place if variants else each.places["replies"]
        yield where.problem(f"reply {key} has {len(variants)} variants, expected {MIN_VARIANTS} or more")
    if len({line.text for line in variants}) < len(variants):
        yield variants[-1].place.problem(f"reply {key} says the same twice")
    for line in variants:
        yield from line.faults()
        yield from placeholder_problem(line, f"reply {key}", expected)


def _missing(each: Replies, name: str, keys: set[str] | frozenset[str]) -> Iterator[Problem]:
    for key in sorted(keys):
        yield each.places[name].problem(f"`{name}` lacks the key {key}, which another language or the domain has")
