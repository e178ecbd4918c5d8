"""The writer's training: a tiny mT5 learns to say its templates, sentinels copied, through CTranslate2."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from tokenizers import Tokenizer

from generation.checks import KnownNames, KnownValues, RequiredParts, WellFormed
from generation.placeholders import SENTINEL, protect, restore
from generation.prompt import Source, build_prompt, symbols
from generation.reply import ReplyRequest, ReplySource, ReplyWriter, WrittenBy
from generation.writer import Writer
from retrieval.templates import AnswerTemplate, read_templates
from store.status import Status
from tests.models import tiny_writer
from training.data.dataset import Example
from training.vocabulary import train_vocabulary
from training.writer.rows import RowSource
from training.writer.train import train_writer


def _template(id: str, intent: str, text: str, *questions: str) -> AnswerTemplate:
    placeholders = tuple(re.findall(r"\{(\w+)\}", text))
    return AnswerTemplate(id, id.split(".")[-2], intent, questions, text, placeholders, Status.APPROVED, "test")


TEMPLATES = [
    _template("refund.when.de.1", "refund_status", "Ihr Geld kommt bis {date}.", "wann kommt mein Geld"),
    _template("refund.when.en.1", "refund_status", "Your refund arrives by {date}.", "where is my refund"),
    _template("refund.when.ja.1", "refund_status", "返金は{date}までに届きます。", "返金はいつですか"),
    _template("return.how.de.1", "return_item", "Senden Sie es in 30 Tagen zurück: {url}", "Rückgabe?"),
    _template("return.how.en.1", "return_item", "Send it back within 30 days: {url}", "returns?"),
    _template("return.how.ja.1", "return_item", "30日以内に返送できます。{url}", "返品できますか"),
]
REPLIES = {"de": {"replies": {"utter_greet": ["Guten Tag!"]}}, "en": {"replies": {"utter_greet": ["Good day!"]}}}
EXAMPLES = [Example("hallo", "de", "greet", "plain", ()), Example("wo ist 48213", "de", "track_order", "plain", ())]


def _source(corpora_dir: Path, templates: list[AnswerTemplate] = TEMPLATES) -> RowSource:
    return RowSource(templates=templates, replies=REPLIES, examples=EXAMPLES, corpora_dir=corpora_dir)


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Writer:
    folder = tmp_path_factory.mktemp("writer")
    train_writer(
        tiny_writer(vocabulary_size=400, steps=800, learning_rate=2e-3, scrambled=0.0),
        templates=TEMPLATES,
        replies=REPLIES,
        examples=EXAMPLES,
        corpora_dir=folder / "nowhere",
        folder=folder / "writer",
        work_dir=folder / "work",
    )
    return Writer(folder / "writer", time_limit_s=60)


def test_it_says_each_template_in_its_language_with_its_sentinels(writer: Writer) -> None:
    for template in TEMPLATES:
        prompt = build_prompt(
            language=template.language,
            intent=template.intent,
            sources=[Source(template.language, template.text)],
            message=template.question_examples[0],
        )
        written = writer.write(prompt.text)
        assert written == protect([template.text]).texts[0]
        assert restore(written, prompt.sentinels) == template.text


def test_its_replies_pass_the_checks_and_go_out_with_their_values(writer: Writer) -> None:
    checks = [WellFormed(), KnownValues(), KnownNames(), RequiredParts()]
    replies = ReplyWriter(writer, checks, nearest_notice=lambda reply, answer: "")
    values = {"date": "12. November", "url": "https://agora.example/returns"}
    for template in TEMPLATES:
        source = ReplySource(template.id, template.language, template.text)
        message = template.question_examples[0]
        reply = replies.write(ReplyRequest(template.language, template.intent, message, (source,), values))
        assert reply is not None
        assert reply.written_by is WrittenBy.GENERATOR, reply.checks
        assert reply.text == template.text.format(**values)


# --- its vocabulary


def test_every_reply_and_template_of_our_own_survives_the_tokenizer(tmp_path: Path) -> None:
    texts = [template.text for template in read_templates(Path("data/templates").glob("*.jsonl"))]
    for path in sorted(Path("data/replies").glob("*.yml")):
        replies = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["replies"]
        texts += [variant for variants in replies.values() for variant in variants]
    protected = [protect([text]).texts[0] for text in texts]
    train_vocabulary(protected[::3], tmp_path, size=3000, symbols=symbols(), verbatim=True)
    tokenizer = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    for text, encoding in zip(protected, tokenizer.encode_batch(protected), strict=True):
        assert tokenizer.decode(encoding.ids[:-1], skip_special_tokens=False) == text
        assert SENTINEL.findall(text) == [token for token in encoding.tokens if SENTINEL.fullmatch(token)]
    assert len(texts) > 3000


# --- its rows


def _drawn(source: RowSource, n_rows: int = 800) -> Iterator[tuple[str, str]]:
    draw = random.Random(6)
    for _ in range(n_rows):
        row = source.draw(draw)
        yield row.prompt, row.reply


def test_a_row_asks_for_the_language_of_its_reply_and_shows_a_template_of_one_meaning(tmp_path: Path) -> None:
    known = {protect([template.text]).texts[0]: template for template in TEMPLATES}
    word_for_word, put_together = Counter[bool](), 0
    for prompt, reply in _drawn(_source(tmp_path)):
        target, source, shown = re.fullmatch(r"<2(\w\w)> .*?<t><(\w\w)> (.*?)<m> .*", prompt).groups()  # type: ignore[union-attr]
        if reply in ("Guten Tag!", "Good day!"):
            assert target == ("de" if reply == "Guten Tag!" else "en")
            continue
        if shown not in known:  # one or two texts put together, to be copied
            assert (shown, source) == (reply, target)
            put_together += 1
            continue
        # The sentinels of a row are numbered by the template that it shows.
        (meant,) = [one for text, one in known.items() if SENTINEL.sub("", text) == SENTINEL.sub("", reply)]
        (seen,) = [one for text, one in known.items() if text == shown]
        assert (meant.language, seen.language) == (target, source)
        assert meant.intent == seen.intent
        assert set(SENTINEL.findall(reply)) == set(SENTINEL.findall(shown))
        word_for_word[shown == reply] += 1
    assert 0.6 < word_for_word[True] / sum(word_for_word.values()) < 0.95
    assert 100 < put_together < 260


def test_rows_of_random_words_are_copied_and_shown_without_a_message(tmp_path: Path) -> None:
    source, draw = _source(tmp_path), random.Random(4)
    rows = [source.draw(draw, scrambled=1.0) for _ in range(50)]
    for row in rows:
        (shown,) = re.fullmatch(r"<2\w\w> .*?<t><\w\w> (.*?)<m> ", row.prompt).groups()  # type: ignore[union-attr]
        assert shown == row.reply
        assert 2 <= len(row.reply.split()) <= 8
    assert len({row.reply for row in rows}) > 40


def test_a_batch_holds_rows_of_about_one_length(tmp_path: Path) -> None:
    source, draw = _source(tmp_path), random.Random(4)
    spread = []
    for _ in range(20):
        lengths = [len(row.prompt) + len(row.reply) for row in source.batch(8, draw)]
        assert len(lengths) == 8
        spread.append(max(lengths) - min(lengths))
    everything = [len(row.prompt) + len(row.reply) for row in (source.draw(draw) for _ in range(200))]
    assert sum(spread) / len(spread) < (max(everything) - min(everything)) / 2


def test_a_value_inside_another_one_does_not_break_a_sentinel(tmp_path: Path) -> None:
    text = "Zwischen 1 und 14 Tagen, 114 Euro, {date1} oder {date}."
    rows = [reply for _, reply in _drawn(_source(tmp_path, [_template("x.y.de.1", "x", text, "?")]), 100)]
    whole = "Zwischen <v0> und <v1> Tagen, <v2> Euro, <v3> oder <v4>."
    assert whole in rows
    assert all(whole in row for row in rows if "Zwischen" in row)


def test_interface_strings_teach_copying_and_only_in_languages_it_writes(tmp_path: Path) -> None:
    lines = [{"en": "Save 3 items", "de": "3 Artikel sichern", "sv": "Spara"}, {"sv": "Bara", "da": "Kun"}]
    content = "".join(json.dumps({"texts": texts}) + "\n" for texts in lines)
    (tmp_path / "ui_parallel.jsonl.gz").write_bytes(gzip.compress(content.encode()))
    strings = ("Save <v0> items", "<v0> Artikel sichern")
    drawn = [(prompt, reply) for prompt, reply in _drawn(_source(tmp_path)) if reply in strings]
    assert 150 < len(drawn) < 330
    assert {prompt[:5] for prompt, _ in drawn} == {"<2en>", "<2de>"}
    assert "Spara" not in {text for texts in _source(tmp_path).texts().values() for text in texts}


def test_the_vocabulary_sees_all_texts_and_messages_by_language(tmp_path: Path) -> None:
    texts = _source(tmp_path).texts()
    assert set(texts) == {"de", "en", "ja"}
    assert {"Guten Tag!", "Ihr Geld kommt bis {date}.", "hallo", "Rückgabe?"} <= set(texts["de"])
    assert set(texts["ja"]) == {
        text for t in TEMPLATES if t.language == "ja" for text in (t.text, *t.question_examples)
    }
