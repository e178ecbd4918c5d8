"""HTML of a mail or a chat -> its text.

Quoted blocks become lines that begin with `>`, whatever the program that quoted them, and the header of an Outlook
reply becomes the line that plain mails have there: `mail` cuts both, and keeps what was written between them.
"""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from training.cleaning.html_elements import BREAKING, HTML, PARAGRAPHS, VOID, Treatment, address_of, says, treatment

ORIGINAL_MESSAGE = "-----Original Message-----"
_TAG = re.compile(
    r"<!doctype html|</?(?:html|head|body|div|p|br|hr|span|font|center|table|tbody|thead|tr|td|th|ul|ol|li|img|h[1-6]"
    r"|blockquote|style|script|strong|em|pre|meta)(?:\s[^<>]*)?/?>|<a\s[^<>]*href|<(b|i|u|s|a|small|big|code)>.{0,2000}?</\1>",
    re.IGNORECASE | re.DOTALL,
)
_BREAKS = re.compile(r"<(?:html|body|div|p|br|table|ul|ol|li|h[1-6])\b", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(r"&(?!(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_ESCAPED_AGAIN = re.compile("&(?:(?:amp|#38|#x26);)+", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_BLANKS = re.compile(r"[ \t\f]+")
_BULLET = "- "
_MAX_ALT = 8
_MAX_DEPTH = 200
"""Elements within elements; a tag further in closes nothing, as in browsers."""


def looks_like_html(text: str) -> bool:
    """Whether there is a tag of HTML in it; `a < b`, `<3`, `<order number>` and `<anna@mail.example>` are none.

    >>> looks_like_html("Hi,<br>where is it?"), looks_like_html("a < b, <order number>, <p")
    (True, False)
    """
    return "<" in text and _TAG.search(text) is not None


def without_entities(text: str) -> str:
    """Text whose characters were escaped though it has no tags: `Don&#39;t` -> `Don't`; `?a=1&copy=2` stays."""
    return _ENTITY.sub(lambda found: unescape(found[0]), _ESCAPED_AGAIN.sub("&amp;", text)) if "&" in text else text


def html_to_text(text: str) -> str:
    """Lines for block elements and `<br>`, `- ` for items, `> ` for what is quoted; links as `words (address)`.

    Scripts, styles, heads and hidden elements go. Where nothing breaks the text into lines, its own line ends do.

    >>> html_to_text("<p>See <a href='https://agora.example/a'>the terms</a>.</p><ul><li>5&nbsp;kg</li></ul>")
    'See the terms (https://agora.example/a).\\n\\n- 5\\xa0kg'
    """
    parser = _Parser(keeps_lines=_BREAKS.search(text) is None)
    parser.feed(_BARE_AMPERSAND.sub("&amp;", _ESCAPED_AGAIN.sub("&amp;", text)))
    parser.close()
    return parser.text()


class _Parser(HTMLParser):
    """Gathers lines; `_open` holds the open elements and what becomes of what stands in them."""

    def __init__(self, *, keeps_lines: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._keeps_lines = keeps_lines
        self._lines: list[str] = []
        self._line = ""
        self._open: list[tuple[str, Treatment]] = []
        self._links: list[tuple[str, int, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins; one that HTML does not know is text, unless it is of a namespace (`o:p`)."""
        if tag not in HTML:
            if re.fullmatch(r"\w+:\w+", tag) is None:
                self.handle_data(self.get_starttag_text() or "")
            return
        values = {name: value or "" for name, value in attrs}
        if tag == "body":
            self._close("head")
        if tag in ("p", "li", "tr", "td", "th") and self._open and self._open[-1][0] == tag:
            self._close(tag)
        what = treatment(tag, values)
        if what is Treatment.HEADER and not self._drops():
            self._break()
            self._lines.append(ORIGINAL_MESSAGE)
        if tag in BREAKING and tag != "br":
            self._break(paragraph=tag in PARAGRAPHS and not values.get("class", "").startswith("Mso"))
        if tag not in VOID and len(self._open) < _MAX_DEPTH:
            self._open.append((tag, what))
        if tag == "br":
            self._end_line()
        elif tag == "li":
            self._line = ""
            self._add(_BULLET)
        elif tag in ("td", "th") and self._line:
            self._add(" ")
        elif tag == "a":
            self._links.append((address_of(values.get("href", "")), len(self._lines), len(self._line)))
        elif tag == "img" and len(alt := values.get("alt", "")) <= _MAX_ALT and not re.search(r"\w", alt):
            self._add(alt)

    def handle_endtag(self, tag: str) -> None:
        """An element ends, and with it those left open in it."""
        if tag == "a" and self._links:
            self._name_address(*self._links.pop())
        if tag in BREAKING and tag != "br":
            self._break()
        self._close(tag)

    def handle_data(self, data: str) -> None:
        """Words; spaces count as one, as in a browser."""
        if any(element == "pre" for element, _ in self._open) or self._keeps_lines:
            first, *others = data.replace("\r\n", "\n").split("\n")
            self._add(_BLANKS.sub(" ", first))
            for line in others:
                self._end_line()
                self._add(_BLANKS.sub(" ", line))
        else:
            self._add(_SPACES.sub(" ", data))

    def text(self) -> str:
        """What was gathered, without blank lines around it."""
        self._break()
        return "\n".join(self._lines).strip("\n")

    def _add(self, words: str) -> None:
        if self._drops():
            return
        if self._line[-1:] in ("", " "):
            words = words.lstrip(" ")
        self._line += words

    def _drops(self) -> bool:
        return any(what is Treatment.DROP for _, what in self._open)

    def _break(self, *, paragraph: bool = False) -> None:
        if self._drops():
            return
        if self._line != _BULLET and (self._line.strip() or "\xa0" in self._line):
            self._end_line()
        if paragraph and not self._line.strip() and self._lines and self._lines[-1].strip("> "):
            self._lines.append("> " if self._quotes() else "")

    def _end_line(self) -> None:
        if self._drops():
            return
        self._lines.append(("> " if self._quotes() else "") + self._line.rstrip())
        self._line = ""

    def _quotes(self) -> bool:
        return any(what is Treatment.QUOTE for _, what in self._open)

    def _close(self, tag: str) -> None:
        places = [place for place, (element, _) in enumerate(self._open) if element == tag]
        if places:
            del self._open[places[-1] :]

    def _name_address(self, address: str, n_lines: int, start: int) -> None:
        """The address after the words, where they do not say it."""
        words = self._line[start:] if n_lines == len(self._lines) else self._line
        if address and words.strip() and not says(words, address):
            self._line = f"{self._line.rstrip(' ')} ({address})"
