"""Customer, contract, account, ticket and order numbers of any length, by the words before them.

`training.redaction.codes` finds long numbers by their look; here a cue makes a number of three digits one, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from training.redaction.number_cues import CUSTOMER_CUE, NEAR, ORDER_CUE, UNSPACED_CUSTOMER_CUE, UNSPACED_ORDER_CUE
from training.redaction.shapes import Interval

_VALUE = re.compile(
    rf"{NEAR}(?P<value>#?(?=[A-Za-z/_-]{{0,8}}\d)[A-Za-z0-9]+(?:[-/_.][A-Za-z0-9]+|[ ](?=\d{{2,}})\d+)*)(?![A-Za-z0-9])"
)
_HAS_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_FEWEST_DIGITS = 3


def customer_numbers(left: str, low: str) -> Iterator[Interval]:
    """Numbers of customers and of what they have with the shop; `low` is `left` in lower case."""
    yield from _behind(CUSTOMER_CUE, left, low)
    if _HAS_UNSPACED.search(left):
        yield from _behind(UNSPACED_CUSTOMER_CUE, left, low)


def order_numbers(left: str, low: str) -> Iterator[Interval]:
    """Numbers of orders, parcels, invoices; `low` is `left` in lower case."""
    yield from _behind(ORDER_CUE, left, low)
    if _HAS_UNSPACED.search(left):
        yield from _behind(UNSPACED_ORDER_CUE, left, low)


def _behind(cue: re.Pattern[str], left: str, low: str) -> Iterator[Interval]:
    for match in cue.finditer(low):
        value = _VALUE.match(left, match.end())
        if value and sum(map(str.isdigit, value["value"])) >= _FEWEST_DIGITS:
            yield value.span("value")
