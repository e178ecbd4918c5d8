"""Where personal data stands in a text: e-mail addresses, telephone, card and account numbers, order numbers.

Shapes only, in any script: digits of every script and full-width characters count as plain ones. In doubt a number is
taken for personal: five digits in a row are masked unless they are an amount or a date. Names and postal addresses have
no shape and are not found here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from training.logs.accounts import cards, emails, ibans
from training.logs.codes import codes, dates, links, long_runs, numbers_in_links, phones, spaced_codes
from training.logs.shapes import Interval, plain


class Kind(str, Enum):
    """What a stretch is. `ORDER_NUMBER` also stands for other long numbers and codes: parcels, customers, invoices."""

    EMAIL = "email"
    PHONE = "phone"
    CARD = "card"
    IBAN = "iban"
    ORDER_NUMBER = "order_number"


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of personal data: characters, end exclusive."""

    start: int
    end: int
    kind: Kind


_BLANK = "\ue000"


def find(
    text: str, *, public: Sequence[Interval] = (), known: Sequence[Found] = (), kept: Sequence[Interval] = ()
) -> list[Found]:
    """Personal data in the order of the text, nothing overlapping.

    Args:
        text: as written.
        public: stretches that are nobody's secret, such as the shop's own address: never found.
        known: stretches that are known to be personal whatever their shape.
        kept: stretches that are known to be no telephone or order number, such as a product.
    """
    search = _Search(plain(text), [])
    search.blank(public)
    search.claim(Kind.EMAIL, emails)
    search.claim(Kind.IBAN, ibans)
    search.claim(Kind.CARD, cards)
    search.claim_known(known)
    search.blank(kept)
    search.claim(Kind.ORDER_NUMBER, numbers_in_links)
    search.blank(links(search.left))
    search.blank(dates(search.left))
    search.claim(Kind.ORDER_NUMBER, spaced_codes)
    search.claim(Kind.PHONE, phones)
    search.claim(Kind.ORDER_NUMBER, long_runs)
    search.claim(Kind.ORDER_NUMBER, codes)
    return sorted(search.found, key=lambda one: one.start)


@dataclass(slots=True)
class _Search:
    """What is left of a text: a stretch that is claimed or blanked is seen by no later finder."""

    left: str
    found: list[Found]

    def blank(self, intervals: Iterable[Interval]) -> None:
        for start, end in intervals:
            self.left = self.left[:start] + _BLANK * (end - start) + self.left[end:]

    def claim(self, kind: Kind, finder: Callable[[str], Iterable[Interval]]) -> None:
        intervals = list(finder(self.left))
        self.found += [Found(start, end, kind) for start, end in intervals]
        self.blank(intervals)

    def claim_known(self, known: Iterable[Found]) -> None:
        for one in known:
            if _BLANK not in self.left[one.start : one.end]:
                self.found.append(one)
                self.blank([(one.start, one.end)])
