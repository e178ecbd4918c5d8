"""What a shipped weight may learn from, and under which licence."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.data.corpora import LICENCES, MEASURE_ONLY, licences_of, may_train_shipped

SHARED = Path("../shared/data")


def test_test_sets_and_non_commercial_sets_are_to_measure_with_only() -> None:
    assert {name for name in MEASURE_ONLY if may_train_shipped(name)} == set()
    assert set(MEASURE_ONLY) == {"tatoeba", "covid_faq", "maia_chat"}
    assert may_train_shipped("massive")
    assert may_train_shipped("bcontrast")


def test_an_unknown_set_is_an_error_and_not_a_yes() -> None:
    with pytest.raises(ValueError, match=r"expected a set of banking77, .*, found 'maia'"):
        may_train_shipped("maia")


def test_a_manifest_names_the_licences_of_what_was_learnt_and_refuses_the_rest() -> None:
    assert licences_of(["massive", "clinc150"]) == {"MASSIVE 1.1": "CC BY 4.0", "CLINC150": "CC BY 3.0"}
    with pytest.raises(ValueError, match="'maia_chat': leave it out"):
        licences_of(["massive", "maia_chat"])


def test_every_set_beside_the_project_has_its_licence() -> None:
    if not SHARED.exists():
        pytest.skip("../shared/data is not here")
    found = {path.name.split(".")[0] for path in SHARED.iterdir()} - {"README", "ui_licenses"}
    assert len(LICENCES) == len(found)
    assert {name for name in found if not may_train_shipped(name)} == MEASURE_ONLY
