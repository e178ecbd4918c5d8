"""What redaction finds and what it takes for personal that is not: by kind and language, on three sets with known values.

    uv run python -m benchmarks.redaction                        # 5 minutes on two cores
    uv run python -m benchmarks.redaction --quick --out PATH     # a few rows, to see that it runs

1. `tests/data/personal`: our own messages of fourteen languages, other ones than the tagger learnt from, filled by country.
2. Real support chats (MAIA, de fr nl pt with en): the marks of their anonymiser filled with values of the country. Measured on
   only; amounts, sizes and the like stand behind the same mark as order numbers, so bare numbers count neither way. The
   company's own name is told to the redaction.
3. Microsoft Presidio's synthetic English sentences.

And the speed: messages of real chats a second on two processes, with the tagger and by rules alone.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.options import asked, goal, percent, write
from training.logs.dialogues import Dialogue, Role, Turn
from training.redaction.filling import Filler, read_messages
from training.redaction.measuring import Counts, Marked, measure
from training.redaction.personal import Kind
from training.redaction.redactor import Redactor
from training.redaction.tagger import PersonalTagger
from training.redaction.values import Facts

TAGGER = Path("models/starter/personal")
SECRET = bytes(32)
SEED = 2026
FORMED = (
    Kind.EMAIL, Kind.PHONE, Kind.CARD, Kind.IBAN, Kind.NATIONAL_ID, Kind.ORDER_NUMBER, Kind.CUSTOMER_NUMBER,
    Kind.IP_ADDRESS, Kind.URL, Kind.PASSWORD,
)  # fmt: skip
FORMLESS = (Kind.NAME, Kind.ADDRESS)
N_FILLINGS = 3
N_CHATS = 1500
"""Chat messages of each language with a mark, and as many without."""
N_TIMED = 20_000
MOST_FALSE = 2.0
LEAST_A_SECOND = {"with the tagger": 1000, "by rules alone": 5000}
_MARK = re.compile(r"#([A-Z_]+)(?:-\d+)?#")
_SLOT_OF_MARK = {
    "NAME": "{name}", "EMAIL": "{email}", "ADDRESS": "{address}", "PHONENUMBER": "{phone}", "PHONE_NUMBER": "{phone}",
    "ALPHANUMERIC_ID": "{order_number}", "IBAN": "{iban}", "IP": "{ip}", "PASSWORD": "{password}", "PRS_ORG": "{company}",
}  # fmt: skip
_FREE = {"NUMBER": "{n}", "DEVICEID": "{n}", "URL": "{u}", "CLIENT": "{c}"}
SHOP = "Velmora"
"""The company whose logs they are: told to the redaction as its own name (`xenia ingest --own`)."""
_PRESIDIO = {
    "PERSON": Kind.NAME, "STREET_ADDRESS": Kind.ADDRESS, "CREDIT_CARD": Kind.CARD, "PHONE_NUMBER": Kind.PHONE,
    "EMAIL_ADDRESS": Kind.EMAIL, "IBAN_CODE": Kind.IBAN, "US_SSN": Kind.NATIONAL_ID, "IP_ADDRESS": Kind.IP_ADDRESS,
    "US_DRIVER_LICENSE": Kind.NATIONAL_ID,
}  # fmt: skip
_PRESIDIO_FREE = ("ZIP_CODE", "DOMAIN_NAME", "TITLE", "GPE")


def own_rows(folder: Path, *, n_fillings: int = N_FILLINGS) -> list[Marked]:
    """The held-out messages, each filled several times; a postcode alone may be found or not."""
    rows = []
    for path in sorted(folder.glob("*.txt")):
        filler = Filler(path.stem, seed=SEED, held_out=True)
        for message in read_messages(path):
            alone = "{postcode}" in message and "{city}" not in message and "{street}" not in message
            for _ in range(n_fillings):
                filled = filler.fill(message)
                spans = filled.spans
                either = tuple((start, end) for start, end, kind in spans if alone and kind is Kind.ADDRESS)
                kept = tuple(span for span in spans if (span[0], span[1]) not in either)
                rows.append(Marked(filled.text, path.stem, kept, either))
    return rows


def chat_messages(corpora: Path) -> Iterator[tuple[str, str]]:
    """(language, text) of every message of the chats, with its anonymiser's marks."""
    for path in sorted((corpora / "maia_chat").glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row["source_language"].split("-")[0][:2], row["source"]


def chat_rows(corpora: Path, *, n_each: int = N_CHATS) -> list[Marked]:
    """Chat messages with filled marks; those without any show false hits."""
    with_marks: dict[str, list[str]] = {}
    without: dict[str, list[str]] = {}
    for language, text in dict.fromkeys(chat_messages(corpora)):
        (with_marks if _MARK.search(text) else without).setdefault(language, []).append(text)
    rows = []
    for language in sorted(with_marks):
        draw, filler = random.Random(f"{SEED}:{language}"), Filler(language, seed=SEED, held_out=True)
        for texts in (with_marks[language], without.get(language, [])):
            for text in draw.sample(texts, min(n_each, len(texts))):
                if (row := _filled_chat(text, language, filler, draw)) is not None:
                    rows.append(row)
    return rows


def _filled_chat(text: str, language: str, filler: Filler, draw: random.Random) -> Marked | None:
    names = {match[1].rstrip("-") for match in _MARK.finditer(text)}
    if not names <= set(_SLOT_OF_MARK) | set(_FREE) or "{" in text or "](" in text:
        return None
    number = str(draw.randrange(1000, 10**7))
    free = {"{n}": number, "{u}": "https://www.shop.example/help", "{c}": SHOP}
    message = _MARK.sub(lambda match: (_SLOT_OF_MARK | _FREE)[match[1].rstrip("-")], text)
    for slot, value in free.items():
        message = message.replace(slot, value)
    filled = filler.fill(message)
    either = [match.span() for match in re.finditer(re.escape(number), filled.text)]
    return Marked(filled.text, language, filled.spans, tuple(either))


def presidio_rows(corpora: Path) -> list[Marked]:
    """The synthetic sentences; towns, titles, bare domains and postcodes may be found or not."""
    with gzip.open(corpora / "pii_presidio" / "synth_dataset_v2.json.gz", "rt", encoding="utf-8") as file:
        records = json.load(file)
    rows = []
    for record in records:
        spans = [(one["start_position"], one["end_position"], one["entity_type"]) for one in record["spans"]]
        kept = tuple((start, end, _PRESIDIO[kind]) for start, end, kind in spans if kind in _PRESIDIO)
        either = tuple((start, end) for start, end, kind in spans if kind in _PRESIDIO_FREE)
        rows.append(Marked(record["full_text"], "en", kept, either))
    return rows


def figures(found: Mapping[str, Counts], title: str, note: str) -> dict[str, Any]:
    """A table by language, the mean of all below."""
    total = Counts()
    for counts in found.values():
        total.add(counts)
    rows = [[language, *_cells(counts)] for language, counts in found.items()]
    columns = [
        "recall with a form %",
        "names, recall %",
        "addresses, recall %",
        "precision %",
        "false hits / 1,000 words",
        "words",
    ]
    return {"title": title, "columns": ["language", *columns], "rows": [*rows, ["all", *_cells(total)]], "note": note}


def by_kind(found: Mapping[str, Counts], title: str) -> dict[str, Any]:
    """Recall and precision of each kind, over all languages."""
    total = Counts()
    for counts in found.values():
        total.add(counts)
    rows = [
        [kind.value, str(total.n_there[kind]), _shown(total.recall([kind])), _shown(total.precision([kind]))]
        for kind in (*FORMED, *FORMLESS)
    ]
    return {"title": title, "columns": ["kind", "values", "recall %", "precision %"], "rows": rows}


def goals(found: Mapping[str, Counts], per_second: Sequence[float]) -> list[dict[str, Any]]:
    """What was aimed at on our own held-out messages, and in speed (with the tagger, by rules)."""
    total = Counts()
    for counts in found.values():
        total.add(counts)
    shares = (("what has a form", FORMED, 98), ("names and addresses", FORMLESS, 90))
    recalls = [
        goal(f"redaction, recall of {name}", 100 * (total.recall(kinds) or 0.0), least=least, unit=" %")
        for name, kinds, least in shares
    ]
    false = goal("redaction, false hits", total.false_per_thousand, most=MOST_FALSE, unit=" in 1,000 words")
    speed = [
        goal(f"redaction, messages a second {name}", rate, least=least, digits=0)
        for (name, least), rate in zip(LEAST_A_SECOND.items(), per_second, strict=True)
    ]
    return [*recalls, false, *speed]


def _cells(counts: Counts) -> list[str]:
    return [
        _shown(counts.recall(FORMED)),
        _shown(counts.recall([Kind.NAME])),
        _shown(counts.recall([Kind.ADDRESS])),
        _shown(counts.precision([*FORMED, *FORMLESS])),
        f"{counts.false_per_thousand:.1f}",
        str(counts.n_words),
    ]


def _shown(share: float | None) -> str:
    return "–" if share is None else percent(share)


_redactor: list[Redactor] = []


def _start(with_tagger: bool) -> None:
    _redactor[:] = [Redactor(SECRET, tagger=PersonalTagger(TAGGER) if with_tagger else None)]


def _redact(texts: Sequence[str]) -> int:
    dialogues = [
        Dialogue(f"{at}", None, None, None, None, (), tuple(Turn(Role.CUSTOMER, text) for text in texts[at : at + 20]))
        for at in range(0, len(texts), 20)
    ]
    return sum(len(one.dialogue.turns) for one in _redactor[0].redact(dialogues))


def messages_a_second(texts: Sequence[str], *, with_tagger: bool, n_processes: int) -> float:
    """Redacted messages a second in processes that have loaded their models."""
    chunks = [texts[at : at + 500] for at in range(0, len(texts), 500)]
    with ProcessPoolExecutor(
        n_processes, mp_context=get_context("spawn"), initializer=_start, initargs=(with_tagger,)
    ) as pool:
        list(pool.map(_redact, [texts[:40]] * n_processes * 4))
        began = time.monotonic()
        n_done = sum(pool.map(_redact, chunks))
        return n_done / (time.monotonic() - began)


def main(given: Sequence[str] | None = None) -> int:
    """Measure and time, write the figures."""
    options = asked(__doc__ or "", Path("benchmarks/redaction.json"), given)
    n_fillings, n_each, n_timed = (1, 10, 200) if options.quick else (N_FILLINGS, N_CHATS, N_TIMED)
    tagger = PersonalTagger(TAGGER, n_threads=os.cpu_count() or 1)
    finds = Redactor(SECRET, tagger=tagger, facts=Facts({"own": SHOP})).find
    own = measure(own_rows(Path("tests/data/personal"), n_fillings=n_fillings), finds)
    chats = measure(chat_rows(options.corpora, n_each=n_each), finds)
    sentences = presidio_rows(options.corpora)
    presidio = measure(sentences[:50] if options.quick else sentences, finds)
    texts = [_MARK.sub("48213", text) for _, text in chat_messages(options.corpora)]
    texts = random.Random(SEED).sample(texts, n_timed)
    rates = [
        messages_a_second(texts, with_tagger=with_tagger, n_processes=os.cpu_count() or 1)
        for with_tagger in (True, False)
    ]
    speed = [
        [name, f"{int(rate)}", f"{goal}"] for (name, goal), rate in zip(LEAST_A_SECOND.items(), rates, strict=True)
    ]
    write(
        {
            "title": "Redaction",
            "command": "uv run python -m benchmarks.redaction",
            "tables": [
                figures(
                    own,
                    "Own held-out messages, filled by country",
                    "tests/data/personal; goals: 98 % of what has a form, 90 % of names and addresses, 2 false hits.",
                ),
                by_kind(own, "The same by kind"),
                figures(
                    chats,
                    "Real support chats, filled marks",
                    "MAIA (CC BY-NC 4.0): measured on only. The company's own name is told, as with `xenia ingest --own`.",
                ),
                figures(
                    presidio,
                    "Presidio's synthetic sentences",
                    "Addresses of all countries in English sentences, over several lines; no support messages.",
                ),
                {"title": "Speed on two cores", "columns": ["redaction", "messages/s", "goal"], "rows": speed},
            ],
            "goals": [] if options.quick else goals(own, rates),
        },
        options.out,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
