"""What a channel knows about the customer's language: tags and Accept-Language headers -> ISO 639-1 codes.

A hint is only a prior for the conversation's language (nlu), so region and script are dropped here.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_TAG = re.compile(r"([a-zA-Z]{2,3})(?:[-_][a-zA-Z0-9]{1,8})*")
_TO_ISO_639_1 = {"cmn": "zh", "yue": "zh", "iw": "he", "in": "id", "fil": "tl"}


def language_code(tag: object) -> str | None:
    """The language of a tag such as `pt-BR`, `zh_Hans` or `de`; None where it is no tag or has no two-letter
    code.

    >>> [language_code(tag) for tag in ("pt-BR", "zh-hans", "yue-HK", "DE", "gsw", "auto!", None)]
    ['pt', 'zh', 'zh', 'de', None, None, None]
    """
    match = _TAG.fullmatch(tag.strip()) if isinstance(tag, str) else None
    if match is None:
        return None
    code = match[1].lower()
    code = _TO_ISO_639_1.get(code, code)
    return code if len(code) == 2 else None


def accepted_language(header: str, languages: Collection[str] = ()) -> str | None:
    """The most wanted language of an Accept-Language header (RFC 9110, 12.5.4), of those in `languages` if
    any is.

    >>> accepted_language("sv, de-CH;q=0.9, en;q=0.8", languages=("en", "de"))
    'de'
    >>> accepted_language("sv, de;q=0.9")
    'sv'
    """
    weighted: list[tuple[float, str]] = []
    for entry in header[:1000].split(","):
        tag, _, parameter = entry.partition(";")
        code, weight = language_code(tag), _weight(parameter)
        if code is not None and weight > 0:
            weighted.append((weight, code))
    ordered = [code for _, code in sorted(weighted, key=lambda pair: -pair[0])]
    return next((code for code in ordered if code in languages), ordered[0] if ordered else None)


def _weight(parameter: str) -> float:
    """The q of `q=0.8`, in [0, 1]; 1 where there is none, 0 where it is none."""
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    if name.strip().lower() != "q" or not re.fullmatch(r"\s*[01](\.\d{0,3})?\s*", value):
        return 0.0
    return min(float(value), 1.0)
