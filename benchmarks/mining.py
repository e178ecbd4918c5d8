"""Real support chats -> mined templates: how many questions kept aside find an answer that fits what the agent really said.

    uv run python -m benchmarks.mining                        # 3 minutes on two cores
    uv run python -m benchmarks.mining --quick --out PATH     # a few dialogues, to see that it runs

MAIA's chats (CC BY-NC 4.0, measured on only) go the whole way: ingest, then for each company by itself mine and retrieve.
Every fifth dialogue of a company is kept aside. A question of those counts where its answer has a part that can be said to
everybody. A template fits where its vector's cosine with that part is at least 0.6; how often a template drawn at random
fits stands beside it. A sample of 50 is written to var/benchmarks/mining_sample.md for a person to judge.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.engine import Engine

from benchmarks.options import WORK_DIR, asked, percent, write
from nlu.parser import Parser
from retrieval.encoder import SentenceEncoder
from retrieval.index import TemplateIndex
from retrieval.templates import PLACEHOLDER, AnswerTemplate
from store.schema import migrate
from store.sessions import engine, session_scope
from store.status import Status
from training.ingest.mapping import columns_of
from training.ingest.prepare import Preparing
from training.ingest.run import Source, ingest
from training.logs.stored import read_stored
from training.mining.answers import Candidate, candidate_of
from training.mining.cases import Case, cases_of
from training.mining.mined import MinedNeed, MiningReport, MiningSettings, needs_of

FILES = ("en-de", "en-fr", "en-nl", "en-pt")
COLUMNS = ("conversation=doc_id", "text=source", "role=sender", "language=source_language", "tags=client_id")
EVERY = 5
FITS = 0.6
SEED = 2026
N_SAMPLE = 50
STARTER = Path("models/starter")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question kept aside, the general part of what was really said, and what was found for it, best first.

    `opens` says whether it is the first one of its dialogue: later ones often say little without what was said before.
    """

    case: Case
    opens: bool
    said: str
    found: tuple[AnswerTemplate, ...]
    cosines: tuple[float, ...]

    def fits(self, k: int) -> bool:
        """Whether one of the first `k` says much the same as the agent."""
        return any(cosine >= FITS for cosine in self.cosines[:k])


def ingested(corpora: Path, folder: Path, *, files: Sequence[str] = FILES) -> Engine:
    """A database with the chats, redacted and cleaned."""
    database = engine(f"sqlite:///{folder / 'maia.db'}")
    migrate(database)
    preparing = Preparing(secret=bytes(32), namespace="", language_dir=STARTER / "language")
    for name in files:
        source = Source(str(corpora / "maia_chat" / f"{name}.csv.gz"), columns=columns_of(COLUMNS), name=name)
        ingest(source, engine=database, preparing=preparing, n_processes=os.cpu_count() or 1)
    return database


def split(database: Engine, *, at_most: int | None = None) -> tuple[list[Case], list[Case]]:
    """Cases to mine from, and those of every fifth dialogue of each company."""
    n_of: dict[str, int] = {}
    mined, aside = [], []
    with session_scope(database) as session:
        for number, stored in enumerate(read_stored(session)):
            if at_most is not None and number >= at_most:
                break
            company = next(iter(stored.dialogue.tags), "")
            n_of[company] = n_of.get(company, 0) + 1
            (aside if n_of[company] % EVERY == 0 else mined).extend(cases_of([stored]))
    return mined, aside


def templates_of(needs: Sequence[MinedNeed]) -> list[AnswerTemplate]:
    """Mined templates as an index takes them."""
    return [
        AnswerTemplate(
            id=f"need{number}.{language or 'xx'}.{place}",
            language=language,
            intent=need.intent or need.suggested_intent or "",
            question_examples=tuple(dict.fromkeys([*(one.case.question for one in variant.members), *need.questions]))[
                :12
            ],
            text=variant.text,
            placeholders=tuple(dict.fromkeys(PLACEHOLDER.findall(variant.text))),
            status=Status.MINED,
            source="logs",
        )
        for number, need in enumerate(needs)
        for language, variants in need.variants.items()
        for place, variant in enumerate(variants)
    ]


def answered(aside: Sequence[Case], templates: Sequence[AnswerTemplate], encoder: SentenceEncoder) -> list[Asked]:
    """The five nearest templates of each question whose answer has a general part."""
    index = TemplateIndex(encoder.dim)
    index.add(templates, encoder)
    vector_of = dict(zip((one.id for one in templates), encoder.encode([one.text for one in templates]), strict=True))
    general = [(case, made) for case in aside if isinstance(made := candidate_of(case), Candidate)]
    questions = encoder.encode([case.question for case, _ in general])
    said = encoder.encode([made.text for _, made in general])
    first: dict[int, Case] = {}
    for case in aside:
        first.setdefault(case.conversation_id, case)
    rows = []
    for (case, made), question, vector in zip(general, questions, said, strict=True):
        found = tuple(near.template for near in index.search(question)[:5])
        opens = first[case.conversation_id] is case
        rows.append(Asked(case, opens, made.text, found, tuple(float(vector @ vector_of[one.id]) for one in found)))
    return rows


def by_chance(rows: Sequence[Asked], templates: Sequence[AnswerTemplate], encoder: SentenceEncoder) -> float:
    """How often a template drawn at random fits."""
    draw = random.Random(SEED)
    drawn: NDArray[Any] = encoder.encode([draw.choice(templates).text for _ in rows])
    said: NDArray[Any] = encoder.encode([row.said for row in rows])
    return float(np.mean(np.einsum("nd,nd->n", drawn, said) >= FITS))


def add(total: MiningReport, one: MiningReport) -> None:
    """Counts of one company's mining to those of all."""
    for name in ("n_cases", "n_clustered", "n_candidates", "n_needs", "n_templates"):
        setattr(total, name, getattr(total, name) + getattr(one, name))


def write_sample(rows: Sequence[Asked], path: Path) -> None:
    """Fifty drawn rows for a person to read: question, what was said, what was found."""
    lines = ["# Fifty questions kept aside: what the agent said, and the template that was found"]
    for number, row in enumerate(random.Random(SEED).sample(list(rows), min(N_SAMPLE, len(rows))), 1):
        found = row.found[0].text if row.found else "nothing"
        lines += ["", f"{number}. Q: {row.case.question}", f"   said: {row.said}", f"   found: {found}"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def tables(rows: Sequence[Asked], report: MiningReport, chance: float, n_all: int) -> list[dict[str, Any]]:
    """What was mined, and recall by company."""
    companies: dict[str, list[Asked]] = {}
    for row in rows:
        companies.setdefault(next(iter(row.case.tags), "?"), []).append(row)
    opening = [row for row in rows if row.opens]
    shown = [
        [name.strip("#"), str(len(of)), *(percent(sum(one.fits(k) for one in of) / max(1, len(of))) for k in (1, 5))]
        for name, of in [*sorted(companies.items()), ("all", list(rows)), ("first of a dialogue", opening)]
    ]
    mined = [
        ["conversations mined", str(report.n_conversations)],
        ["answered questions in them", str(report.n_cases)],
        ["answers that can be said to everybody", str(report.n_candidates)],
        ["needs", str(report.n_needs)],
        ["templates to review", str(report.n_templates)],
        ["answered questions kept aside", str(n_all)],
        ["of them with a part that can be said to everybody", str(len(rows))],
    ]
    return [
        {"title": "Mined from real chats", "columns": ["what", "count"], "rows": mined},
        {
            "title": "Questions kept aside that find an answer that fits",
            "columns": ["company", "questions", "recall@1 %", "recall@5 %"],
            "rows": shown,
            "note": f"Fits: cosine of at least {FITS} with what the agent really said, by the served encoder. A template drawn "
            f"at random fits in {percent(chance)} %.",
        },
    ]


def main(given: Sequence[str] | None = None) -> int:
    """Ingest, mine, retrieve; write figures and sample."""
    options = asked(__doc__ or "", Path("benchmarks/mining.json"), given)
    encoder = SentenceEncoder(STARTER / "retrieval", n_threads=os.cpu_count() or 1)
    parse = Parser(STARTER / "nlu", n_threads=os.cpu_count() or 1).parse
    with tempfile.TemporaryDirectory() as folder:
        database = ingested(options.corpora, Path(folder), files=FILES[:1] if options.quick else FILES)
        mined, aside = split(database, at_most=60 if options.quick else None)
        database.dispose()
    report, rows, n_fitting = MiningReport(), [], 0.0
    report.n_conversations = len({case.conversation_id for case in mined})
    for company in sorted({case.tags[:1] for case in mined}):
        own = MiningReport()
        ours = [case for case in mined if case.tags[:1] == company]
        needs = needs_of(ours, encoder=encoder, parse=parse, settings=MiningSettings(), report=own)
        add(report, own)
        if templates := templates_of(needs):
            found = answered([case for case in aside if case.tags[:1] == company], templates, encoder)
            n_fitting += by_chance(found, templates, encoder) * len(found) if found else 0.0
            rows += found
    if not rows:
        raise ValueError("expected mined templates and questions kept aside, found none: too few dialogues")
    write_sample(rows, options.out.parent / "mining_sample.md" if options.quick else WORK_DIR / "mining_sample.md")
    write(
        {
            "title": "Mining real support chats",
            "command": "uv run python -m benchmarks.mining",
            "tables": tables(rows, report, n_fitting / len(rows), len(aside)),
        },
        options.out,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
