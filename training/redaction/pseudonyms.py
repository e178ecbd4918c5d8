"""A personal value -> `[name:4F7K]`: what stands for it in stored text, the same throughout a conversation.

`stand_ins` makes values that look real, for training rows; a pseudonym shows that something was taken out, and what.
It follows by HMAC-SHA256 (RFC 2104) from a secret, the conversation, the kind and the value in comparable form, so that
nobody without the secret can try names out, and the same person in two conversations has two pseudonyms. Erasure finds
a person by `identity_digest`, which is the same in every conversation and never stands in a text.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from store.keys import contact_key, order_number_key
from training.redaction.name_cues import TITLES, TITLES_BEHIND
from training.redaction.names import MARKS
from training.redaction.personal import Kind
from training.redaction.shapes import folded, plain

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
PSEUDONYM = re.compile(rf"\[({'|'.join(kind.value for kind in Kind)}):([{_ALPHABET}]{{4}})\]")
_LENGTH = 4
_FEWEST_SECRET_BYTES = 16
_PHONE_DIGITS = 9
"""The last digits of a telephone number are the same with and without country and trunk code (ITU-T E.164)."""
_TITLE = re.compile(rf"(?:{'|'.join((*TITLES, TITLES_BEHIND))})")
_WORD = re.compile(rf"(?:[^\W\d_]|[{MARKS}])+")
_ENDING_WORDS = """
a ą ę y i u o ie em om owi ej ego emu ów а у ю ой ей ом ем е ы и я ого ому ым ину ина ине s es in nin nın nun
nün ın un ün ya ye ı
"""
_ENDINGS = frozenset(_ENDING_WORDS.split()) | {""}
"""What Polish, Russian, Turkish and the genitive set behind a name's stem."""
_STEM = 3


def kind_of(pseudonym: str) -> Kind:
    """What a pseudonym stands for; ValueError where it is none.

    >>> kind_of("[order_number:9PQ2]").value
    'order_number'
    """
    match = PSEUDONYM.fullmatch(pseudonym)
    if match is None:
        raise ValueError("expected a pseudonym such as [name:4F7K], found another text; look for them with PSEUDONYM")
    return Kind(match[1])


class Pseudonyms:
    """The pseudonyms of one conversation."""

    def __init__(self, secret: bytes, conversation_id: str) -> None:
        """Raises ValueError for a secret of fewer than 16 bytes."""
        self._secret = checked_secret(secret)
        self._conversation = conversation_id
        self._people: list[frozenset[str]] = []

    def learn(self, names: Iterable[str]) -> None:
        """Names of the conversation: one that says nothing that a longer one does not say as well is the same person.

        "Anna Schmidt", "Frau Schmidt" and "anna" are one, "Anna Schmidt" and "Peter Schmidt" two; "Schmidt" by itself is
        whoever of them was named first. Learn all names before asking for the first pseudonym.
        """
        people = [*self._people, *(words for name in names if (words := _words(name)))]
        self._people = []
        for words in sorted(people, key=_n_full_words, reverse=True):
            if not any(_is_within(words, known) for known in self._people):
                self._people.append(words)

    def of(self, kind: Kind, written: str) -> str:
        """The pseudonym of a value as somebody wrote it."""
        value = self._person(written) if kind is Kind.NAME else comparable_value(kind, written)
        digest = _hmac(self._secret, "pseudonym", self._conversation, kind.value, value)
        return f"[{kind.value}:{''.join(_ALPHABET[byte % 32] for byte in digest[:_LENGTH])}]"

    def _person(self, written: str) -> str:
        words = _words(written)
        person = next((known for known in self._people if _is_within(words, known)), words) if words else None
        return " ".join(sorted(person)) if person else folded(written)


def identity_digest(secret: bytes, kind: Kind, written: str) -> str:
    """64 hexadecimal digits by which erasure looks a value up, the same in every conversation.

    Customer and order numbers share one space, for nobody can tell a number's kind by its look.
    """
    space = "number" if kind in (Kind.CUSTOMER_NUMBER, Kind.ORDER_NUMBER) else kind.value
    return _hmac(checked_secret(secret), "identity", space, comparable_value(kind, written)).hex()


def conversation_digest(secret: bytes, conversation_id: str) -> str:
    """16 hexadecimal digits that stand for a conversation's logged id, which may be a telephone number."""
    return _hmac(checked_secret(secret), "conversation", conversation_id).hex()[:16]


def comparable_value(kind: Kind, written: str) -> str:
    """What all spellings of a value share.

    >>> comparable_value(Kind.PHONE, "+49 (0)170 1234567") == comparable_value(Kind.PHONE, "0170/1234567")
    True
    """
    if kind is Kind.PHONE:
        return _phone(plain(written))
    if kind is Kind.EMAIL:
        marks = re.sub(r"\s*[\[(]\s*(?:at|@|arroba|chiocciola|ät)\s*[\])]\s*", "@", plain(written), flags=re.IGNORECASE)
        return contact_key(
            re.sub(r"\s*[\[(]\s*(?:dot|punkt|point|punto|ponto)\s*[\])]\s*", ".", marks, flags=re.IGNORECASE)
        )
    if kind in (Kind.PASSWORD, Kind.URL):
        return written.strip()
    if kind in (Kind.NAME, Kind.ADDRESS):
        return " ".join(
            _WORD.findall(_unaccented(written)) if kind is Kind.NAME else re.findall(r"\w+", _unaccented(written))
        )
    if kind is Kind.IP_ADDRESS:
        return folded(written)
    return order_number_key(written)


def checked_secret(secret: bytes) -> bytes:
    """The secret, if it is long enough; ValueError else."""
    if len(secret) < _FEWEST_SECRET_BYTES:
        raise ValueError(
            f"secret: expected {_FEWEST_SECRET_BYTES} bytes or more, found {len(secret)}; draw one with secrets.token_bytes"
            "(32)"
        )
    return secret


def _hmac(secret: bytes, *parts: str) -> bytes:
    """Each part with its length before it: no two lists of parts make the same message."""
    message = b"".join(len(part := one.encode("utf-8", "surrogatepass")).to_bytes(4, "big") + part for one in parts)
    return hmac.digest(secret, message, hashlib.sha256)


def _words(name: str) -> frozenset[str]:
    return frozenset(word for word in _WORD.findall(_unaccented(name)) if not _TITLE.fullmatch(word))


def _n_full_words(words: frozenset[str]) -> int:
    """Initials do not count."""
    return sum(len(word) > 1 or word >= "\u3040" for word in words)


def _unaccented(text: str) -> str:
    """Lower case, without accents: customers leave them out. Signs of Devanagari and Arabic make words and stay."""
    decomposed = unicodedata.normalize("NFD", folded(text).replace("ł", "l").replace("ı", "i"))
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if not "\u0300" <= char <= "\u036f"))


def _is_within(words: frozenset[str], person: frozenset[str]) -> bool:
    return all(any(_is_form(word, other) for other in person) for word in words)


@lru_cache(maxsize=4096)
def _is_form(word: str, other: str) -> bool:
    """The same word, also inflected (`Anną`), its initial, or the surname that a Chinese or Japanese name begins with."""
    if word == other or ((len(word) == 1 or word >= "\u3040") and other.startswith(word)):
        return True
    pairs = enumerate(zip(word, other, strict=False))
    shared = next((index for index, (left, right) in pairs if left != right), min(len(word), len(other)))
    return shared >= _STEM and word[shared:] in _ENDINGS and other[shared:] in _ENDINGS


def _phone(written: str) -> str:
    number = re.split(r"[A-Za-z]", written)[0]
    digits = re.sub(r"\D", "", number)
    if number.lstrip("( ").startswith("+") and len(digits) < _PHONE_DIGITS + 3:
        digits = _national(digits)
    return digits.lstrip("0")[-_PHONE_DIGITS:]


@lru_cache(maxsize=4096)
def _national(digits: str) -> str:
    """Without the country's code, by Google's numbering plans."""
    import phonenumbers

    try:
        return str(phonenumbers.parse(f"+{digits}", None).national_number)
    except phonenumbers.NumberParseException:
        return digits
