"""Names of persons that a cue gives away: "my name is", `Name:`, a title, a greeting, the line below "Kind regards,".

Each finder yields (start, end) of the name without its title. What has no cue is left to a trained tagger. The words
come from `training.redaction.name_cues`; here is only how a name goes on behind (or before) one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from training.redaction import name_cues as cues
from training.redaction.shapes import Interval, folded

MARKS = r"\u0300-\u036f\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
"""Signs that Arabic and Devanagari set on a letter; `re` does not count them to a word."""
_BEGIN, _END = rf"(?<![^\W_{MARKS}])(?<![{MARKS}])", rf"(?![^\W_]|[{MARKS}])"
_WORD = re.compile(
    rf"[^\W\d_\u3040-\u30ff\u3400-\u9fff](?:[^\W\d_\u3040-\u30ff\u3400-\u9fff]|[{MARKS}\u200c\u200d]|['’`-](?="
    r"[^\W\d_]))*"
)
_LAST_SIGN = re.compile(r" *(?:[,.!?;:)\n\r–—-]|$)")


def _any(*groups: Sequence[str] | str) -> str:
    return "|".join(one for group in groups for one in ([group] if isinstance(group, str) else group))


_INTRODUCTION = re.compile(
    rf"{_BEGIN}(?:{_any(cues.INTRODUCTIONS, cues.MARKED_INTRODUCTIONS)}){_END}[ :\"„“«'’]{{1,3}}"
)
_ON_BEHALF = re.compile(rf"{_BEGIN}(?:{_any(cues.ON_BEHALF)}){_END}[ :\"„“«]{{1,3}}")
_FIELD = re.compile(rf"{_BEGIN}(?:{_any(cues.FIELDS)})(?: ?\([^)\n]{{0,20}}\))? ?[:=] *")
_TITLE = re.compile(rf"{_BEGIN}({_any(cues.TITLES)}){_END}(\.?) ?(?=\S)")
_TITLE_BEHIND = re.compile(rf"{_BEGIN}(?:{cues.TITLES_BEHIND}|{cues.MARKED_TITLES_BEHIND}){_END}")
_GREETING = re.compile(rf"{_BEGIN}(?:{_any(cues.GREETINGS, cues.MARKED_GREETINGS)}){_END},? ")
_SIGN_OFF = re.compile(
    rf"{_BEGIN}(?:{_any(cues.SIGN_OFFS)}){_END}[,.!;]{{0,2}}(?:[ \t]*[\r\n]+[ \t]*[-–—]? ?|(?<=,) ?| ?[-–—] )"
)
_GAP, _NEXT = re.compile(r"\.? ?(?=\S)|\. ?"), re.compile(r" ['’\w]")
_AT_END = re.compile(r"[ \t]*(?:[-,.|]|[\r\n]|$)")
_TITLE_WORD = re.compile(rf"(?:{_any(cues.TITLES)})$")
_NEEDS_CAPITAL = frozenset(
    ["m", "mm", "fr", "hr", "bay", "seu", "sir", "miss", "mw", "sn", "don", "madam", "prof", "pana", "dona", "mx"]
)
_LONGEST_ABBREVIATION = 5
_KANJI = r"\u3400-\u9fff々"
_JAPANESE_NAME = rf"(?:[{_KANJI}]{{1,4}}(?:[ \u3000]?[{_KANJI}\u3041-\u3096]{{1,3}})?|[\u30a1-\u30faー・]{{2,12}})"
_HONORIFIC = re.compile(
    rf"((?:[{_KANJI}]{{1,3}} )?(?:[{_KANJI}]{{1,4}}|[\u30a1-\u30faー・]{{2,12}}))(?={cues.HONORIFICS})"
)
_NO_PERSON = re.compile(cues.NOT_BEFORE_HONORIFIC)
_SAID = re.compile(rf"({_JAPANESE_NAME})(?= ?と(?:申し|もうし|いい|言い)ます)")
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
    "張劉陳楊黃趙吳孫馬羅鄭謝許韓鄧馮葉蘇呂盧鍾陸賈鄒龍賀顧龔錢嚴欧尤"
)
_CHINESE_TITLED = re.compile(rf"([{_SURNAMES}][\u4e00-\u9fff]{{0,2}}?)(?={cues.CHINESE_TITLES})")
_UNSPACED_FIELD = re.compile(rf"(?:{cues.UNSPACED_INTRODUCTIONS}|(?:{cues.FIELDS[-1]}) ?[:：])[ :：]{{0,2}}")
_UNSPACED_NAME = re.compile(
    rf"(?:[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?=$|[^{_KANJI}]|的|是|在|，)|[{_KANJI}]{{1,4}}(?: "
    rf"[{_KANJI}\u3041-\u3096]{{1,4}})?(?=$|[^{_KANJI}])"
    rf"|[\u30a1-\u30faー・ ]{{2,14}}|(?![そこあど変違同])[\u3041-\u3096]{{2,8}}(?= |$|\n)|[\u4e00-\u9fff]{{1,5}}(?:·"
    rf"[\u4e00-\u9fff]{{1,5}})+)"
)
_HAS_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def names(left: str, low: str) -> Iterator[Interval]:
    """Names in `left` (`training.redaction.shapes.plain`); `low` is the same in lower case. Some may overlap."""
    if _HAS_UNSPACED.search(left):
        yield from _unspaced(left, low)
    for match in _INTRODUCTION.finditer(low):
        yield from _name_at(left, match.end(), lower=2)
    for match in _ON_BEHALF.finditer(low):
        yield from _name_at(left, match.end())
    for match in _FIELD.finditer(low):
        yield from _name_at(left, match.end(), lower=3)
    for match in _TITLE.finditer(low):
        title = left[match.start(1) : match.end(1)]
        if match[2] and len(title) > _LONGEST_ABBREVIATION:
            continue
        if match[2] or match[1] not in _NEEDS_CAPITAL or title[0].isupper():
            yield from _name_at(left, match.end())
    for match in _GREETING.finditer(low):
        for start, end in _name_at(left, match.end()):
            if _LAST_SIGN.match(left, end):
                yield start, end
    for match in _SIGN_OFF.finditer(low):
        for start, end in _name_at(left, match.end(), lower=2 if "\n" in match[0] else 0):
            if _AT_END.match(left, end):
                yield start, end
    for match in _TITLE_BEHIND.finditer(low):
        yield from _name_before(left, match.start())


def _name_at(text: str, at: int, *, lower: int = 0, most: int = 4) -> Iterator[Interval]:
    """The name that begins at `at`: capitalised words, particles and initials; or up to `lower` words in lower case."""
    start, end, n_words, is_lower = at, at, 0, False
    while n_words < most and (word := _WORD.match(text, at)):
        key, has_case = folded(word[0]), _has_case(word[0])
        is_particle = key in cues.PARTICLES and _begins_capital(text, word.end())
        is_initial = len(word[0]) == 1 and text[word.end() : word.end() + 1] == "."
        is_next_field = n_words > 0 and text[word.end() : word.end() + 1] == ":"
        if is_next_field or (key in cues.NO_NAMES and not is_particle and not is_initial):
            break
        if not n_words and _TITLE_WORD.match(key):
            at = start = _past_space(text, word.end())
            continue
        if has_case and not word[0][0].isupper() and not is_particle:
            if n_words >= lower or (n_words and not is_lower):
                break
            is_lower = True
        n_words, end = n_words + 1, word.end()
        at = _past_space(text, end) if len(word[0]) <= 2 or text[end : end + 1] != "." else end
        if at == end or (is_lower and n_words >= lower) or (not has_case and n_words == 2):
            break
    if n_words and end - start >= 2:
        yield start, end


def _past_space(text: str, at: int) -> int:
    """Behind `. ` or a space; `at` itself where the line ends."""
    gap = _GAP.match(text, at)
    return gap.end() if gap and (gap[0] or text[at : at + 1] == ".") else at


def _begins_capital(text: str, at: int) -> bool:
    following = _NEXT.match(text, at)
    return bool(following and (text[at + 1].isupper() or text[at + 1 : at + 4].rstrip() in cues.PARTICLES))


def _name_before(text: str, end: int) -> Iterator[Interval]:
    words = list(_WORD.finditer(text, max(0, end - 30), end))
    if words and text[words[-1].end() : end] == " ":
        last = words[-1]
        if (
            folded(last[0]) not in cues.NO_NAMES
            and (last[0][0].isupper() or not _has_case(last[0]))
            and len(last[0]) > 1
        ):
            before = words[-2] if len(words) > 1 and text[words[-2].end() : last.start()] == " " else None
            is_first = (
                before and before[0][0].isupper() and before.start() > 0 and folded(before[0]) not in cues.NO_NAMES
            )
            yield (before.start() if before and is_first else last.start()), last.end()


def _has_case(word: str) -> bool:
    return word[0].lower() != word[0].upper()


def _unspaced(left: str, low: str) -> Iterator[Interval]:
    for match in _UNSPACED_FIELD.finditer(low):
        name = _UNSPACED_NAME.match(left, match.end())
        if name:
            yield name.span()
        else:
            yield from _name_at(left, match.end(), lower=3)
    for match in _CHINESE_TITLED.finditer(left):
        yield match.span(1)
    for match in _SAID.finditer(left):
        yield match.span(1)
    for match in _HONORIFIC.finditer(left):
        if not _NO_PERSON.search(match[1]):
            yield match.span(1)
