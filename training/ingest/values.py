"""What cells of a table say about an outcome, in the ways that people and programs write it -> checked values.

Unlike `training.logs.fields`, which holds JSON to its contract, this reads free text; what it cannot read is None, and the
caller says so.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

from training.logs.fields import BadField, moment

TRUE_WORDS = frozenset(
    {
        "1",
        "true",
        "yes",
        "y",
        "resolved",
        "solved",
        "closed",
        "done",
        "ja",
        "gelöst",
        "geschlossen",
        "erledigt",
        "oui",
        "résolu",
    }
    | {
        "fermé",
        "sí",
        "si",
        "resuelto",
        "cerrado",
        "risolto",
        "chiuso",
        "sim",
        "resolvido",
        "fechado",
        "opgelost",
        "gesloten",
    }
    | {
        "tak",
        "rozwiązane",
        "zamknięte",
        "evet",
        "çözüldü",
        "kapalı",
        "да",
        "решено",
        "закрыто",
        "نعم",
        "हाँ",
        "是",
        "已解决",
        "はい",
    }
)
FALSE_WORDS = frozenset(
    {
        "0",
        "false",
        "no",
        "n",
        "unresolved",
        "unsolved",
        "reopened",
        "failed",
        "nein",
        "ungelöst",
        "non",
        "não",
        "nee",
        "nie",
    }
    | {"hayır", "нет", "не решено", "لا", "नहीं", "否", "未解决", "いいえ", "未解決"}
)
"""A status that is neither (open, pending, on hold) says nothing yet."""
_GOOD = frozenset({"good", "great", "positive", "satisfied", "happy", "thumbs_up", "👍", "up"})
_BAD = frozenset({"bad", "negative", "unsatisfied", "dissatisfied", "unhappy", "thumbs_down", "👎", "down"})
_STARS = re.compile(r"([1-5](?:[.,]\d+)?)(?:\s*(?:/|of|von|sur|de)\s*5)?(?:\s*(?:stars?|★))?", re.IGNORECASE)
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?")
_EPOCH_MS = re.compile(r"\d{12,13}")
_LAYOUTS = (
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%a %b %d %H:%M:%S %z %Y",
    "%Y年%m月%d日 %H:%M:%S",
)
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(.*)", re.DOTALL)
_ZONE_WORD = re.compile(r"\s+(?:UTC|GMT)$")
_SEPARATORS = re.compile(r"[,;|]")


def moment_of(written: str) -> datetime | None:
    """ISO 8601, seconds or milliseconds since 1970, RFC 2822, and dates whose order is certain -> aware moment in UTC.

    >>> moment_of("1700000000000") == moment_of("2023-11-14 22:13:20 UTC") == moment_of("14/11/2023 22:13:20")
    True
    >>> moment_of("05/06/2023")  # the fifth of June, or the sixth of May

    """
    text = _ZONE_WORD.sub("", written.strip())
    try:
        if _EPOCH.fullmatch(text):
            return moment(float(text), "at")
        if _EPOCH_MS.fullmatch(text):
            return moment(int(text) / 1000, "at")
        return moment(text, "at")
    except BadField:
        pass
    if match := _SLASHES.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        if first <= 12 and second <= 12 and first != second:
            return None
        day, month = (first, second) if first > 12 else (second, first)
        text = f"{day:02}.{month:02}.{match[3]}{match[4]}"
    for layout in _LAYOUTS:
        try:
            return _in_utc(datetime.strptime(text, layout))
        except ValueError:
            continue
    try:
        return _in_utc(parsedate_to_datetime(written.strip()))
    except (TypeError, ValueError, IndexError):
        return None


def rating_of(written: str) -> float | None:
    """Stars, or good and bad as 5 and 1.

    >>> rating_of("4"), rating_of("4,5 / 5"), rating_of("good"), rating_of("9")
    (4.0, 4.5, 5.0, None)
    """
    text = written.strip().casefold()
    if match := _STARS.fullmatch(text):
        stars = float(match[1].replace(",", "."))
        return stars if stars <= 5 else None
    return 5.0 if text in _GOOD else 1.0 if text in _BAD else None


def resolved_of(written: str) -> bool | None:
    """Yes, no or a status.

    >>> resolved_of("Solved"), resolved_of("nein"), resolved_of("open")
    (True, False, None)
    """
    text = written.strip().casefold()
    return True if text in TRUE_WORDS else False if text in FALSE_WORDS else None


def tags_of(written: str) -> tuple[str, ...]:
    """A list in JSON, or names with commas, semicolons or bars between them.

    >>> tags_of('["refund", "vip"]'), tags_of("refund; vip")
    (('refund', 'vip'), ('refund', 'vip'))
    """
    text = written.strip()
    if text.startswith("["):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, list):
            return tuple(one for one in found if isinstance(one, str) and one.strip())
    return tuple(one.strip() for one in _SEPARATORS.split(text) if one.strip())


def _in_utc(read: datetime) -> datetime:
    return (read if read.tzinfo else read.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)
