"""The one reader of the environment: variables -> `Settings`, checked when they are read.

    DATABASE_URL      sqlite:///var/xenia.db    the tables of Xenia and of Rasa's tracker store
    SHOP_URL          -                         the company's REST back end; without it the built-in shop answers
    SHOP_TOKEN        -                         its bearer token
    HOST              127.0.0.1                 address the Rasa server listens on; 0.0.0.0 opens it to the network
    PORT              5005                      port of the Rasa server
    ACTIONS_PORT      5055                      port of the action server
    API_TOKEN         -                         demanded by Rasa's HTTP API when set
    CONSOLE_TOKEN     -                         demanded by the review's page when set; needed to open it to the network
    MODELS_DIR        models/starter            folder of the model folders
    REDACTION_KEY     var/redaction.key         file of the secret that pseudonyms are keyed with; made where it is missing
    MINED_SCORE       -                         mined templates with at least this score (0 to 1) are served unapproved
    LANGUAGES         en,de,fr,...              the served languages, ISO 639-1, comma-separated
    DEFAULT_LANGUAGE  en                        where a conversation shows none

An empty variable counts as unset.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from store.sessions import DEFAULT_URL

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ru", "ar", "hi", "zh", "ja")
_CODE = re.compile(r"[a-z]{2}")


class InvalidSettings(ValueError):
    """A variable of the environment cannot be used; the message names it and says what to write instead."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says; the variable of a field is its name in capitals. Secrets are not shown."""

    database_url: str = field(default=DEFAULT_URL, repr=False)
    shop_url: str | None = None
    shop_token: str | None = field(default=None, repr=False)
    host: str = "127.0.0.1"
    port: int = 5005
    actions_port: int = 5055
    api_token: str | None = field(default=None, repr=False)
    console_token: str | None = field(default=None, repr=False)
    models_dir: Path = Path("models/starter")
    redaction_key: Path = Path("var/redaction.key")
    mined_score: float | None = None
    languages: tuple[str, ...] = LANGUAGES
    default_language: str = "en"

    def __post_init__(self) -> None:
        """Raises InvalidSettings."""
        _check_database(self.database_url)
        _check_shop(self.shop_url, self.shop_token)
        for name, port in (("PORT", self.port), ("ACTIONS_PORT", self.actions_port)):
            if not 1 <= port <= 65535:
                raise InvalidSettings(f"{name}: expected a port from 1 to 65535, found {port}")
        if self.port == self.actions_port:
            raise InvalidSettings(
                f"PORT and ACTIONS_PORT: expected two ports, found {self.port} twice; choose another ACTIONS_PORT"
            )
        unknown = [code for code in self.languages if not _CODE.fullmatch(code)]
        if unknown or not self.languages or len(set(self.languages)) < len(self.languages):
            raise InvalidSettings(
                "LANGUAGES: expected different ISO 639-1 codes such as en,de,fr, "
                f"found {','.join(self.languages) or 'none'}"
            )
        if self.default_language not in self.languages:
            raise InvalidSettings(
                f"DEFAULT_LANGUAGE: expected one of LANGUAGES ({','.join(self.languages)}), "
                f"found {self.default_language}"
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Settings from variables; those that are unset or empty keep their defaults. Raises InvalidSettings."""
        given = {name: environment.get(name.upper(), "").strip() for name in cls.__slots__}
        values: dict[str, object] = {name: text for name, text in given.items() if text}
        for name in ("port", "actions_port"):
            if name in values:
                values[name] = _number(name.upper(), given[name])
        for name in ("models_dir", "redaction_key"):
            if name in values:
                values[name] = Path(given[name])
        if "mined_score" in values:
            values["mined_score"] = _share("MINED_SCORE", given["mined_score"])
        if "languages" in values:
            codes = (code.strip().lower() for code in given["languages"].split(","))
            values["languages"] = tuple(code for code in codes if code)
        return cls(**values)  # type: ignore[arg-type]


@cache
def settings() -> Settings:
    """The settings of this process, read once. Raises InvalidSettings."""
    return Settings.from_environment(os.environ)


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise InvalidSettings(f"{name}: expected a port number, found {text!r}")
    return int(text)


def _share(name: str, text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1:
        raise InvalidSettings(f"{name}: expected a number from 0 to 1, found {text!r}")
    return found


def _check_database(url: str) -> None:
    """The URL itself is never shown: it may hold a password."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise InvalidSettings(
            "DATABASE_URL: expected an SQLAlchemy URL of SQLite or PostgreSQL, found another; "
            f"write for example {DEFAULT_URL} or postgresql://user:password@host/xenia"
        )


def _check_shop(url: str | None, token: str | None) -> None:
    if url is None:
        if token is not None:
            raise InvalidSettings("SHOP_TOKEN: expected together with SHOP_URL, found alone; set SHOP_URL as well")
        return
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise InvalidSettings("SHOP_URL: expected an http(s) URL without query, found another; write https://host/path")
