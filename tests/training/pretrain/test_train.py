"""Pre-training on tiny public sets: it runs to a checkpoint that fine-tuning takes, and says what it misses."""

from __future__ import annotations

import gzip
import json
import random
from math import cos, exp, log, sin
from pathlib import Path

import pytest
import torch
from transformers import XLMRobertaModel

from nlu.encoding import TextEncoder
from nlu.model import load_encoder
from tests.models import HIDDEN_SIZE, rows, tiny_pretrain
from training.config import PretrainConfig
from training.contrast import info_nce
from training.pretrain.batches import Mixture
from training.pretrain.static import OwnTexts
from training.pretrain.train import PretrainObjective, build_vocabulary, encoder_config, place_positions, pretrain

REQUESTS = (
    ("alarm_set", "wake me on [date : friday]", "weck mich am [date : freitag]", "[date : 金曜日]に起こして"),
    ("play_music", "play a song", "spiel ein Lied", "歌をかけて"),
    ("weather_query", "rain in [place : berlin]", "Regen in [place : berlin]", "[place : ベルリン]は雨ですか"),
    ("alarm_remove", "no alarm at [time : nine]", "kein Wecker um [time : neun]", "[time : 九時]のアラームを消して"),
)
STRINGS = (
    ("Save", "Speichern"),
    ("Your order", "Ihre Bestellung"),
    ("Log out", "Abmelden"),
    ("Settings", "Einstellungen"),
)


def _config(**changes: object) -> PretrainConfig:
    small = {
        "vocabulary_size": 340, "vocabulary_lines": 600, "steps": 6, "n_pairs": 3, "n_interface_pairs": 3,
        "n_support_rows": 4, "static_steps": 4, "static_pairs": 4, "n_masked": 4, **changes,
    }  # fmt: skip
    return tiny_pretrain(**small)


def _sets(folder: Path, *, support: bool = True, massive: bool = True, interface: bool = True) -> Path:
    folder.mkdir(parents=True, exist_ok=True)

    def write(path: str, text: str) -> None:
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(gzip.compress(text.encode()))

    if massive:
        for place, locale in enumerate(("en-US", "de-DE", "ja-JP"), 1):
            records = [
                {"id": str(number), "locale": locale, "partition": "train", "intent": row[0], "annot_utt": row[place]}
                for number, row in enumerate(REQUESTS)
            ]
            write(f"massive/{locale}.jsonl.gz", "".join(json.dumps(record) + "\n" for record in records))
    if interface:
        lines = [json.dumps({"texts": {"en": en, "de": de}}) + "\n" for en, de in STRINGS]
        write("ui_parallel.jsonl.gz", "".join(lines))
    if support:
        utterances = "".join(f"{row.text},{row.intent}\n" for row in rows() if row.language == "de")
        write("bitext/train.csv.gz", "utterance,intent\n" + utterances)
    return folder


def test_it_leaves_a_checkpoint_that_fine_tuning_takes(tmp_path: Path) -> None:
    folder, work = tmp_path / "encoder", tmp_path / "work"
    pretrain(_config(), corpora_dir=_sets(tmp_path / "sets"), folder=folder, work_dir=work)
    encoder = load_encoder(folder)
    assert encoder.config.hidden_size == HIDDEN_SIZE
    ids = TextEncoder(folder).encode("weck mich am Freitag").input_ids
    assert max(ids) < 340
    assert torch.isfinite(encoder(input_ids=torch.tensor([ids])).last_hidden_state).all()
    assert (folder / "sentencepiece.model").exists()
    logged = [json.loads(line) for line in (work / "metrics.jsonl").read_text().splitlines()]
    assert set(logged[-1]) >= {"translation", "interface", "intent", "slot", "support", "words"}
    weights = (folder / "model.safetensors").stat().st_size
    assert weights < 2.2 * sum(parameter.numel() for parameter in encoder.parameters())


def test_support_sets_may_be_absent(tmp_path: Path) -> None:
    sets = _sets(tmp_path / "sets", support=False)
    pretrain(_config(), corpora_dir=sets, folder=tmp_path / "encoder", work_dir=tmp_path / "work")
    last = json.loads((tmp_path / "work" / "metrics.jsonl").read_text().splitlines()[-1])
    assert "support" not in last
    assert "translation" in last


@pytest.mark.parametrize(("massive", "interface"), [(False, False), (True, False), (False, True)])
def test_without_the_parallel_sets_it_says_so_before_it_begins(tmp_path: Path, massive: bool, interface: bool) -> None:
    sets = _sets(tmp_path / "sets", massive=massive, interface=interface)
    with pytest.raises(FileNotFoundError, match=r"needs MASSIVE and ui_parallel in .*sets"):
        pretrain(_config(), corpora_dir=sets, folder=tmp_path / "encoder", work_dir=tmp_path / "work")
    assert not (tmp_path / "encoder").exists()


def test_a_step_draws_what_it_drew_before(tmp_path: Path) -> None:
    sets, folder = _sets(tmp_path / "sets"), tmp_path / "encoder"
    pretrain(_config(steps=1), corpora_dir=sets, folder=folder, work_dir=tmp_path / "work")
    (folder / "sentencepiece.model").unlink()  # the best segmentations: outside of a training nothing seeds the draws
    mixture = Mixture(_config(), sets, folder)
    torch.manual_seed(1)
    model = PretrainObjective(_config(), sets=mixture.sets, n_tags=len(mixture.labels.tags)).eval()
    first, other, again = (
        {name: loss.item() for name, loss in model(**mixture.at(number)).items()} for number in (3, 4, 3)
    )
    assert again == first
    assert other != first


def test_words_are_hidden_and_asked_for_where_they_stood(tmp_path: Path) -> None:
    sets, folder = _sets(tmp_path / "sets"), tmp_path / "encoder"
    pretrain(_config(steps=1), corpora_dir=sets, folder=folder, work_dir=tmp_path / "work")
    mixture = Mixture(_config(masked=0.5), sets, folder)
    changed = kept = 0
    for number in range(40):
        rows = mixture.at(number)["masked"]
        asked = rows["wanted"] != -100
        assert (rows["attention_mask"][asked] == 1).all()
        assert (rows["wanted"][asked] > 3).all()  # no special token is asked for
        changed += (rows["input_ids"][asked] == 3).sum().item()
        kept += (rows["input_ids"][asked] == rows["wanted"][asked]).sum().item()
        n_asked = asked.sum(1)
        n_words = ((rows["input_ids"] > 3) | asked).sum(1)
        assert ((n_asked - n_words * 0.5).abs() <= 1).all()
    assert 0.7 < changed / (changed + kept) < 0.95
    both = mixture.at(0)["masked"]["input_ids"][1].tolist()
    assert both.count(2) == 3  # a request, and behind two ends its translation


def test_the_vocabulary_takes_the_languages_with_the_most_lines(tmp_path: Path) -> None:
    sets = _sets(tmp_path / "sets")
    pretrain(_config(steps=1), corpora_dir=sets, folder=tmp_path / "all", work_dir=tmp_path / "work")
    # English and German have eight lines each, Japanese four.
    build_vocabulary(_config(languages=2, vocabulary_size=300), sets, tmp_path / "two", OwnTexts())
    pieces = {name: (tmp_path / name / "tokenizer.json").read_text("utf-8") for name in ("all", "two")}
    assert "起" in pieces["all"]
    assert "起" not in pieces["two"]


def test_pairs_hold_two_languages_and_a_served_one_first(tmp_path: Path) -> None:
    sets, folder = _sets(tmp_path / "sets"), tmp_path / "encoder"
    pretrain(_config(steps=1), corpora_dir=sets, folder=folder, work_dir=tmp_path / "work")
    mixture, draw = Mixture(_config(), sets, folder), random.Random(2)
    for group in mixture._parallel * 20:
        left, right = mixture._served_first(draw, group)
        assert left.language != right.language
        assert {left.label, right.label} == {group[0].label}


def test_info_nce_of_aligned_rows_is_known() -> None:
    rows = torch.eye(2)
    assert info_nce(rows, rows, 0.5).item() == pytest.approx(log(exp(2) + 1) - 2)
    assert info_nce(rows, rows.flip(0), 0.5).item() == pytest.approx(log(exp(2) + 1))


@torch.no_grad()
def test_positions_start_half_as_strong_as_words_and_each_at_its_own_place() -> None:
    torch.manual_seed(1)
    trunk = XLMRobertaModel(encoder_config(_config()), add_pooling_layer=False)
    place_positions(trunk)
    words, positions = trunk.embeddings.word_embeddings.weight, trunk.embeddings.position_embeddings.weight
    assert (positions.std() / words.std()).item() == pytest.approx(0.5, rel=1e-4)
    # Position 0: every sine is 0, every cosine 1; the first pair turns by one radian a position.
    unit = positions / positions[0, 1]
    assert unit[0].tolist() == pytest.approx([0.0, 1.0] * (HIDDEN_SIZE // 2), abs=1e-6)
    assert unit[2, :2].tolist() == pytest.approx([sin(2), cos(2)], abs=1e-6)
