"""Shapes that prove themselves: e-mail addresses, account numbers (modulo 97) and payment cards (Luhn).

Each finder yields (start, end) in a text of `training.redaction.shapes.plain`, end exclusive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from training.redaction.shapes import GAP, Interval

# Letters and digits of the scripts that put spaces between words; the others go on right behind an address.
_W = r"[^\W_\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_LOCAL = rf"(?:{_W}|[._%+'\-])"
_AT = r"(?: ?@ ?| ?[\[(] ?(?:at|@|arroba|chiocciola|\u00e4t) ?[\])] ?)"
_DOT = r"(?:\.| ?[\[(] ?(?:dot|punkt|point|punto|ponto) ?[\])] ?)"
_EMAIL = re.compile(rf"(?<!{_LOCAL}){_LOCAL}+{_AT}(?:{_W}(?:{_W}|-)*{_DOT})+(?:(?!\d){_W}){{2,24}}", re.IGNORECASE)
_IBAN_START = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z]{2}\d\d)")
_IBAN = re.compile(rf"[A-Za-z]{{2}}\d\d(?:[ {GAP}-]?[A-Za-z0-9]){{11,40}}")
_FEWEST_IBAN_DIGITS = 10
"""Words behind a short code fit modulo 97 once in a hundred times."""
_LONGEST_CARD = 19 * 3
_CARD = re.compile(rf"(?<![A-Za-z0-9])\d(?:[ {GAP}-]{{0,2}}\d){{12,}}(?![A-Za-z0-9])")


def is_card(digits: str) -> bool:
    """Whether 13 to 19 digits are a payment card's (ISO/IEC 7812-1: Luhn's sum; issuers begin with 2 to 6)."""
    return 13 <= len(digits) <= 19 and digits[0] in "23456" and has_luhn_sum(digits)


def is_iban(compact: str) -> bool:
    """Whether letters and digits without spaces are an account number (ISO 13616: 15 to 34, check 02 to 98, remainder 1).

    >>> is_iban("DE89370400440532013000"), is_iban("DE88370400440532013000")
    (True, False)
    """
    if not 15 <= len(compact) <= 34 or not "02" <= compact[2:4] <= "98":
        return False
    if sum(map(str.isdigit, compact)) < _FEWEST_IBAN_DIGITS:
        return False
    return int("".join(str(int(char, 36)) for char in compact[4:] + compact[:4])) % 97 == 1


def has_luhn_sum(digits: str) -> bool:
    """Luhn's check: from the right, every second digit doubled and its digits added up, divides by ten."""
    values = [int(digit) for digit in digits[::-1]]
    return (sum(values[::2]) + sum(sum(divmod(2 * value, 10)) for value in values[1::2])) % 10 == 0


def emails(left: str) -> Iterator[Interval]:
    """Addresses, also with `(at)` and spaces around the sign; up to where another script goes on without a space."""
    for match in _EMAIL.finditer(left):
        bare = match[0].lstrip(".%+'-")
        yield match.end() - len(bare), match.end()


def ibans(left: str) -> Iterator[Interval]:
    """Of several ends at which the check fits the last one."""
    after = 0
    for start in _IBAN_START.finditer(left):
        match = _IBAN.match(left, start.end()) if start.end() >= after else None
        for end in range(match.end(), start.end() + 14, -1) if match else ():
            inside = left[start.end() : end]
            ends_word = inside[-1].isalnum() and not re.match(r"[A-Za-z0-9]", left[end : end + 1])
            if ends_word and is_iban(re.sub(r"[^A-Za-z0-9]", "", inside).upper()):
                yield start.end(), end
                after = end
                break


def cards(left: str) -> Iterator[Interval]:
    """Whole groups of digits that are a card's; other digits may stand before and behind."""
    for run in _CARD.finditer(left):
        groups = [(run.start() + one.start(), run.start() + one.end()) for one in re.finditer(r"\d+", run[0])]
        after = 0
        for first, (start, _) in enumerate(groups):
            ends = [end for _, end in groups[first:] if end - start <= _LONGEST_CARD]
            fitting = [end for end in ends if is_card(re.sub(r"\D", "", left[start:end]))]
            if fitting and start >= after:
                after = fitting[-1]
                yield start, after
