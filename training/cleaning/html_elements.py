"""What becomes of an element of HTML: which end a line, which are dropped, which quote an earlier mail.

Mail programs mark what they quote by elements, classes and ids of their own; they are named here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum


class Treatment(str, Enum):
    """What becomes of what stands in an element; HEADER says that an earlier mail begins with it."""

    KEEP = "keep"
    DROP = "drop"
    QUOTE = "quote"
    HEADER = "header"


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


VOID = _names("area base br col embed hr img input link meta param source track wbr")
PARAGRAPHS = _names("p h1 h2 h3 h4 h5 h6 ul ol table blockquote pre")
BREAKING = PARAGRAPHS | _names(
    "address article aside body br dd details dialog div dl dt fieldset figcaption figure footer form header hr html li"
    " main nav section summary tbody tfoot thead tr"
)
DROPPED = _names("head script style title template svg math object noembed noframes select textarea")
HTML = (
    VOID
    | BREAKING
    | DROPPED
    | _names(
        "a abbr acronym b basefont bdi bdo big button canvas caption center cite code colgroup data del dfn em font i"
        " iframe ins kbd label legend map mark noscript option output picture q rp rt ruby s samp small span strike"
        " strong sub sup td th time tt u var video audio"
    )
)
_QUOTES = _names("yahoo_quoted moz-cite-prefix moz-forward-container protonmail_quote zmail_extra")
_HEADERS = _names("outlookmessageheader divrplyfwdmsg ms-outlook-mobile-reference-message")
_SIGNATURES = _names("gmail_signature moz-signature preheader protonmail_signature_block")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0(?:px)?\s*(?:;|!|$)", re.IGNORECASE)
_PREFIX = re.compile(r"^x_")
_DIRECT = re.compile(r"(?:mailto|tel|sms|callto):(?://)?", re.IGNORECASE)
_NO_ADDRESS = re.compile(r"#|/(?!/)|(?:javascript|cid|data|blob|about|file):", re.IGNORECASE)
_SCHEME = re.compile(r"\b(?:https?:)?//(?:www\.)?|^www\.")


def treatment(tag: str, attributes: Mapping[str, str]) -> Treatment:
    """What becomes of what stands in the element, by its name, class, id and style."""
    if tag in DROPPED or "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")):
        return Treatment.DROP
    names = f"{attributes.get('class', '')} {attributes.get('id', '')}".lower().split()
    marks = {_PREFIX.sub("", name) for name in names}
    if marks & _SIGNATURES:
        return Treatment.DROP
    if marks & _HEADERS:
        return Treatment.HEADER
    if tag == "blockquote" or marks & _QUOTES:
        return Treatment.QUOTE
    return Treatment.KEEP


def address_of(href: str) -> str:
    """The address a reader could use: without `mailto:` and its subject; empty for anchors, scripts and attachments.

    >>> address_of("mailto:anna@mail.example?subject=x"), address_of("#top"), address_of("cid:image001")
    ('anna@mail.example', '', '')
    """
    address = href.strip()
    if direct := _DIRECT.match(address):
        return address[direct.end() :].partition("?")[0]
    return "" if _NO_ADDRESS.match(address) else address


def says(words: str, address: str) -> bool:
    """Whether the words of a link hold its address already, with or without scheme, `www.` and the last slash."""
    return _bare(address) in _bare(words)


def _bare(address: str) -> str:
    return _SCHEME.sub("", "".join(address.casefold().split())).rstrip("/")
