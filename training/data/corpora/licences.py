"""The public sets by folder, with their licences, and which of them a shipped weight may learn from."""

from __future__ import annotations

from collections.abc import Iterable

_TITLES_AND_LICENCES = {
    "massive": ("MASSIVE 1.1", "CC BY 4.0"),
    "ui_parallel": ("ui_parallel (Chatwoot, Helpy, Spree)", "MIT / BSD-3-Clause"),
    "bitext": ("Bitext customer support", "CDLA-Sharing 1.0"),
    "banking77": ("Banking77", "CC BY 4.0"),
    "nlupp_banking": ("NLU++ banking", "CC BY 4.0"),
    "clinc150": ("CLINC150", "CC BY 3.0"),
    "multidogo": ("MultiDoGO", "CDLA-Permissive 1.0"),
    "bcontrast": ("BConTrasT", "CC BY-SA 4.0"),
    "dstc9_faq": ("DSTC9 track 1 knowledge snippets", "Apache-2.0"),
    "covid_faq": ("COVID-19 questions of health agencies", "Apache-2.0 (texts from agencies)"),
    "pii_presidio": ("Presidio synthetic personal data", "MIT"),
    "risawoz_fewshot": ("X-RiSAWOZ few-shot dialogues", "BSD-3-Clause"),
    "tatoeba": ("Tatoeba v1 pairs (LASER)", "CC BY 2.0 FR"),
    "maia_chat": ("MAIA chats (WMT 2024 chat task)", "CC BY-NC 4.0"),
}
LICENCES = dict(_TITLES_AND_LICENCES.values())
"""Licence of every set by its title."""
MEASURE_ONLY = frozenset({"tatoeba", "covid_faq", "maia_chat"})
"""Test sets, texts of others, and what is not for commercial use: no shipped weight learns from these."""


def may_train_shipped(name: str) -> bool:
    """Whether a shipped weight may learn from the set of that folder.

    Raises:
        ValueError: there is no such set.
    """
    if name not in _TITLES_AND_LICENCES:
        raise ValueError(f"expected a set of {', '.join(sorted(_TITLES_AND_LICENCES))}, found {name!r}")
    return name not in MEASURE_ONLY


def licences_of(names: Iterable[str]) -> dict[str, str]:
    """Licences by title of the sets that a shipped weight learnt from, for its manifest.

    Raises:
        ValueError: there is no such set, or no shipped weight may learn from it.
    """
    licences: dict[str, str] = {}
    for name in names:
        if not may_train_shipped(name):
            raise ValueError(f"expected sets that a shipped weight may learn from, found {name!r}: leave it out")
        title, licence = _TITLES_AND_LICENCES[name]
        licences[title] = licence
    return licences
