"""Labels and their ids."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.labels import Labels

LABELS = Labels(intents=("affirm", "deny", "greet"), entities=("city", "person"))


def test_each_entity_has_a_begin_and_an_inside_tag_after_outside() -> None:
    assert LABELS.tags == ("O", "B-city", "I-city", "B-person", "I-person")


def test_labels_come_back_from_their_folder(tmp_path: Path) -> None:
    LABELS.save(tmp_path)
    assert Labels.load(tmp_path) == LABELS


def test_an_unknown_intent_is_an_error_that_lists_the_known_ones() -> None:
    assert LABELS.intent_id("deny") == 1
    with pytest.raises(ValueError, match="'refund'.*affirm, deny, greet"):
        LABELS.intent_id("refund")
