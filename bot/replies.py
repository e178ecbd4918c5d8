"""What the assistant says by key and language (data/replies/<language>.yml), checked when it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

NEAREST = ("en",)


@dataclass(frozen=True, slots=True)
class Replies:
    """`texts[language][key]` is a list of variants; `topics[language][intent]` a menu label; `pages` the page's strings."""

    texts: Mapping[str, Mapping[str, list[str]]]
    topics: Mapping[str, Mapping[str, str]]
    pages: Mapping[str, Mapping[str, str]]

    @classmethod
    def read(cls, folder: Path) -> Replies:
        """All languages of a folder; raises FileNotFoundError or ValueError naming the file and what is missing."""
        texts: dict[str, Any] = {}
        topics: dict[str, Any] = {}
        pages: dict[str, Any] = {}
        for path in sorted(folder.glob("*.yml")):
            data = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader) or {}
            if missing := {"replies", "topics", "page"} - set(data):
                raise ValueError(f"{path}: expected the keys replies, topics and page; missing {sorted(missing)}")
            texts[path.stem], topics[path.stem], pages[path.stem] = (
                data["replies"],
                data["topics"],
                data["page"],
            )
        if not texts:
            raise FileNotFoundError(f"{folder}: expected <language>.yml files with `replies:`, found none")
        return cls(texts, topics, pages)

    def variant(self, key: str, language: str, *, seed: int) -> tuple[str, str]:
        """(language, text) of one variant; another language's where this one lacks the key. KeyError for an unknown key."""
        for spoken in (language, *NEAREST, *sorted(self.texts)):
            if variants := self.texts.get(spoken, {}).get(key):
                return spoken, variants[seed % len(variants)]
        raise KeyError(f"no language of data/replies has {key!r}; add it to every data/replies/<language>.yml")

    def topic(self, intent: str, language: str) -> str:
        """Menu label of an intent; its bare name where nobody gave one."""
        return self.topics.get(language, {}).get(intent) or intent.replace("_", " ")

    def page(self, key: str, language: str) -> str:
        """A string of the chat page; the key itself where it is no key (a title that is a text already)."""
        return self.pages.get(language, {}).get(key, key)
