"""What customers type to find an order, brought into one shape: order numbers, e-mails, postcodes, ticket codes.

Order numbers are written with and without `#`, in lower case, with full-width, Arabic-Indic or Devanagari digits, and
with whatever dash the keyboard offers; compare keys, never the text.
"""

from __future__ import annotations

import re
import secrets
import unicodedata

_CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_DASHES = re.compile(r"[\u2010-\u2015\u2212\u30fc\ufe58\uff70]")
_NUMBER_PREFIX = re.compile(r"^(#|№|n[°º])+", re.IGNORECASE)


def western_digits(text: str) -> str:
    """Compatibility forms (full width, circled) unfolded and every decimal digit as 0-9.

    >>> western_digits("４８२१३ ٤٨٢ ४८२")
    '48213 482 482'
    """
    unfolded = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in unfolded)


def clean_order_number(text: str) -> str:
    """An order number as the shop prints it: upper case, plain digits and dashes, no spaces, no leading `#` or `№`.

    >>> clean_order_number(" # de–2024–1187 ")
    'DE-2024-1187'
    """
    visible = "".join(char for char in text if not char.isspace() and unicodedata.category(char) != "Cf")
    bare = _NUMBER_PREFIX.sub("", _DASHES.sub("-", visible).replace("＃", "#"))
    return western_digits(bare).upper()


def order_number_key(text: str) -> str:
    """What two spellings of one order number share: letters and digits only. Empty when there are none.

    >>> order_number_key("#ag 77120/3") == order_number_key("AG-77120-3")
    True
    """
    return "".join(char for char in clean_order_number(text) if char.isalnum())


def contact_key(text: str) -> str:
    """An e-mail or a postcode in comparable form; empty when neither could be meant.

    An e-mail loses case, spaces and surrounding brackets; of a postcode letters and digits stay, in upper case.

    >>> contact_key(" K.Lorenz@Example.DE "), contact_key("〒１５０－０００１"), contact_key("sw1a 1aa")
    ('k.lorenz@example.de', '1500001', 'SW1A1AA')
    """
    plain = "".join(char for char in western_digits(text) if not char.isspace() and unicodedata.category(char) != "Cf")
    if "@" in plain:
        return plain.replace("İ", "i").casefold().strip("<>()[]\"',;:.").removeprefix("mailto:")
    return "".join(char for char in plain.upper() if char.isalnum())


def new_code(prefix: str) -> str:
    """A random code to read aloud, such as `X-4F7K2`: five of 32 characters without 0, 1, I and O."""
    return f"{prefix}-" + "".join(secrets.choice(_CODE_ALPHABET) for _ in range(5))
