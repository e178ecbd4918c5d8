"""Another name, postal address, web address, IP address or password in the place of somebody's: made up, from short lists.

A stand-in is chosen by bytes that follow from the value (`training.redaction.stand_ins`) and is of the value's script.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from training.redaction.personal import Kind
from training.redaction.web import secret_parts

_FIRST: Mapping[str, tuple[str, ...]] = {
    "latin": ("Lena", "Marco", "Elisa", "Tomas", "Nora", "Adrian", "Clara", "Viktor", "Ines", "Daniel"),
    "cyrillic": ("Ольга", "Павел", "Ирина", "Антон", "Вера", "Роман"),
    "arabic": ("ليلى", "سامي", "هدى", "كريم", "نور", "طارق"),
    "devanagari": ("रीना", "विजय", "सीमा", "मोहन", "कविता", "अमित"),
    "kana": ("タナベ", "ミズノ", "ナカタ", "ハラダ", "アオキ", "モリ"),
    "han": ("林", "江", "金", "方", "石", "夏"),
}
_LAST: Mapping[str, tuple[str, ...]] = {
    "latin": ("Berger", "Moran", "Salvi", "Novak", "Costa", "Jansen", "Linden", "Varga", "Perrin", "Dalton"),
    "cyrillic": ("Белова", "Громов", "Зимина", "Котов", "Лосева", "Рябов"),
    "arabic": ("الحداد", "النجار", "منصور", "الخطيب", "سليم", "عواد"),
    "devanagari": ("वर्मा", "मेहता", "जोशी", "नायर", "बंसल", "कपूर"),
}
_ADDRESSES: Mapping[str, tuple[str, ...]] = {
    "latin": (
        "Linden 14, 10000 Norden",
        "Garden 27, 20000 Weston",
        "Oliva 8, 30000 Altavila",
        "Molen 31, 40000 Ostrava",
    ),
    "cyrillic": ("ул. Садовая, д. 14", "ул. Речная, д. 27", "пр. Северный, д. 8"),
    "arabic": ("شارع الزيتون 14", "شارع النخيل 27", "شارع الورد 8"),
    "devanagari": ("मकान 14, बाग रोड", "मकान 27, नदी मार्ग", "मकान 8, झील रोड"),
    "kana": ("青山県緑市花町1-4-2", "白川県泉市松町2-7-1"),
    "han": ("青山市花园路14号", "白川市松林路27号", "泉水市河东路8号"),
}
_LETTERS = "abcdefghkmnpqrstuvwxyz"
_SCRIPTS = (
    ("cyrillic", re.compile(r"[\u0400-\u04ff]")),
    ("arabic", re.compile(r"[\u0600-\u06ff]")),
    ("devanagari", re.compile(r"[\u0900-\u097f]")),
    ("kana", re.compile(r"[\u3040-\u30ff]")),
    ("han", re.compile(r"[\u3400-\u9fff]")),
)


def _script(text: str) -> str:
    return next((name for name, pattern in _SCRIPTS if pattern.search(text)), "latin")


def _name(written: str, drawn: bytes) -> str:
    """As many words as there were, the last a surname; in lower case where the old one was."""
    script = _script(written)
    words = written.split() or [written]
    made = [_other(_FIRST[script], word, drawn[index]) for index, word in enumerate(words)]
    if len(words) > 1 and script in _LAST:
        made[-1] = _other(_LAST[script], words[-1], drawn[len(words)])
    return " ".join(made).lower() if written.islower() else " ".join(made)


def _address(written: str, drawn: bytes) -> str:
    return _other(_ADDRESSES[_script(written)], written, drawn[0])


def _other(choices: tuple[str, ...], written: str, draw: int) -> str:
    left = [choice for choice in choices if choice.casefold() != written.casefold()]
    return left[draw % len(left)]


def _ip_address(written: str, drawn: bytes) -> str:
    """Of the blocks kept for documentation (RFC 5737, RFC 3849)."""
    return f"2001:db8::{drawn[0]:x}{drawn[1]:02x}" if ":" in written else f"192.0.2.{drawn[0]}"


def _url(written: str, drawn: bytes) -> str:
    """The host stays; what was behind it becomes eight letters."""
    ((start, _),) = secret_parts(written) or [(len(written), len(written))]
    host = re.sub(r"//[^/@\s]*@", "//", written[:start])
    return f"{host}/{''.join(_LETTERS[draw % len(_LETTERS)] for draw in drawn[:8])}"


def _password(written: str, drawn: bytes) -> str:
    return "*" * 8


INVENTED: Mapping[Kind, Callable[[str, bytes], str]] = {
    Kind.NAME: _name,
    Kind.ADDRESS: _address,
    Kind.IP_ADDRESS: _ip_address,
    Kind.URL: _url,
    Kind.PASSWORD: _password,
}
"""Kind -> (value as written, 256 bytes that follow from it) -> what stands for it."""
