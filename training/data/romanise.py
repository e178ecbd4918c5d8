"""Hindi, Arabic and Russian in Latin letters, the way phones make people write them: letter by letter, drawn anew.

Not a scholarly transliteration: spellings vary as customers' do (`kahaan`, `kaha`, `kahan`). Hindi drops the inherent
vowel at the end of a word and between a vowel and a consonant with a vowel (Ohala 1983); Arabic gets the digits of
Arabizi (7 for ح, 3 for ع) and drawn short vowels, since the script does not write them.
"""

from __future__ import annotations

import random
import re
import unicodedata


def _table(pairs: str) -> dict[str, str]:
    """`letter spellings letter spellings ...`; spellings are divided by `|`, `-` is none."""
    words = pairs.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_HINDI_CONSONANTS = _table(
    "क k ख kh ग g घ gh ङ n च ch छ ch|chh ज j झ jh ञ n ट t ठ th ड d ढ dh ण n त t थ th द d ध dh न n "
    "प p फ ph|f ब b भ bh म m य y र r ल l व v|w श sh ष sh स s ह h"
)
_HINDI_NUKTA = _table("क q|k ख kh ग g|gh ज z|j ड d|r ढ dh|rh फ f")
_HINDI_VOWELS = _table("अ a आ aa|a|a इ i ई i|ee|i उ u ऊ u|oo|u ए e ऐ ai|e ओ o औ au|o ऑ o ऋ ri")
_HINDI_SIGNS = _table("ा a|a|aa ि i ी i|i|ee ु u ू u|u|oo े e ै ai|e ो o ौ au|o ॉ o ृ ri")
_ARABIC = _table(
    "ا a أ a|2a إ e|i آ a ب b ت t ث th|s ج g|j ح 7|7|h خ kh|5 د d ذ z|th ر r ز z س s ش sh|ch ص s ض d|9' ط t|6 ظ z ع 3 "
    "غ gh|8 ف f ق 2|q|9|k ك k ل l م m ن n ه h و w|o|ou ي y|i|ee ى a ة a|e|eh ء 2 ئ 2|y ؤ 2|o"
)
_RUSSIAN = _table(
    "а a б b в v г g д d е e ё yo|e ж zh|j з z и i й y|i|j к k л l м m н n о o п p р r с s т t у u ф f х h|kh ц c|ts "
    "ч ch ш sh щ sch|sh ъ - ы y ь - э e ю yu|u я ya|ia"
)
_VOWELS = "aeiou"


_LETTERS = {"hi": "\u0900-\u097f", "ar": "\u060c\u061f\u0621-\u0652\u0671-\u06d3", "ru": "\u0400-\u04ff"}
_RUNS = {language: re.compile(f"[{letters}]+") for language, letters in _LETTERS.items()}
LANGUAGES = frozenset(_RUNS)


def in_latin(text: str, language: str, draw: random.Random) -> str:
    """What stands in the script of one of `LANGUAGES` in Latin letters; numbers, codes and Latin names as they are."""
    return _RUNS[language].sub(lambda run: romanised(run[0], language, draw), text)


def is_latin(text: str, language: str) -> bool:
    """Whether a text of one of `LANGUAGES` has letters, and all of them Latin; of no other language.

    >>> is_latin("mera order kahan hai", "hi"), is_latin("मेरा order", "hi"), is_latin("wo ist es", "de")
    (True, False, False)
    """
    return language in LANGUAGES and not _RUNS[language].search(text) and any(char.isalpha() for char in text)


def romanised(text: str, language: str, draw: random.Random) -> str:
    """`text` of `hi`, `ar` or `ru` in Latin letters, lower case; what is not of that script stays.

    >>> romanised("मेरा ऑर्डर", "hi", random.Random(0))
    'mera ordar'
    """
    word_of = {"hi": _hindi, "ar": _arabic, "ru": _russian}[language]
    words = unicodedata.normalize("NFD", text.lower()) if language == "hi" else text.lower()
    return " ".join(word_of(word, draw) for word in words.split())


def _one(spellings: str, draw: random.Random) -> str:
    return draw.choice(spellings.split("|")).replace("-", "")


def _hindi(word: str, draw: random.Random) -> str:
    """Syllables as [consonant, vowel]; "A" is the inherent vowel, which may fall."""
    parts: list[str] = []
    for at, character in enumerate(word):
        following = word[at + 1 : at + 2]
        if character in _HINDI_CONSONANTS:
            table = _HINDI_NUKTA if following == "़" and character in _HINDI_NUKTA else _HINDI_CONSONANTS
            parts += [_one(table[character], draw), "A"]
        elif character in _HINDI_SIGNS:
            parts[-1:] = [_one(_HINDI_SIGNS[character], draw)]
        elif character == "्":
            parts[-1:] = [""]
        elif character in _HINDI_VOWELS:
            parts.append(_one(_HINDI_VOWELS[character], draw))
        elif character in "ंँ":
            parts.append(draw.choice(("n", "n", "")))
        elif character == "।":
            parts.append(".")
        elif character != "़":
            parts.append(character)
    joined = re.sub(r"A(?=\W*$)", "", "".join(parts))
    joined = re.sub(rf"(?<=[{_VOWELS}A])([^{_VOWELS}A\W]{{1,2}})A(?=[^{_VOWELS}A\W]{{1,2}}[{_VOWELS}])", r"\1", joined)
    return joined.replace("A", "a")


def _arabic(word: str, draw: random.Random) -> str:
    """Consonants with drawn vowels between; the article apart or joined."""
    article = ""
    if word.startswith("ال") and len(word) > 3:
        article, word = draw.choice(("el ", "el ", "al ", "el", "l ", "al-")), word[2:]
    out: list[str] = []
    for character in word:
        if "\u064b" <= character <= "\u0652" or character == "ـ":
            continue
        latin = _one(_ARABIC[character], draw) if character in _ARABIC else character
        bare = bool(out) and out[-1][-1:].isalnum() and out[-1][-1] not in _VOWELS and latin[0] not in _VOWELS
        if bare and draw.random() < 0.55:
            out.append(draw.choice("aaaeeio"))
        out.append(latin)
    return article + "".join(out).replace("؟", "?").replace("،", ",")


def _russian(word: str, draw: random.Random) -> str:
    return "".join(_one(_RUSSIAN[one], draw) if one in _RUSSIAN else one for one in word)
