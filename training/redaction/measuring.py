"""How much of what is personal redaction finds, and how much that is not: recall and precision by kind, false hits by words.

Recall asks whether nothing of a value is left to read: every letter and digit of it must be covered, whatever it was taken
for. Precision of a kind asks whether what was taken for it touches a value of that kind. A false hit touches no value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from training.logs.courtesies import n_words
from training.redaction.personal import Found, Kind

Span = tuple[int, int, Kind]
Finds = Callable[[Sequence[str]], "list[list[Found]]"]
_ALIKE = frozenset({Kind.ORDER_NUMBER, Kind.CUSTOMER_NUMBER, Kind.NATIONAL_ID, Kind.PHONE})
"""Numbers that only their cue tells apart: one taken for another counts as right."""
N_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with its personal values (start, end, kind), and stretches (start, end) that may be found or not."""

    text: str
    language: str
    spans: tuple[Span, ...]
    either: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class Counts:
    """What was there and what was found, by kind; words and hits that touch nothing personal."""

    n_there: Counter[Kind] = field(default_factory=Counter)
    n_covered: Counter[Kind] = field(default_factory=Counter)
    n_taken: Counter[Kind] = field(default_factory=Counter)
    n_right: Counter[Kind] = field(default_factory=Counter)
    n_false: int = 0
    n_words: int = 0

    def recall(self, kinds: Iterable[Kind]) -> float | None:
        """Share of the values that nothing is left of, in [0, 1]; None where there was none."""
        return _share(self.n_covered, self.n_there, kinds)

    def precision(self, kinds: Iterable[Kind]) -> float | None:
        """Share of what was taken for these kinds that touches a value of them, in [0, 1]; None where nothing was."""
        return _share(self.n_right, self.n_taken, kinds)

    @property
    def false_per_thousand(self) -> float:
        """False hits per 1,000 words."""
        return 1000 * self.n_false / self.n_words if self.n_words else 0.0

    def add(self, other: Counts) -> None:
        """Put another's counts to these."""
        for name in ("n_there", "n_covered", "n_taken", "n_right"):
            getattr(self, name).update(getattr(other, name))
        self.n_false += other.n_false
        self.n_words += other.n_words


def measure(rows: Sequence[Marked], finds: Finds) -> dict[str, Counts]:
    """Counts by language, in the order of the rows."""
    found: dict[str, Counts] = {}
    for at in range(0, len(rows), N_AT_ONCE):
        chunk = rows[at : at + N_AT_ONCE]
        for row, hits in zip(chunk, finds([one.text for one in chunk]), strict=True):
            found.setdefault(row.language, Counts()).add(compared(row, hits))
    return found


def compared(row: Marked, hits: Sequence[Found]) -> Counts:
    """Counts of one text.

    >>> counts = compared(Marked("call Ann Lee", "en", ((5, 12, Kind.NAME),)), [Found(5, 8, Kind.NAME)])
    >>> counts.recall([Kind.NAME]), counts.precision([Kind.NAME]), counts.n_false
    (0.0, 1.0, 0)
    """
    counts = Counts(n_words=n_words(row.text))
    covered = {at for hit in hits for at in range(hit.start, hit.end)}
    for start, end, kind in row.spans:
        counts.n_there[kind] += 1
        counts.n_covered[kind] += all(at in covered for at in range(start, end) if row.text[at].isalnum())
    for hit in hits:
        touched = {kind for start, end, kind in row.spans if start < hit.end and hit.start < end}
        is_free = any(start < hit.end and hit.start < end for start, end in row.either)
        if touched or not is_free:
            counts.n_taken[hit.kind] += 1
            counts.n_right[hit.kind] += hit.kind in touched or (hit.kind in _ALIKE and bool(touched & _ALIKE))
        counts.n_false += not touched and not is_free
    return counts


def _share(some: Counter[Kind], all_: Counter[Kind], kinds: Iterable[Kind]) -> float | None:
    wanted = list(kinds)
    total = sum(all_[kind] for kind in wanted)
    return sum(some[kind] for kind in wanted) / total if total else None
