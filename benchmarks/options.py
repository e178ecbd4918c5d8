"""The command line that the training benchmarks share, and where their figures go."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

ENCODER = Path("models/starter/encoder")
WORK_DIR = Path("var/benchmarks")


def percent(share: float) -> str:
    """`0.8549` -> `85.5`."""
    return f"{100 * share:.1f}"


def asked(
    doc: str,
    out: Path,
    given: Sequence[str] | None,
    *,
    encoder: Path = ENCODER,
    options: Sequence[str] = (),
    flags: Sequence[str] = (),
    repeated: Sequence[str] = (),
) -> argparse.Namespace:
    """`quick`, `out`, `corpora`, `encoder`, further `options` with a value, those given often (`repeated`: a list) and `flags`;
    a quick run never writes to `out`."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a few rows and steps; its figures say nothing")
    parser.add_argument("--out", type=Path, help=f"where the figures go (default: {out})")
    parser.add_argument("--corpora", type=Path, default=Path("../shared/data"), help="folder of the public sets")
    parser.add_argument("--encoder", type=Path, default=encoder, help="encoder whose architecture and words are used")
    for name in options:
        parser.add_argument(f"--{name}", default=None)
    for name in repeated:
        parser.add_argument(f"--{name}", action="append", default=[])
    for name in flags:
        parser.add_argument(f"--{name}", action="store_true")
    found = parser.parse_args(given)
    if found.quick and found.out is None:
        parser.error(f"--quick needs --out PATH: what it measures must not stand in {out}")
    found.out = found.out or out
    return found


def work_folder(quick: bool, folder: Path = WORK_DIR) -> Any:
    """Context with the folder to work in, or one that is gone afterwards."""
    return tempfile.TemporaryDirectory() if quick else nullcontext(str(folder))


def write(result: Mapping[str, Any], out: Path) -> None:
    """The figures as docs/results.md takes them."""
    out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")


def goal(
    name: str, figure: float, *, least: float | None = None, most: float | None = None, unit: str = "", digits: int = 1
) -> dict[str, Any]:
    """A goal as docs/results.md takes it: at `least` or at `most`, judged before rounding; a missed one is never rounded to it.

    >>> goal("x", 89.97, least=90, unit=" %")["figure"], goal("y", 2.01, most=2)["figure"]
    ('89.9 %', '2.1')
    """
    limit = least if least is not None else most
    if limit is None:
        raise ValueError("expected least or most, found neither")
    reached = figure >= limit if least is not None else figure <= limit
    step = 10**-digits
    missed = min(figure, limit - step) if least is not None else max(figure, limit + step)
    words = f"at {'least' if least is not None else 'most'} {limit:g}{unit}"
    return {
        "name": name,
        "goal": words,
        "figure": f"{figure if reached else missed:.{digits}f}{unit}",
        "reached": reached,
    }
