"""Where personal data stands in a text, by rules: what has a form or a check, and what a cue word gives away.

Digits of every script and full-width characters count as plain ones. In doubt a number is taken for personal: five
digits in a row are masked unless they are an amount or a date. Names are found behind a sure cue and postal addresses by
the form of their country; the others are left to a trained tagger (`training.redaction.redactor.Tagger`). Pseudonyms
and marks that already stand in a text (`[name:4F7K]`, `#NAME#`, `{{name}}`, `<PERSON>`) are no personal data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from training.redaction.accounts import cards, emails, ibans
from training.redaction.addresses import addresses
from training.redaction.codes import codes, dates, long_runs, numbers_in_links, spaced_codes
from training.redaction.cued_numbers import customer_numbers, order_numbers
from training.redaction.names import names
from training.redaction.national_ids import national_ids
from training.redaction.passwords import passwords
from training.redaction.phones import Phones
from training.redaction.shapes import BLANK, Interval, folded, plain
from training.redaction.web import ip_addresses, links, secret_links


class Kind(str, Enum):
    """What a stretch is. `ORDER_NUMBER` also stands for other long numbers and codes: parcels, customers, invoices."""

    EMAIL = "email"
    PHONE = "phone"
    CARD = "card"
    IBAN = "iban"
    ORDER_NUMBER = "order_number"
    NAME = "name"
    ADDRESS = "address"
    NATIONAL_ID = "national_id"
    CUSTOMER_NUMBER = "customer_number"
    IP_ADDRESS = "ip_address"
    URL = "url"
    PASSWORD = "password"


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of personal data: characters, end exclusive."""

    start: int
    end: int
    kind: Kind


MARK = re.compile(
    r"\[[a-z_]+:[2-9A-HJ-NP-Z]{4}\]|#[A-Z][A-Z_-]+\d{0,3}#|\{\{?[^{}\n]{1,40}\}\}?|<[A-Z][A-Z_ ]{2,30}\d{0,3}>"
    r"|\[[A-Z][A-Z_ ]{2,30}\d{0,3}\]"
    r"|\b(?:NAME|PER|PRS|ORG|LOC)[-_][A-Z]{1,6}\d{0,3}\b"
)
"""What already stands for a value that was taken out, here or by whoever anonymised the source."""
_MARK_SIGN = re.compile(r"[\[#{<]|[A-Z][-_][A-Z]")
_DIGIT = re.compile(r"\d")


def find(
    text: str,
    *,
    public: Sequence[Interval] = (),
    known: Sequence[Found] = (),
    kept: Sequence[Interval] = (),
    languages: Sequence[str] = (),
) -> list[Found]:
    """Personal data in the order of the text, nothing overlapping.

    Args:
        text: as written.
        public: stretches that are nobody's secret, such as the shop's own address: never found.
        known: stretches that are known to be personal whatever their shape.
        kept: stretches that are known to be no telephone or order number, such as a product.
        languages: ISO 639-1 of the conversation, where known; a doubtful telephone must be one of their countries.
    """
    search = _Search(plain(text), [])
    search.blank(public)
    if _MARK_SIGN.search(text):
        search.blank(match.span() for match in MARK.finditer(text))
    has_link = "://" in search.left or "www." in search.left.lower()
    has_digit = _DIGIT.search(search.left) is not None
    if has_link:
        search.claim(Kind.URL, secret_links)
    if any(sign in search.left for sign in "@[("):
        search.claim(Kind.EMAIL, emails)
    if has_digit:
        search.claim(Kind.IBAN, ibans)
        search.claim(Kind.CARD, cards)
    search.claim_known(known)
    search.blank(kept)
    if has_link:
        search.claim(Kind.ORDER_NUMBER, numbers_in_links)
        search.blank(links(search.left))
    search.claim(Kind.PASSWORD, lambda left: passwords(left, folded(left)))
    search.claim(Kind.NAME, lambda left: names(left, folded(left)))
    if has_digit:
        _claim_numbers(search, languages)
    return sorted(search.found, key=lambda one: one.start)


def _claim_numbers(search: _Search, languages: Sequence[str]) -> None:
    phones = Phones(languages)
    search.claim(Kind.IP_ADDRESS, ip_addresses)
    search.claim(Kind.NATIONAL_ID, lambda left: national_ids(left, folded(left)))
    search.claim(Kind.CUSTOMER_NUMBER, lambda left: customer_numbers(left, folded(left)))
    search.claim(Kind.ORDER_NUMBER, lambda left: order_numbers(left, folded(left)))
    search.blank(dates(search.left))
    search.claim(Kind.ADDRESS, addresses)
    search.claim(Kind.ORDER_NUMBER, spaced_codes)
    search.claim(Kind.PHONE, phones.find)
    search.claim(Kind.ORDER_NUMBER, long_runs)
    search.claim(Kind.ORDER_NUMBER, codes)


@dataclass(slots=True)
class _Search:
    """What is left of a text: a stretch that is claimed or blanked is seen by no later finder."""

    left: str
    found: list[Found]

    def blank(self, intervals: Iterable[Interval]) -> None:
        for start, end in intervals:
            self.left = self.left[:start] + BLANK * (end - start) + self.left[end:]

    def claim(self, kind: Kind, finder: Callable[[str], Iterable[Interval]]) -> None:
        intervals = joined(finder(self.left))
        self.found += [Found(start, end, kind) for start, end in intervals]
        self.blank(intervals)

    def claim_known(self, known: Iterable[Found]) -> None:
        for one in known:
            if BLANK not in self.left[one.start : one.end]:
                self.found.append(one)
                self.blank([(one.start, one.end)])


def joined(intervals: Iterable[Interval]) -> list[Interval]:
    """In order, those that overlap made one."""
    found = sorted(intervals)
    if len(found) < 2:
        return found
    out = [found[0]]
    for start, end in found[1:]:
        if start < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out
