"""A wrong setting is an error that names file, table, key and what is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.config import CONFIG_PATH, NluConfig, WriterConfig, load_config

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


def test_the_shipped_configurations_are_valid_and_write_to_places_of_their_own() -> None:
    found = {path.stem: load_config(path) for path in CONFIG_PATH.parent.glob("*.toml")}
    assert {"base", "compact", "massive"} <= set(found)
    assert found["compact"].output_dir == "models/starter"
    assert len({config.output_dir for config in found.values()}) == len(found)
    assert found["base"].pretrain.hidden_size > found["compact"].pretrain.hidden_size


def test_a_table_that_is_left_out_has_its_defaults(tmp_path: Path) -> None:
    config = load_config(_edited(tmp_path, "[writer]\nlearning_rate = 2e-3\nsteps = 5", ""))
    assert config.writer == WriterConfig()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("learning_rate = { low = 1e-3, high = 1e-4 }", "nlu.learning_rate: expected choices, or low below high"),
        ("learning_rate = { low = 0.0, high = 1e-4, log = true }", "nlu.learning_rate: expected choices, or low below"),
        ("rate = { low = 1e-5, high = 1e-4 }", "unknown key rate; known are"),
        ('tuning = { choices = ["full", "none"] }', "tuning: expected one of"),
    ],
)
def test_a_search_may_only_look_where_there_are_values(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(ValueError, match=rf"mine\.toml: \[search\] {message}"):
        load_config(_write(tmp_path, f"[search.nlu]\n{line}\n"))
    whole = _write(
        tmp_path, "[search]\ntrials = 3\n[search.nlu]\nlearning_rate = { low = 1e-5, high = 1e-4, log = true }\n"
    )
    config = load_config(whole)
    assert (config.search.trials, config.search.space["nlu"]["learning_rate"].high) == (3, 1e-4)


def test_an_unknown_key_is_named_with_file_table_and_the_known_keys(tmp_path: Path) -> None:
    path = _edited(tmp_path, "epochs = 9", "epoch = 9")
    with pytest.raises(ValueError, match=r"mine\.toml: \[nlu\] unknown key epoch; known are .*'epochs'.*'seed'"):
        load_config(path)


def test_an_unknown_table_is_named_with_the_known_ones(tmp_path: Path) -> None:
    path = _edited(tmp_path, "[writer]", "[author]\nsteps = 3\n[writer]")
    with pytest.raises(
        ValueError, match=r"mine\.toml: unknown key \['author'\]; known are .*'pretrain', 'search', 'writer'"
    ):
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
        ("epochs = 9", "accumulation = 0", r"accumulation: expected a number above 0, found 0"),
        (
            "epochs = 9",
            'tuning = "some"',
            r"tuning: expected one of \['full', 'lora', 'adalora', 'prefix'\], found 'some'",
        ),
        ("epochs = 9", 'decay = "steep"', r"decay: expected one of \['linear', .*\], found 'steep'"),
        ("epochs = 9", "patience = 3", r"patience: expected evaluate_every above 0 beside it"),
        ("epochs = 9", "switched = 2.0", r"switched: expected a share between 0 and 1, found 2\.0"),
    ],
)
def test_a_value_out_of_range_is_named_with_its_table(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ValueError, match=rf"mine\.toml: \[nlu\] .*{message}"):
        load_config(_edited(tmp_path, old, new))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('corpora_dir = "sets"', "corpora_dir = 3", r"corpora_dir: expected str, found 3"),
        ('corpora_dir = "sets"', "search = 3", r"\[search\] expected a table, found 3"),
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
    with pytest.raises(ValueError, match=r"nowhere\.toml: no such file; the repository's own are .*compact\.toml"):
        load_config(tmp_path / "nowhere.toml")
