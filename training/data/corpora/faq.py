"""Questions with answers: Bitext's replies, DSTC9's snippets, the health agencies' pages; and pairs of like questions."""

from __future__ import annotations

import json
from pathlib import Path

from training.data.corpora.files import document, lines, table
from training.data.corpora.records import QuestionAnswer, QuestionPair


def bitext_replies(corpora_dir: Path) -> list[QuestionAnswer]:
    """Customers' messages and agents' replies, English, with `{{placeholders}}` in both."""
    rows = (json.loads(line) for line in lines(corpora_dir / "bitext" / "replies.jsonl.gz"))
    return [QuestionAnswer(row["input"], row["output"], "en") for row in rows]


def dstc9_faq(corpora_dir: Path) -> list[QuestionAnswer]:
    """English snippets; `topic` is the domain (hotel, taxi), `subject` the place, empty where a domain is one subject."""
    knowledge = document(corpora_dir / "dstc9_faq" / "knowledge.json.gz") or {}
    return [
        QuestionAnswer(snippet["title"], snippet["body"], "en", topic=domain, subject=entity["name"] or "")
        for domain, entities in knowledge.items()
        for entity in entities.values()
        for snippet in entity["docs"].values()
    ]


def covid_faq(corpora_dir: Path) -> list[QuestionAnswer]:
    """Agencies' questions and answers in German, English, Polish, Italian, Swedish; `topic` is the agency (measure only)."""
    return [
        QuestionAnswer(row["question"], row["answer"], row["lang"], topic=row["source"])
        for row in table(corpora_dir / "covid_faq" / "faq_200327.tsv", delimiter="\t")
    ]


def covid_questions(corpora_dir: Path) -> list[QuestionPair]:
    """Pairs of German and of English questions that ask the same or not (measure only)."""
    return [
        QuestionPair(row["question_1"], row["question_2"], language, row["similar"] == "1")
        for language in ("de", "en")
        for row in table(corpora_dir / "covid_faq" / f"eval_question_similarity_{language}.csv")
    ]
