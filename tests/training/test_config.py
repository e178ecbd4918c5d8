"""A wrong setting is an error that names file, table, key and what is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.config import CONFIG_PATH, NluConfig, load_config

WHOLE = """
corpora_dir = "sets"

[pretrain]
learning_rate = 1e-3
[nlu]
learning_rate = 4e-4
epochs = 9
bf16 = false
[encoder]
learning_rate = 3e-4
[writer]
learning_rate = 2e-3
steps = 5
"""


def _write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    return path


def _edited(tmp_path: Path, old: str, new: str) -> Path:
    assert old in WHOLE
    return _write(tmp_path, WHOLE.replace(old, new, 1))


def test_a_file_overrides_the_defaults_it_names_and_no_others(tmp_path: Path) -> None:
    config = load_config(_write(tmp_path, WHOLE))
    assert (config.corpora_dir, config.output_dir) == ("sets", "models/starter")
    assert config.nlu == NluConfig(learning_rate=4e-4, epochs=9, bf16=False)
    assert (config.writer.steps, config.pretrain.steps) == (5, 1800)


def test_the_shipped_configuration_is_valid() -> None:
    config = load_config(CONFIG_PATH)
    assert config.output_dir == "models/starter"
    assert min(table.learning_rate for table in (config.pretrain, config.nlu, config.encoder, config.writer)) > 0


def test_an_unknown_key_is_named_with_file_table_and_the_known_keys(tmp_path: Path) -> None:
    path = _edited(tmp_path, "epochs = 9", "epoch = 9")
    with pytest.raises(ValueError, match=r"mine\.toml: \[nlu\] unknown key \['epoch'\]; known are .*'epochs'.*'seed'"):
        load_config(path)


def test_an_unknown_table_is_named_with_the_known_ones(tmp_path: Path) -> None:
    path = _edited(tmp_path, "[writer]", "[author]\nsteps = 3\n[writer]")
    with pytest.raises(ValueError, match=r"mine\.toml: unknown key \['author'\]; known are .*'pretrain', 'writer'"):
        load_config(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("epochs = 9", 'epochs = "9"', r"\[nlu\] epochs: expected float, found '9'"),
        ("steps = 5", "steps = 5.5", r"\[writer\] steps: expected int, found 5\.5"),
        ("steps = 5", "steps = true", r"\[writer\] steps: expected int, found True"),
        ("bf16 = false", "bf16 = 0", r"\[nlu\] bf16: expected bool, found 0"),
        ("epochs = 9", "epochs = [9]", r"\[nlu\] epochs: expected float, found \[9\]"),
    ],
)
def test_a_value_of_the_wrong_type_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ValueError, match=rf"mine\.toml: {message}"):
        load_config(_edited(tmp_path, old, new))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("learning_rate = 4e-4", "learning_rate = 0", r"learning_rate: expected a number above 0, found 0"),
        ("epochs = 9", "epochs = -1", r"epochs: expected a number above 0, found -1"),
        ("epochs = 9", "batch_size = 0", r"batch_size: expected a number above 0, found 0"),
        ("epochs = 9", "clip = 0.0", r"clip: expected a number above 0, found 0\.0"),
        ("epochs = 9", "warmup_share = 1.0", r"warmup_share: expected 0 <= share < 1, found 1\.0"),
        ("learning_rate = 4e-4", "", "learning_rate"),
    ],
)
def test_a_value_out_of_range_is_named_with_its_table(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ValueError, match=rf"mine\.toml: \[nlu\] .*{message}"):
        load_config(_edited(tmp_path, old, new))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('corpora_dir = "sets"', "corpora_dir = 3", r"corpora_dir: expected str, found 3"),
        ("[writer]\nlearning_rate = 2e-3\nsteps = 5", "", r"\[writer\] .*learning_rate"),
        ('corpora_dir = "sets"', "encoder = 3", r"\[encoder\] expected a table, found 3"),
    ],
)
def test_what_stands_outside_the_tables_is_checked_too(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = _edited(tmp_path, old, new)
    if "encoder = 3" in new:
        path = _write(tmp_path, path.read_text().replace("[encoder]\nlearning_rate = 3e-4", ""))
    with pytest.raises(ValueError, match=rf"mine\.toml: {message}"):
        load_config(path)


def test_what_is_no_toml_is_named_by_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"mine\.toml: "):
        load_config(_write(tmp_path, "epochs 9"))
    with pytest.raises(FileNotFoundError, match=r"nowhere\.toml"):
        load_config(tmp_path / "nowhere.toml")
