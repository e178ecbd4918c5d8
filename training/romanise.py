"""Hindi, Arabic and Russian in Latin letters, the way phones make people write them: letter by letter, drawn anew.

Not a scholarly transliteration: spellings vary as customers' do (`kahaan`, `kaha`, `kahan`). Hindi drops the inherent
vowel at the end of a word and between a vowel and a consonant with a vowel (Ohala 1983); Arabic gets the digits of
Arabizi (7 for ح, 3 for ع) and drawn short vowels, since the script does not write them.
"""

from __future__ import annotations

import random
import re
import unicodedata

_HINDI_CONSONANTS = dict(
    zip(
        [
            "क",
            "ख",
            "ग",
            "घ",
            "ङ",
            "च",
            "छ",
            "ज",
            "झ",
            "ञ",
            "ट",
            "ठ",
            "ड",
            "ढ",
            "ण",
            "त",
            "थ",
            "द",
            "ध",
            "न",
            "प",
            "फ",
            "ब",
            "भ",
            "म",
            "य",
            "र",
            "ल",
            "व",
            "श",
            "ष",
            "स",
            "ह",
        ],
        [
            "k",
            "kh",
            "g",
            "gh",
            "n",
            "ch",
            "ch|chh",
            "j",
            "jh",
            "n",
            "t",
            "th",
            "d",
            "dh",
            "n",
            "t",
            "th",
            "d",
            "dh",
            "n",
            "p",
            "ph|f",
            "b",
            "bh",
            "m",
            "y",
            "r",
            "l",
            "v|w",
            "sh",
            "sh",
            "s",
            "h",
        ],
        strict=True,
    )
)
_HINDI_NUKTA = {"क": "q|k", "ख": "kh", "ग": "g|gh", "ज": "z|j", "ड": "d|r", "ढ": "dh|rh", "फ": "f"}
_HINDI_VOWELS = dict(
    zip(
        ["अ", "आ", "इ", "ई", "उ", "ऊ", "ए", "ऐ", "ओ", "औ", "ऑ", "ऋ"],
        ["a", "aa|a|a", "i", "i|ee|i", "u", "u|oo|u", "e", "ai|e", "o", "au|o", "o", "ri"],
        strict=True,
    )
)
_HINDI_SIGNS = dict(
    zip(
        ["ा", "ि", "ी", "ु", "ू", "े", "ै", "ो", "ौ", "ॉ", "ृ"],
        ["a|a|aa", "i", "i|i|ee", "u", "u|u|oo", "e", "ai|e", "o", "au|o", "o", "ri"],
        strict=True,
    )
)
_ARABIC = {
    **dict(zip(["ا", "أ", "إ", "آ", "ب", "ت", "ث", "ج", "ح", "خ", "د", "ذ", "ر", "ز", "س", "ش"],
               ["a", "a|2a", "e|i", "a", "b", "t", "th|s", "g|j", "7|7|h", "kh|5", "d", "z|th", "r", "z", "s", "sh|ch"], strict=True)),
    **dict(zip(["ص", "ض", "ط", "ظ", "ع", "غ", "ف", "ق", "ك", "ل", "م", "ن", "ه", "و", "ي", "ى", "ة", "ء", "ئ", "ؤ"],
               ["s", "d|9'", "t|6", "z", "3", "gh|8", "f", "2|q|9|k", "k", "l", "m", "n", "h", "w|o|ou", "y|i|ee", "a", "a|e|eh", "2", "2|y", "2|o"], strict=True)),
}  # fmt: skip
_RUSSIAN = dict(
    zip(
        [
            "а",
            "б",
            "в",
            "г",
            "д",
            "е",
            "ё",
            "ж",
            "з",
            "и",
            "й",
            "к",
            "л",
            "м",
            "н",
            "о",
            "п",
            "р",
            "с",
            "т",
            "у",
            "ф",
            "х",
            "ц",
            "ч",
            "ш",
            "щ",
            "ъ",
            "ы",
            "ь",
            "э",
            "ю",
            "я",
        ],
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "yo|e",
            "zh|j",
            "z",
            "i",
            "y|i|j",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "h|kh",
            "c|ts",
            "ch",
            "sh",
            "sch|sh",
            "-",
            "y",
            "-",
            "e",
            "yu|u",
            "ya|ia",
        ],
        strict=True,
    )
)
_VOWELS = "aeiou"


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
