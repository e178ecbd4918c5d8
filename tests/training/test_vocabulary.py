"""One vocabulary, written twice: the serving tokenizer equals SentencePiece piece for piece."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import sentencepiece
from tokenizers import Tokenizer

from generation.prompt import symbols
from tests.models import OTHER_TEXTS, checkpoint, rows
from training.vocabulary import balanced, train_vocabulary

TEXTS = [
    *OTHER_TEXTS,
    *(row.text for row in rows()),
    "",
    "   ",
    "  zwei  Leerzeichen \t Tab \n Zeile ",
    "ＡＢＣ１２３ ﬁn ½ … № ﷺ",
    "😀👩‍👧🚚",
    "e\u0301te\u0301 Å",
    "never seen: Ωмега 한국어 ไทย",
    "\u200bzero\u200b width\ufeff",
]


def _tokenizer(folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


@pytest.mark.parametrize("text", TEXTS)
def test_serving_reads_a_text_as_sentencepiece_does(text: str) -> None:
    model = sentencepiece.SentencePieceProcessor(model_file=str(checkpoint() / "sentencepiece.model"))
    assert _tokenizer(checkpoint()).encode(text).ids == [0, *model.encode(text), 2]


def test_special_ids_are_those_of_xlm_r() -> None:
    tokenizer = _tokenizer(checkpoint())
    assert [tokenizer.token_to_id(token) for token in ("<s>", "<pad>", "</s>", "<unk>")] == [0, 1, 2, 3]


def test_nothing_is_unknown_since_bytes_step_in() -> None:
    ids = _tokenizer(checkpoint()).encode("한국어 ไทย 😀").ids
    assert 3 not in ids
    assert len(ids) > 20


def test_digits_are_never_joined() -> None:
    vocabulary = _tokenizer(checkpoint()).get_vocab()
    assert not [
        piece for piece in vocabulary if sum(character.isdigit() for character in piece) > 1 and "<0x" not in piece
    ]


@pytest.fixture(scope="module")
def verbatim(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    folder = tmp_path_factory.mktemp("verbatim")
    lines = [row.text for row in rows()] + list(OTHER_TEXTS)
    train_vocabulary(lines * 3, folder, size=512, symbols=symbols(), verbatim=True)
    return _tokenizer(folder)


def test_a_writers_vocabulary_keeps_its_symbols_whole(verbatim: Tokenizer) -> None:
    text = "<2de> refund_status<s>= <v0>=date<t><en> by <v15><v1>.<m> geld"
    tokens = verbatim.encode(text).tokens
    whole = ["<2de>", "<s>=", "<v0>", "<t>", "<en>", "<v15>", "<v1>", "<m>"]
    assert [token for token in tokens if token in symbols()] == whole
    assert tokens[-1] == "</s>"
    assert tokens[0] != "<s>"


@pytest.mark.parametrize(
    "text",
    [
        "Ｆｕｌｌ１２ ½ ﬁn … №",
        "zwei  Leerzeichen, 4,90\u00a0€ und\u202fschmal",
        "Zeile eins\nZeile zwei\tTab",
        "الطلب \u2068<v0>\u2069، شكرا!",
        "हिन्दी\u200d और क्‍ष 😀👩‍👧",
        "<v0>, <v1>: <v2>",
        "e\u0301te\u0301 Å \u2028 \u3000。",
    ],
)
def test_what_a_writer_reads_it_can_write_character_for_character(verbatim: Tokenizer, text: str) -> None:
    ids = verbatim.encode(text).ids[:-1]
    assert verbatim.decode(ids, skip_special_tokens=False) == text


def test_an_exponent_below_one_lifts_small_languages() -> None:
    # 100 and 4 rows: shares 10 : 2 with exponent 0.5.
    texts = {"en": [f"en {number}" for number in range(100)], "ja": [f"ja {number}" for number in range(4)], "xx": []}
    lines = balanced(texts, n_texts=120, exponent=0.5, seed=1)
    assert Counter(line[:2] for line in lines) == {"en": 100, "ja": 20}
    assert Counter(line[:2] for line in balanced(texts, n_texts=120, exponent=0.0, seed=1)) == {"en": 60, "ja": 60}
    assert lines == balanced(texts, n_texts=120, exponent=0.5, seed=1)
    assert lines != balanced(texts, n_texts=120, exponent=0.5, seed=2)


def test_even_the_smallest_language_has_a_line() -> None:
    texts = {"en": ["x"] * 10_000, "ja": ["y"]}
    assert balanced(texts, n_texts=50, exponent=1.0, seed=1).count("y") == 1


def test_a_size_that_the_texts_do_not_allow_is_refused_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"vocabulary_size: 5000 does not suit these texts: Vocabulary size too high"):
        train_vocabulary(["ein kurzer Text"] * 20, tmp_path, size=5000)
