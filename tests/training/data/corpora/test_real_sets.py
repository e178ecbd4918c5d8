"""All readers on nothing, and on the real sets where they lie beside the project: their counts are those of data/README.md."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from training.data import corpora
from training.data.corpora.annotated import MULTIDOGO_DOMAINS
from training.data.corpora.records import Spans

SHARED = Path("../shared/data")
real = pytest.mark.skipif(
    not SHARED.exists(), reason="../shared/data is not here: the public sets lie beside the project"
)


def test_sets_that_are_not_there_are_empty(tmp_path: Path) -> None:
    for read in (
        corpora.parallel_interface, corpora.support_intents, corpora.tatoeba, corpora.banking77, corpora.banking77_categories,
        corpora.nlupp_banking, corpora.pii_presidio, corpora.bitext_replies, corpora.dstc9_faq, corpora.covid_faq,
        corpora.covid_questions, corpora.bcontrast, corpora.maia_chat, corpora.risawoz_fewshot,
    ):  # fmt: skip
        assert not read(tmp_path / "nowhere"), read.__name__  # type: ignore[operator]
    assert corpora.massive(tmp_path, "train") == {}
    assert corpora.bitext(tmp_path, "dev") == corpora.clinc150(tmp_path, "val") == []
    assert corpora.multidogo(tmp_path, "media", "dev") == []


@real
def test_massive_has_24_languages_and_every_row_in_all_of_them() -> None:
    rows = corpora.massive(SHARED, "dev")
    assert len(rows) == 2033
    assert {len({row.language for row in group}) for group in rows.values()} == {24}
    _assert_whole((row.text, row.spans) for group in rows.values() for row in group)


@real
def test_english_utterances_are_all_there_and_their_spans_hold() -> None:
    assert {name: len(rows) for name, rows in corpora.support_intents(SHARED).items()} == {
        "bitext": 6480, "banking77": 10003, "clinc150": 15100,
    }  # fmt: skip
    assert [len(corpora.clinc150(SHARED, name)) for name in ("val", "oos_val")] == [3000, 100]
    assert {row.label for row in corpora.banking77(SHARED)} == set(corpora.banking77_categories(SHARED))
    nlupp, personal = corpora.nlupp_banking(SHARED), corpora.pii_presidio(SHARED)
    assert (len(nlupp), sum("+" in row.label for row in nlupp)) == (2071, 1438)
    assert (len(personal), len({label for row in personal for *_, label in row.spans})) == (1500, 17)
    turns = [row for domain in MULTIDOGO_DOMAINS for row in corpora.multidogo(SHARED, domain, "train")]
    assert len(turns) == 52616
    bitext = [*corpora.bitext(SHARED, "train"), *corpora.bitext(SHARED, "dev")]
    assert len(bitext) == 7290
    _assert_whole((row.text, row.spans) for row in [*nlupp, *personal, *turns, *bitext])


@real
def test_questions_with_answers_and_pairs_are_all_there() -> None:
    sets = (corpora.bitext_replies(SHARED), corpora.dstc9_faq(SHARED), corpora.covid_faq(SHARED))
    assert [len(rows) for rows in sets] == [1344, 12039, 896]
    assert all(row.question and row.answer for rows in sets for row in rows)
    pairs = corpora.covid_questions(SHARED)
    assert (len(pairs), sum(pair.same for pair in pairs)) == (1112, 556)
    sentences = corpora.tatoeba(SHARED)
    assert (len(sentences), sum(map(len, sentences.values()))) == (23, 21684)
    assert 8000 < len(corpora.parallel_interface(SHARED)) <= 9110


@real
def test_conversations_are_all_there() -> None:
    assert len(corpora.bcontrast(SHARED)) == 550
    chats = corpora.maia_chat(SHARED)
    assert {name: len(found) for name, found in chats.items()} == {"de": 493, "fr": 264, "nl": 595, "pt": 435}
    turns = [turn for found in chats.values() for chat in found for turn in chat.turns]
    assert len(turns) == 63386
    assert {turn.role for turn in turns} == {"customer", "agent"}
    mixed = corpora.risawoz_fewshot(SHARED)
    assert {name: len(found) for name, found in mixed.items()} == dict.fromkeys(
        ("en", "enhi", "fr", "hi", "ko", "zh"), 100
    )
    said = [turn for found in mixed.values() for one in found for turn in one.turns]
    assert len(said) == 2 * 6 * 659
    _assert_whole((turn.text, turn.spans) for turn in said)


def _assert_whole(rows: Iterable[tuple[str, Spans]]) -> None:
    """Spans lie in their text, in order, apart, and on words."""
    for text, spans in rows:
        last = 0
        for start, end, label in spans:
            assert last <= start < end <= len(text), (text, spans)
            assert text[start:end].strip(), (text, label)
            last = end
