"""The words of the chat page in every language, from `data/replies/<lang>.yml`.

Read once at the start: the section `page` (labels of the page), `topics` (labels of the buttons at the start)
and of the replies one sentence for a failure. Names of languages and directions of writing come from the CLDR
(babel), so that a new language is one more file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from babel import Locale, UnknownLocaleError

REPLIES_DIR = Path("data/replies")
PAGE_KEYS = ("title", "placeholder", "send", "language", "restart", "offline", "typing", "privacy")
_FAILURE_REPLY = "utter_error"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where it is there: ten times as fast


class RepliesError(ValueError):
    """A file of replies that the page cannot use; the message names file and key."""


def page_strings(replies_dir: Path = REPLIES_DIR, start_topics: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
    """`{code: {"name", "dir", "page", "error", "topics"}}`, sorted by code.

    `name` is the language's name in itself, `dir` is "ltr" or "rtl", `topics` maps the intents of
    `start_topics`, in that order, to their labels. Raises RepliesError.
    """
    paths = sorted(replies_dir.glob("*.yml"))
    if not paths:
        raise RepliesError(
            f"{replies_dir} holds no <lang>.yml. Start from the repository's root or set `replies_dir` "
            "of the channel 'web' in credentials.yml."
        )
    return {path.stem: _language(path, start_topics) for path in paths}


def _language(path: Path, start_topics: Sequence[str]) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except yaml.YAMLError as error:
        raise RepliesError(f"{path} is not YAML: {error}") from None
    page = _texts(path, content, "page", PAGE_KEYS)
    topics = _texts(path, content, "topics", start_topics)
    failures = _mapping(path, content, "replies").get(_FAILURE_REPLY)
    if not isinstance(failures, list) or not failures or not isinstance(failures[0], str):
        raise RepliesError(f"{path}: `replies.{_FAILURE_REPLY}` must be a list of texts.")
    name, direction = _name_and_direction(path)
    return {"name": name, "dir": direction, "page": page, "error": failures[0], "topics": topics}


def _texts(path: Path, content: object, section: str, keys: Sequence[str]) -> dict[str, str]:
    values = _mapping(path, content, section)
    missing = [key for key in keys if not isinstance(values.get(key), str)]
    if missing:
        raise RepliesError(f"{path}: `{section}` needs a text for: {', '.join(missing)}.")
    return {key: values[key] for key in keys}


def _mapping(path: Path, content: object, section: str) -> Mapping[str, Any]:
    values = content.get(section) if isinstance(content, dict) else None
    if not isinstance(values, dict):
        raise RepliesError(f"{path}: there is no section `{section}:`.")
    return values


def _name_and_direction(path: Path) -> tuple[str, str]:
    """ "Deutsch", "ltr" for de.yml: babel's name, with a capital as in a menu."""
    try:
        locale = Locale.parse(path.stem)
    except (UnknownLocaleError, ValueError):
        raise RepliesError(f"{path}: the name must be an ISO 639-1 code such as de.yml.") from None
    name = locale.get_language_name(path.stem) or path.stem
    return name[:1].upper() + name[1:], str(locale.text_direction)
