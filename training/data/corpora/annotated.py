"""English sets with spans, several intents an utterance, or both: NLU++ banking, MultiDoGO, Presidio's personal data."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from training.data.corpora.files import checked_partition, document, table
from training.data.corpora.records import Spans, Utterance, intents_label

N_FOLDS = 20
MULTIDOGO_DOMAINS = ("airline", "fastfood", "media", "software")


def nlupp_banking(corpora_dir: Path, *, folds: Collection[int] = range(N_FOLDS)) -> list[Utterance]:
    """NLU++ utterances of the given folds (0 to 19), intents as `a+b`; a slot's value or an answer alone has no intent."""
    rows = []
    for fold in folds:
        for row in document(corpora_dir / "nlupp_banking" / "banking" / f"fold{fold}.json") or ():
            slots = row.get("slots", {}).items()
            spans = sorted((slot["span"][0], slot["span"][1], label) for label, slot in slots)
            rows.append(Utterance(row["text"], "en", intents_label(row.get("intents", [])), tuple(spans)))
    return rows


def multidogo(corpora_dir: Path, domain: str, partition: str) -> list[Utterance]:
    """MultiDoGO's customer turns of a domain and of `train` or `dev`: intents as `a+b`, neighbours of one label are a slot."""
    checked_partition(partition, ("train", "dev"))
    if domain not in MULTIDOGO_DOMAINS:
        raise ValueError(f"expected a domain of {', '.join(MULTIDOGO_DOMAINS)}, found {domain!r}: name one of them")
    rows = []
    for row in table(corpora_dir / "multidogo" / f"{domain}.{partition}.tsv.gz", delimiter="\t"):
        text = row["utterance"]
        if text.strip():
            spans = _runs(text, row["slot-labels"].split(" "))
            rows.append(Utterance(text, "en", intents_label(row["intent"].split("<div>")), spans))
    return rows


def pii_presidio(corpora_dir: Path) -> list[Utterance]:
    """Made-up sentences with the places of personal data, 17 kinds; they have no intents."""
    rows = []
    for row in document(corpora_dir / "pii_presidio" / "synth_dataset_v2.json.gz") or ():
        spans = sorted((span["start_position"], span["end_position"], span["entity_type"]) for span in row["spans"])
        rows.append(Utterance(row["full_text"], "en", "", tuple(spans)))
    return rows


def _runs(text: str, labels: list[str]) -> Spans:
    """Labels of words parted by one space each -> spans of words in a row with the same label; `O` is none.

    A line break between two spaces counts as a word in MultiDoGO; it begins and ends no span.
    """
    spans: list[tuple[int, int, str]] = []
    at, before = 0, "O"
    for word, label in zip(text.split(" "), labels, strict=True):
        end = at + len(word)
        if not word.strip():
            label = before if label == before else "O"
        elif label != "O" and label == before:
            spans[-1] = (spans[-1][0], end, label)
        elif label != "O":
            spans.append((at, end, label))
        at, before = end + 1, label
    return tuple(spans)
