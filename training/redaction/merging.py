"""What rules and a tagger found in one text -> one list without overlaps.

A rule with a check or a cue is surer of the kind; a tagger is surer of where a name or an address ends. So two of one
kind are joined, an address takes in the numbers that stand in it (a postcode looks like an order number), and of a tagged
stretch that meets anything else only what is left over counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from training.redaction.personal import Found, Kind
from training.redaction.shapes import Interval

_SWALLOWED = frozenset({Kind.ORDER_NUMBER, Kind.PHONE, Kind.CUSTOMER_NUMBER})
"""What an address may hold by mistake."""


def merged(first: Sequence[Found], second: Iterable[Found], *, out: Sequence[Interval] = ()) -> list[Found]:
    """`first` (no overlaps) with `second` added, in order; nothing of `second` that meets `out` is taken."""
    found = list(first)
    for one in second:
        if one.start >= one.end or any(one.start < end and start < one.end for start, end in out):
            continue
        met = [other for other in found if one.start < other.end and other.start < one.end]
        if not met:
            found.append(one)
            continue
        joined = [other for other in met if _takes_in(one, other)]
        start, end = (
            min(one.start, *(other.start for other in joined), one.start),
            max(one.end, *(other.end for other in joined), one.end),
        )
        found = [other for other in found if other not in joined]
        found += _left_over(Found(start, end, one.kind), [other for other in met if other not in joined])
    return sorted(found, key=lambda one: one.start)


def _takes_in(one: Found, other: Found) -> bool:
    if one.kind is other.kind:
        return True
    is_inside = one.start <= other.start and other.end <= one.end
    return is_inside and one.kind is Kind.ADDRESS and other.kind in _SWALLOWED


def _left_over(one: Found, others: Sequence[Found]) -> list[Found]:
    """The parts of a stretch that no other covers."""
    parts, at = [], one.start
    for other in sorted(others, key=lambda other: other.start):
        if other.start - at > 1:
            parts.append(Found(at, other.start, one.kind))
        at = max(at, other.end)
    return parts + ([Found(at, one.end, one.kind)] if one.end - at > 1 else [])
