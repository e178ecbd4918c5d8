"""Text -> what a form needs from it: order numbers, e-mail addresses, postcodes, postal addresses. Pure functions.

Shapes only, in any script; whether an order exists is the shop's to say. Digits of every script count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.shop_rules import MAX_ADDRESS_LENGTH
from store.keys import clean_order_number, western_digits

MAX_NUMBER_LENGTH = 24
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_ANY_EMAIL = re.compile(r"[^\s@<>(),;:]+@[^\s@<>(),;:]+\.[^\W\d_]{2,}")
_URL = re.compile(r"https?://\S+|www\.\S+")
_CODE = re.compile(
    r"(?<![A-Za-z0-9@+/-])(?<!\d[.,:])"  # not within a longer word, a telephone number, an amount
    r"#?[A-Za-z0-9](?:[A-Za-z0-9/-]*[A-Za-z0-9])?"
    r"(?![@/-]?[A-Za-z0-9])(?![.,:]\d)"
)
_NUMBER_SIGN = re.compile(r"№|\b[nN][°º]")
_NUMBER = re.compile(r"[A-Z0-9]+(?:[/-][A-Z0-9]+)*")
_DATE = re.compile(r"\d{1,4}[/-]\d{1,2}[/-]\d{1,4}|(?:19|20)\d\d|\d{1,2}/(?:19|20)\d\d")
_POSTCODE = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}"  # SW1A 1AA
    r"|[A-Za-z]\d[\dWw] ?[A-Za-z\d]{4}"  # D02 AF30
    r"|[A-Za-z]\d[A-Za-z][ -]?\d[A-Za-z]\d"  # K1A 0B1
    r"|\d{4} ?[A-Z]{2}|\d{4}[a-z]{2}"  # 3511 LX
    r"|\d{5}-\d{3}|\d{4}-\d{3}|\d{2}-\d{3}|\d{3}-\d{4}|\d{3} \d{2,3}|\d{4,7}"
    r")(?![A-Za-z0-9])"
)
_PARTS = re.compile(r"[,;，、،\n]")
_LABEL = re.compile(r"^[^:：]*[:：]\s*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def order_number(text: str) -> str | None:
    """The text as an order number in the shop's print, or None where it is not one as a whole.

    >>> order_number("#de-2024-1187"), order_number("４８ ２１３"), order_number("it is 48213"), order_number("12")
    ('DE-2024-1187', '48213', None, None)
    """
    parts = text.split()
    if len(parts) > 1 and not _is_one_spaced(parts):
        return None
    return _code(text)


def plain_digits(text: str) -> str:
    """Every digit as 0-9, full-width letters as plain ones, and a number sign as #, which would become "No" else."""
    return western_digits(_NUMBER_SIGN.sub("#", text))


def order_numbers(text: str, *, besides: Iterable[str] = ()) -> list[str]:
    """What in the text has the shape of an order number, in order; e-mails, links, dates and amounts are passed over.

    Args:
        text: the customer's message.
        besides: parts of it that are known to be something else, such as an amount.

    >>> order_numbers("订单48213在哪, or AG-77120-3? since 24.12.2024 for 1.299,00"), order_numbers("48 213")
    (['48213', 'AG-77120-3'], ['48213'])
    >>> order_numbers("№10102"), order_numbers("n°１０１０２です")
    (['10102'], ['10102'])
    """
    plain = without(text, besides)
    if whole := order_number(plain):
        return [whole]
    plain = _URL.sub(" ", _ANY_EMAIL.sub(" ", _EMAIL.sub(" ", plain_digits(plain))))
    return [number for match in _CODE.finditer(plain) if (number := order_number(match[0]))]


def stands_out(number: str, text: str) -> bool:
    """Whether a code is an order number even where nobody asked for one: `#4821`, letters and digits, five digits.

    >>> [stands_out(number, "is it #4821?") for number in ("4821", "4822", "AG-77120-3", "48213")]
    [True, False, True, True]
    """
    mixed = any(char.isalpha() for char in number)
    n_digits = sum(char.isdigit() for char in number)
    return (mixed and n_digits >= 4) or n_digits >= 5 or f"#{number}" in western_digits(text).upper()


def email(text: str) -> str | None:
    """The first e-mail address in the text.

    >>> email("邮箱是li@example.com谢谢"), email("no mail")
    ('li@example.com', None)
    """
    plain = western_digits(text)
    match = _EMAIL.search(plain) or _ANY_EMAIL.search(plain)
    return match[0].strip(".") if match else None


def postcode(text: str) -> str | None:
    """The first thing in the text that looks like the postcode of some country; of a short text with a digit, all.

    >>> [postcode(text) for text in ("meine PLZ: 34117", "sw1a 1aa", "〒150-0001", "3511 lx", "nothing")]
    ['34117', 'SW1A 1AA', '150-0001', '3511 LX', None]
    """
    plain = western_digits(text).strip(" .,;:!?〒")
    is_short = len(plain) <= 10 and len(plain.split()) <= 2
    match = _POSTCODE.search(plain.upper() if is_short else plain)
    if match:
        return match[0]
    return plain if is_short and any(char.isdigit() for char in plain) else None


def postal_address(text: str) -> str | None:
    """The text, without a label before a colon, if it is a complete address: a street, a number and a place.

    Two groups of digits (house number, postcode), or one and three parts between commas for places without postcodes.

    >>> postal_address("Neue Adresse: Ahornweg 3, 34117 Kassel"), postal_address("Ahornweg 3")
    ('Ahornweg 3, 34117 Kassel', None)
    """
    after_label = _LABEL.sub("", text, count=1)
    return _complete_address(after_label) or _complete_address(text)


def labelled_address(text: str) -> str | None:
    """The address that stands after a colon, for messages that say something else before it.

    >>> labelled_address("please send 48213 to: Ahornweg 3, 34117 Kassel"), labelled_address("order 48213, 2 pieces")
    ('Ahornweg 3, 34117 Kassel', None)
    """
    after_label = _LABEL.sub("", text, count=1)
    return None if after_label == text else _complete_address(after_label)


def length_in_words(text: str) -> int:
    """Words of a text; where words are not spaced, two characters count as one.

    >>> length_in_words("where is it?"), length_in_words("荷物まだ？")
    (3, 2)
    """
    spaced = _UNSPACED.sub(" ", text).split()
    return sum(any(map(str.isalnum, word)) for word in spaced) + len(_UNSPACED.findall(text)) // 2


def _is_one_spaced(parts: list[str]) -> bool:
    """Whether spaced parts are one number: `DE 2024 1187`, `48 213`; not `10022 50667`, not `it is 48213`."""
    if any(char.isalpha() and not char.isupper() for part in parts for char in part):
        return False
    return parts[0].isalpha() or not any(_code(part) for part in parts)


def _code(text: str) -> str | None:
    number = clean_order_number(text).strip(".,;:!?")
    digits = sum(char.isdigit() for char in number)
    letters = sum(char.isalpha() for char in number)
    if not 4 <= len(number) <= MAX_NUMBER_LENGTH or not _NUMBER.fullmatch(number) or _DATE.fullmatch(number):
        return None
    return number if digits >= max(3, letters) else None


def _complete_address(text: str) -> str | None:
    address = " ".join(text.split()).strip(" .!?？。")
    shortest = 6 if _UNSPACED.search(address) else 10
    if not shortest <= len(address) <= MAX_ADDRESS_LENGTH or "@" in address:
        return None
    n_numbers = len(re.findall(r"\d+", western_digits(address)))
    n_letters = sum(char.isalpha() for char in address)
    n_parts = sum(1 for part in _PARTS.split(address) if part.strip())
    complete = n_numbers >= 2 or (n_numbers == 1 and n_parts >= 3)
    return address if complete and n_letters >= 4 else None


def without(text: str, parts: Iterable[str]) -> str:
    """The text without these parts that hold a digit, where they stand as words, in whatever case.

    >>> without("2 of 48213 and 299 €", ["2", "299 €"])
    '  of 48213 and  '
    """
    for part in sorted(filter(_has_digit, parts), key=len, reverse=True):
        text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(part)}(?![A-Za-z0-9])", " ", text, flags=re.IGNORECASE)
    return text


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)
