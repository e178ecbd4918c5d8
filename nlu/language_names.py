"""Names of languages, both ways: `auf französisch` -> `fr`, and `fr` in Polish -> `francuski`.

Names come from CLDR through Babel, in every language customers name them in and in each language itself; endings
(`по-русски`, `rosyjsku`, `İngilizcede`) are bridged by common beginnings. Whether a language is served does not matter
for being understood, only for which one is meant where a text names two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

from babel import Locale, UnknownLocaleError

NAMED_IN = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ru", "ar", "hi", "zh", "zh_Hant", "ja")
"""Languages whose words for other languages are known."""

_COUNTED_TO = {
    "yue": "zh", "cmn": "zh", "gsw": "de", "nds": "de", "fil": "tl", "ckb": "ku", "nb": "no", "nn": "no", "arz": "ar",
}  # fmt: skip
_LEFT_OUT = frozenset({"ia", "ie", "io", "vo", "la", "eo", "cu", "av", "ii", "na", "ho", "hz", "mo", "sh", "ae", "pi"})
_ALIASES = {
    "ar": "3arabi arabi",
    "az": "azeri azerice azerbaycanca",
    "bn": "bangla",
    "ca": "valenciano",
    "de": "schweizerdeutsch schwyzerdütsch",
    "el": "hellenic",
    "en": "angrezi angreji englizi ingilizi inglizi ingles inglisi えいご",
    "es": "castellano castelhano castigliano castilian castillan castellà",
    "fa": "farsi farsça parsi",
    "fy": "fries frysk",
    "hi": "हिंदी hindustani",
    "ja": "にほんご nihongo",
    "ko": "かんこくご hangugeo",
    "nl": "hollandaca holländisch hollands hollandais holandés holandês holenderski голландский",
    "or": "odia",
    "pt": "brasileiro brasiliano brasileño brazilian brésilien brasilianisch brezilyaca",
    "ru": "russkiy russkij russkom russki",
    "ur": "الأردية اردو",
    "zh": "mandarin mandarino mandarim mandarijn mandaryński мандаринский 汉语 漢語 华语 華語 普通话 普通話 国语 國語 "
    "廣東話 广东话 ちゅうごくご putonghua zhongwen",
}
"""What customers say and CLDR does not: dialects, older and colloquial names, names in Latin letters."""

_FEWEST_ALIKE = 5
_LONGEST_ENDING = 3
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff]")
_WORD = re.compile(r"[^\W_][\w\u0900-\u0dff\u064b-\u0652]*")
_CODE = re.compile(r"[A-Za-z]{2}(?:[-_][A-Za-z]{2,4})*")
_ARTICLES = re.compile(r"^(?:[بولفك]?ال|لل|ب(?=.{4}))")


def language_of_name(text: str, *, served: Sequence[str]) -> str | None:
    """ISO 639-1 code of the language that `text` names (a name, a phrase around it, or a code), or None.

    Where several are named, a served one goes before others and the last before the first (`nicht Englisch, Deutsch`).

    >>> [language_of_name(text, served=("de",)) for text in ("auf Deutsch bitte", "по-русски", "schwedisch", "blau")]
    ['de', 'ru', 'sv', None]
    """
    stripped = text.strip()
    if _CODE.fullmatch(stripped):
        code = _base(re.split("[-_]", stripped.lower())[0])
        if code is not None and code in _codes():
            return code
    found = [code for word in _words(stripped) if (code := _code_of(word, tuple(served)))]
    preferred = [code for code in found if code in served] or found
    return preferred[-1] if preferred else None


def language_name(code: str, in_language: str) -> str:
    """The name of the language `code` in `in_language`, as in running text; in English, or the code, where it has none.

    >>> language_name("de", "fr"), language_name("ja", "ja")
    ('allemand', '日本語')
    """
    for locale in (_locale(in_language), _locale("en")):
        name = locale.languages.get(code) if locale else None
        if name:
            return str(name)
    return code


def _words(text: str) -> Iterator[str]:
    """Words in order; of a script without spaces the longest names it contains."""
    for match in _WORD.finditer(text):
        word = match.group()
        if not _UNSPACED.search(word):
            yield word
            continue
        at = 0
        while at < len(word):
            size = next((n for n in range(min(8, len(word) - at), 1, -1) if word[at : at + n].lower() in _names()), 0)
            if size:
                yield word[at : at + size]
            at += size or 1


@cache
def _code_of(word: str, served: tuple[str, ...]) -> str | None:
    """By the whole name first, then by the longest common beginning; between equals the served language."""
    names = _names()
    forms = [plain(word), _ARTICLES.sub("", plain(word))]
    for form in forms:
        if form in names:
            return _preferred(names[form], served)
    best: tuple[int, int, str] | None = None
    for form in forms:
        for name in _by_beginning().get(form[:4], ()):
            alike = _common(form, name)
            if _is_form_of(form, name, alike):
                found = (alike, -max(len(form), len(name)), _preferred(names[name], served))
                best = max(best or found, found)
    return best[2] if best else None


def _is_form_of(form: str, name: str, alike: int) -> bool:
    """Another ending (`rosyjsku` of `rosyjski`), a longer one (`ingilizcede`), or `turca` beside `turco`."""
    if form[:-1] == name[:-1] and {form[-1], name[-1]} == {"a", "o"}:
        return True
    if len(form) - alike > _LONGEST_ENDING:
        return False
    if name[0] >= "\u0600" and alike == len(form) == len(name) - 1:
        return True
    return alike == len(name) or (alike >= _FEWEST_ALIKE and len(name) - alike <= 2)


def _preferred(codes: Sequence[str], served: Sequence[str]) -> str:
    return next((code for code in codes if code in served), codes[0])


def _common(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def plain(text: str) -> str:
    """Lower case without diacritics (Latin, Cyrillic) and with one form of Alef; other scripts keep their vowel signs.

    >>> plain("Français"), plain("İngilizce"), plain("الإنجليزية")
    ('francais', 'ingilizce', 'الانجليزيه')
    """
    lowered = text.replace("İ", "i").lower().replace("ı", "i").replace("ł", "l")
    parts = unicodedata.normalize("NFD", lowered)
    bare = "".join(one for one in parts if not "\u0300" <= one <= "\u036f" and not "\u064b" <= one <= "\u0655")
    return unicodedata.normalize("NFC", bare.replace("ة", "ه").replace("न्द", "ंद"))


@cache
def _names() -> dict[str, list[str]]:
    """Plain name -> codes, in order of the languages' weight (those customers write in first)."""
    names: dict[str, list[str]] = {}

    def add(name: str, code: str) -> None:
        for word in (plain(name), _ARTICLES.sub("", plain(name))):
            if len(word) > 1 and code not in names.setdefault(word, []):
                names[word].append(code)

    for code, words in _ALIASES.items():
        for word in words.split():
            add(word, code)
    for tag in NAMED_IN:
        locale = _locale(tag)
        for key, name in sorted((locale.languages if locale else {}).items()):
            base = _base(key.split("_")[0])
            if base is not None and " " not in name.strip():
                add(name, base)
                if name[-1] in "语語" and len(name) > 1:
                    add(name[:-1] + "文", base)
    for code in sorted(_codes()):
        own = _locale(code)
        parts = str(own.languages.get(code, "")).split() if own else []
        for word in parts:
            if len(word) > 3 or len(parts) == 1:
                add(word, code)
    return names


@cache
def _by_beginning() -> dict[str, list[str]]:
    """Names by their first four letters."""
    found: dict[str, list[str]] = {}
    for name in sorted(_names()):
        found.setdefault(name[:4], []).append(name)
    return found


@cache
def _codes() -> frozenset[str]:
    english = _locale("en")
    return frozenset(key for key in (english.languages if english else ()) if _base(key) == key)


def _base(tag: str) -> str | None:
    code = _COUNTED_TO.get(tag, tag)
    return code if len(code) == 2 and code not in _LEFT_OUT else None


@cache
def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag)
    except (UnknownLocaleError, ValueError):
        return None
