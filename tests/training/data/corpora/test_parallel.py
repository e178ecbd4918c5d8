"""Sets whose rows are parallel, on small files in each set's own format."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from training.data.corpora import ParallelText, Utterance, massive, parallel_interface, slots_of, tatoeba


def _json_lines(path: Path, *records: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_bytes(gzip.compress(text.encode("utf-8")))


def _massive_row(
    id: str, locale: str, annotated: str, partition: str = "train", intent: str = "alarm_set"
) -> dict[str, str]:
    return {"id": id, "locale": locale, "partition": partition, "intent": intent, "annot_utt": annotated}


@pytest.mark.parametrize(
    ("annotated", "text", "spans"),
    [
        ("guten morgen", "guten morgen", ()),
        ("weck mich am [date : freitag] um [time : neun]", "weck mich am freitag um neun", ((13, 20, "date"), (24, 28, "time"))),
        ("[date : 今日][time : 九時]に起こして", "今日九時に起こして", ((0, 2, "date"), (2, 4, "time"))),
        ("[date :  friday ] please", "friday please", ((0, 6, "date"),)),
        ("[date : ] please", " please", ()),
        ("what is 3 : 4 [not a slot]", "what is 3 : 4 [not a slot]", ()),
    ],
)  # fmt: skip
def test_slots_are_cut_out_with_their_spans(annotated: str, text: str, spans: tuple[tuple[int, int, str], ...]) -> None:
    assert slots_of(annotated) == (text, spans)


def test_massive_gathers_one_request_in_all_its_locales(tmp_path: Path) -> None:
    english = [_massive_row("1", "en-US", "wake me on [date : friday]"), _massive_row("2", "en-US", "x", "test")]
    german = [_massive_row("1", "de-DE", "weck mich am [date : freitag]"), _massive_row("3", "de-DE", "nur hier")]
    _json_lines(tmp_path / "massive" / "en-US.jsonl.gz", *english)
    _json_lines(tmp_path / "massive" / "de-DE.jsonl.gz", *german)
    assert massive(tmp_path, "train") == {
        "1": [
            Utterance("weck mich am freitag", "de", "alarm_set", ((13, 20, "date"),)),
            Utterance("wake me on friday", "en", "alarm_set", ((11, 17, "date"),)),
        ],
        "3": [Utterance("nur hier", "de", "alarm_set")],
    }
    assert [row.text for rows in massive(tmp_path, "test").values() for row in rows] == ["x"]


def test_interface_strings_keep_their_languages_and_lose_their_marks(tmp_path: Path) -> None:
    _json_lines(
        tmp_path / "ui_parallel.jsonl.gz",
        {"texts": {"en": "Hello <b>%{name}</b>", "pt-BR": "Olá %{name}", "zh_TW": "您好 %{name}"}},
        {"texts": {"pt": "Pedido", "pt-BR": "Pedido novo", "en": "Order"}},
        {"texts": {"en": "Only English"}},
        {"texts": {"en": "123", "de": "456"}},
        {"texts": {"en": "x" * 161, "de": "Kurz genug"}},
    )
    assert parallel_interface(tmp_path) == [
        {"en": "Hello  %{name}", "pt": "Olá %{name}", "zh": "您好 %{name}"},
        {"pt": "Pedido", "en": "Order"},
    ]
    assert len(parallel_interface(tmp_path, max_characters=161)) == 3


def test_tatoeba_lines_are_paired_and_named_by_two_letters(tmp_path: Path) -> None:
    folder = tmp_path / "tatoeba"
    folder.mkdir()
    for name, text in [
        ("deu-eng.deu", "Ja.\nNein.\n"),
        ("deu-eng.eng", "Yes.\nNo.\n"),
        ("cmn-eng.cmn", "好。\n"),
        ("cmn-eng.eng", "OK.\n"),
    ]:
        (folder / f"tatoeba.{name}").write_text(text, "utf-8")
    assert tatoeba(tmp_path) == {
        "zh": [ParallelText("好。", "zh", "OK.", "en")],
        "de": [ParallelText("Ja.", "de", "Yes.", "en"), ParallelText("Nein.", "de", "No.", "en")],
    }
    (folder / "tatoeba.deu-eng.eng").write_text("Yes.\n", "utf-8")
    with pytest.raises(ValueError, match=r"deu-eng\.deu: expected a line for each of the 1 English ones, found 2"):
        tatoeba(tmp_path)
