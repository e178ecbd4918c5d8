"""Web addresses that carry a secret, and IP addresses. A plain link to a page is nobody's secret and is not found.

Each finder yields (start, end) in a text of `training.redaction.shapes.plain`, end exclusive.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from training.redaction.shapes import Interval

LINK = re.compile(r"(?:https?://|www\.)[A-Za-z0-9_~/#@$&*+=%\-.,:;!?'()\[\]]+", re.IGNORECASE)
_SECRET_KEY = re.compile(
    r"[?&#;/](?:[a-z]*[_-]?(?:token|key|auth|secret|session|sess|sid|signature|sig|code|otp|pass(?:word|wd)?"
    r"|pwd|jwt|nonce|hash|ticket|invite|login|user(?:name|id)?"
    r"|uid|customer(?:id)?|account|e?-?mail|phone|magic|reset|verify|confirm\w*|unsubscribe|activate))[=/](?="
    r"[^&/#?]{3})",
    re.IGNORECASE,
)
_CREDENTIALS = re.compile(r"//[^/@\s]+:[^/@\s]+@")
_PART = re.compile(r"[/?&=#;.]([A-Za-z0-9_~%+-]{12,})")
_ADDRESS_IN_IT = re.compile(r"(?:@|%40)[A-Za-z0-9-]+\.[A-Za-z]{2,}")
_IPV4 = re.compile(
    r"(?<![A-Za-z0-9_.])(?<!version )(?<!ver )(?:\d{1,3}\.){3}\d{1,3}(?![A-Za-z0-9_]|\.\d)", re.IGNORECASE
)
_IPV6 = re.compile(
    r"(?<![A-Za-z0-9_:.])(?=[0-9a-f]*:)(?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?(?!"
    r"[A-Za-z0-9_:])",
    re.IGNORECASE,
)
_END = ".,:;!?'"


def links(left: str) -> Iterator[Interval]:
    """Web addresses."""
    yield from (match.span() for match in LINK.finditer(left))


def secret_links(left: str) -> Iterator[Interval]:
    """Whole web addresses with a token, a key, a session, an e-mail or a long random part in them."""
    for match in LINK.finditer(left):
        link = _without_end(match[0])
        if is_secret(link):
            yield match.start(), match.start() + len(link)


def is_secret(link: str) -> bool:
    """Whether whoever holds the address could act as, or learn of, one customer.

    >>> is_secret("https://shop.example/reset?token=8fK2x9"), is_secret("https://shop.example/shoes/air-runner-2024?colour=red")
    (True, False)
    """
    return bool(
        _SECRET_KEY.search(link)
        or _CREDENTIALS.search(link)
        or _ADDRESS_IN_IT.search(link)
        or any(_is_random(part[1]) for part in _PART.finditer(link, min(len(link), 8)))
    )


def secret_parts(link: str) -> list[Interval]:
    """What must go from such an address: everything behind the host."""
    host = re.match(r"(?:https?://)?(?:[^/@\s]*@)?[^/?#]+", link, re.IGNORECASE)
    return [(host.end(), len(link))] if host and host.end() < len(link) else []


def ip_addresses(left: str) -> Iterator[Interval]:
    """IPv4 and IPv6, valid by the standard library's reading; a version number of four parts is taken for one, too."""
    for pattern in (_IPV4, _IPV6):
        for match in pattern.finditer(left):
            if _is_ip(match[0]):
                yield match.span()


def _is_ip(written: str) -> bool:
    if ":" in written and sum(map(str.isalnum, written)) < 3 and written != "::1":
        return False
    try:
        ipaddress.ip_address(written)
    except ValueError:
        return False
    return True


def _is_random(part: str) -> bool:
    """Digits among letters in more than one place, or both cases mixed: no word and no product's name with hyphens."""
    words = re.split(r"[-_+]|%20", part)
    changes = max((len(re.findall(r"[a-z]+|[A-Z]+|\d+", word)) for word in words), default=0)
    has_digit, has_letter = any(map(str.isdigit, part)), any(map(str.isalpha, part))
    is_uuid = re.fullmatch(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", part, re.IGNORECASE) is not None
    return is_uuid or (has_digit and has_letter and changes >= 5) or (len(part) >= 24 and changes >= 4)


def _without_end(link: str) -> str:
    bare = link.rstrip(_END)
    while bare.endswith((")", "]")) and bare.count(bare[-1]) > bare.count("(" if bare[-1] == ")" else "["):
        bare = bare[:-1].rstrip(_END)
    return bare
