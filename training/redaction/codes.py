"""Numbers by their look: order numbers and other codes; and the dates that are neither.

Each finder yields (start, end) in a text of `training.redaction.shapes.plain`, end exclusive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from training.redaction.phones import runs
from training.redaction.shapes import Interval
from training.redaction.web import LINK

_IN_LINK = re.compile(r"\d{3,}")
_DATE = re.compile(
    r"(?<!\d)(?<![A-Za-z0-9][/.-])(?:(?:19|20)\d\d([-/.])\d\d?\1\d\d?|\d\d?([-/.])\d\d?\2(?:(?:19|20)\d\d|\d\d)"
    r"|\d\d?[-. ](?:[A-Za-z]{3})[-. ](?:19|20)\d\d|(?:19|20)\d\d ?[-/] ?(?:(?:19|20)\d\d|\d\d))(?!\d|[-/.]\d)"
)
_SPACED_CODE = re.compile(r"(?<![A-Za-z0-9])(?!EUR|USD|GBP|PLN|RUB|INR)[A-Z]{1,4}(?: \d{2,}){2,}(?![A-Za-z0-9])")
_ONLY_GROUPS = re.compile(r"\W*?(\d+(?: \d+)+)\W*")
_TOKEN = re.compile(r"#?(?<![A-Za-z0-9])[A-Za-z0-9]+(?:[-/][A-Za-z0-9]+)*")
_SIGN = re.compile(r"(?:#|№|(?<![a-z])n(?:[°º]|[ro]\.)) ?$", re.IGNORECASE)
_MEASURE = re.compile(r"\d{1,4}[A-Za-z]{1,3}|\d{1,2}[hH]\d\d|\d{1,4}(?:[xX]\d{1,4})+[A-Za-z]{0,2}")
_DECIMALS = re.compile(r"[.,]\d\d?(?!\d)")
_CURRENCY = (
    r"(?:[€$£¥￥₹₽₺元円]|(?:zł|EUR|[Ee]uros?|[Dd]oll?ars?|USD|GBP|PLN|TRY|TL|INR|Rs|RUB|JPY|CNY|руб|ريال|درهم"
    r"|جنيه)(?![a-zł-ż])|रु)"
)
_CURRENCY_BEFORE = re.compile(rf"{_CURRENCY}\.? ?$")
_CURRENCY_AFTER = re.compile(rf" ?{_CURRENCY}(?! ?\d)")


def dates(left: str) -> Iterator[Interval]:
    """Days and ranges of years."""
    yield from (match.span() for match in _DATE.finditer(left))


def numbers_in_links(left: str) -> Iterator[Interval]:
    """Digits of a web address that may tell whose it is."""
    for link in LINK.finditer(left):
        for match in _IN_LINK.finditer(link[0]):
            yield link.start() + match.start(), link.start() + match.end()


def spaced_codes(left: str) -> Iterator[Interval]:
    """`XN 30 4471`, and a message that is nothing but `48 213`."""
    whole = _ONLY_GROUPS.fullmatch(left)
    if whole and 5 <= sum(map(str.isdigit, whole[1])) <= 8:
        yield whole.span(1)
        return
    yield from (match.span() for match in _SPACED_CODE.finditer(left))


def long_runs(left: str) -> Iterator[Interval]:
    """Runs of nine digits or more in groups."""
    for match in runs(left):
        groups = re.findall(r"\d+", match[0])
        if len(groups) > 1 and sum(map(len, groups)) >= 9:
            yield match.span()


def codes(left: str) -> Iterator[Interval]:
    """Single words: `48213`, `DE-2024-1187`, `#4471`; not `128GB`, `12999,00`."""
    for match in _TOKEN.finditer(left):
        before, after = left[max(0, match.start() - 5) : match.start()], left[match.end() : match.end() + 8]
        is_signed = match[0].startswith("#") or _SIGN.search(before) is not None
        if _is_code(match[0].lstrip("#"), is_signed=is_signed) and not (
            match[0].isdigit() and not is_signed and _is_amount(before, after)
        ):
            yield match.span()


def _is_code(token: str, *, is_signed: bool) -> bool:
    n_digits, n_letters = sum(map(str.isdigit, token)), sum(map(str.isalpha, token))
    if is_signed:
        return n_digits >= 3
    if not n_letters:
        return n_digits >= 5
    return n_digits >= 4 and n_digits >= n_letters and not _MEASURE.fullmatch(token)


def _is_amount(before: str, after: str) -> bool:
    return bool(_DECIMALS.match(after) or _CURRENCY_BEFORE.search(before) or _CURRENCY_AFTER.match(after))
