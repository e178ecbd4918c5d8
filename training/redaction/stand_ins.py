"""A personal value -> another of the same form, the same one each time within a conversation.

A classifier must still see something that looks like an e-mail address or an order number. Digits are drawn by a keyed
hash (BLAKE2b, RFC 7693) of the value in comparable form, so that `#48213` and `４８２１３` become the same number; the key
is the conversation's id, which no training row carries. What stands for a card, an account number or a national id is
never a valid one, and what stands for an e-mail address reaches nobody (RFC 2606 reserves the domains). Names, postal
addresses, links and the rest come from `training.redaction.invented`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from itertools import cycle

from store.keys import contact_key, order_number_key
from training.redaction.accounts import has_luhn_sum
from training.redaction.invented import INVENTED
from training.redaction.national_ids import is_national_id
from training.redaction.personal import Kind
from training.redaction.shapes import folded, plain

_DOMAINS = ("mail.example", "post.example", "example.com", "example.org", "example.net")
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


class StandIns:
    """The stand-ins of one conversation."""

    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(key.encode()).digest()

    def of(self, kind: Kind, written: str) -> str:
        """Another value in the form of `written`; what is all digits and letters keeps its length.

        Order numbers keep their letters, telephone numbers their first two digits (country or trunk code).
        """
        if kind is Kind.EMAIL:
            return self._email(written)
        if kind in INVENTED:
            return INVENTED[kind](written, self._draw(kind, folded(written)))
        drawn = self._draw(kind, order_number_key(written))
        if kind is Kind.IBAN:
            return _iban(written, drawn)
        n_kept = 2 if kind is Kind.PHONE and plain(written).lstrip("( ").startswith(("+", "0")) else 0
        old = [unicodedata.decimal(char) for char in written if char.isdecimal()]
        new = (
            old[:n_kept]
            + [
                1 + draw % 9 if digit and index == 0 else draw % 10
                for index, (digit, draw) in enumerate(zip(old, cycle(drawn), strict=False))
            ][n_kept:]
        )
        if new[n_kept:] == old[n_kept:] or (kind is Kind.CARD and has_luhn_sum("".join(map(str, new)))):
            new[-1] = (new[-1] + 1) % 10
        made = _with_digits(written, new)
        return _never_valid(made, written) if kind is Kind.NATIONAL_ID else made

    def _email(self, written: str) -> str:
        key = contact_key(written)
        drawn = self._draw(Kind.EMAIL, key)
        local = plain(written).replace("[", "@").replace("(", "@").split("@")[0].strip() or "x"
        made = "".join(_email_char(char, index, drawn) for index, char in enumerate(local))
        address = f"{made}@{_DOMAINS[drawn[-1] % len(_DOMAINS)]}"
        return address if contact_key(address) != key else f"{made}@{_DOMAINS[(drawn[-1] + 1) % len(_DOMAINS)]}"

    def _draw(self, kind: Kind, value: str) -> bytes:
        """256 bytes that follow from the conversation, the kind and the value."""
        blocks = (
            hashlib.blake2b(f"{kind.value}:{block}:{value}".encode(), key=self._key).digest() for block in range(4)
        )
        return b"".join(blocks)


def _never_valid(made: str, written: str) -> str:
    """With another last digit, and where the form alone is enough, with zeros in front (no office issues those)."""
    for _ in range(10):
        if made != written and not is_national_id(plain(made)):
            return made
        last = max(index for index, char in enumerate(made) if char.isdecimal())
        made = made[:last] + _digit_like(made[last], (unicodedata.decimal(made[last]) + 1) % 10) + made[last + 1 :]
    head = re.match(r"\D*\d{1,3}", made)
    end = head.end() if head else 0
    return re.sub(r"\d", lambda digit: _digit_like(digit[0], 0), re.sub(r"^[A-Za-z]{2}", "QQ", made[:end])) + made[end:]


def _email_char(char: str, index: int, drawn: bytes) -> str:
    draw = drawn[index % len(drawn)]
    if char.isdecimal():
        return str(draw % 10)
    if char.isalpha():
        letters = _VOWELS if index % 2 else _CONSONANTS
        return letters[draw % len(letters)]
    return char if char.isascii() and not char.isspace() else ""


def _iban(written: str, drawn: bytes) -> str:
    """Country and grouping stay; 00 is never a right check (ISO 13616: 02 to 98)."""
    out, position = [], 0
    for char in written:
        if char.isalnum():
            if position >= 2:
                char = "0" if position < 4 else _like(char, drawn[position % len(drawn)])
            position += 1
        out.append(char)
    return "".join(out)


def _like(char: str, draw: int) -> str:
    if char.isdecimal():
        return _digit_like(char, draw % 10)
    letter = _LETTERS[draw % len(_LETTERS)]
    return letter.lower() if char.islower() else letter


def _digit_like(char: str, value: int) -> str:
    """The digit in the script of `char`."""
    return chr(ord(char) - unicodedata.decimal(char) + value)


def _with_digits(written: str, digits: list[int]) -> str:
    left = iter(digits)
    return "".join(_digit_like(char, next(left)) if char.isdecimal() else char for char in written)
