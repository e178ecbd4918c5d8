"""Questions and answers, on small files in each set's own format."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from training.data.corpora import (
    QuestionAnswer,
    QuestionPair,
    bitext_replies,
    covid_faq,
    covid_questions,
    dstc9_faq,
)


def test_bitext_replies_keep_their_placeholders(tmp_path: Path) -> None:
    (tmp_path / "bitext").mkdir()
    record = {"instruction": "Be kind.", "input": "cancel {{Order Number}}", "output": "See {{Website}}/orders"}
    (tmp_path / "bitext" / "replies.jsonl.gz").write_bytes(gzip.compress(json.dumps(record).encode()))
    assert bitext_replies(tmp_path) == [QuestionAnswer("cancel {{Order Number}}", "See {{Website}}/orders", "en")]


def test_snippets_name_their_domain_and_place(tmp_path: Path) -> None:
    (tmp_path / "dstc9_faq").mkdir()
    knowledge = {
        "hotel": {"0": {"name": "INN", "docs": {"0": {"title": "Pets?", "body": "No."}, "1": {"title": "Wifi?", "body": "Yes."}}}},
        "taxi": {"*": {"name": None, "docs": {"1": {"title": "Cash?", "body": "Yes."}}}},
    }  # fmt: skip
    (tmp_path / "dstc9_faq" / "knowledge.json.gz").write_bytes(gzip.compress(json.dumps(knowledge).encode()))
    assert dstc9_faq(tmp_path) == [
        QuestionAnswer("Pets?", "No.", "en", topic="hotel", subject="INN"),
        QuestionAnswer("Wifi?", "Yes.", "en", topic="hotel", subject="INN"),
        QuestionAnswer("Cash?", "Yes.", "en", topic="taxi"),
    ]


def test_agencies_pages_and_their_pairs_of_questions(tmp_path: Path) -> None:
    folder = tmp_path / "covid_faq"
    folder.mkdir()
    (folder / "faq_200327.tsv").write_text('question\tanswer\tsource\tlang\nCzy?\t"Tak,\nna pewno"\tGOV\tpl\n', "utf-8")
    header = "question_1,question_2,similar\n"
    (folder / "eval_question_similarity_en.csv").write_text(header + 'What?,"What, then?",1\nWhat?,Who?,0\n', "utf-8")
    (folder / "eval_question_similarity_de.csv").write_text(header + "Was?,Wer?,0\n", "utf-8")
    assert covid_faq(tmp_path) == [QuestionAnswer("Czy?", "Tak,\nna pewno", "pl", topic="GOV")]
    assert covid_questions(tmp_path) == [
        QuestionPair("Was?", "Wer?", "de", False),
        QuestionPair("What?", "What, then?", "en", True),
        QuestionPair("What?", "Who?", "en", False),
    ]
