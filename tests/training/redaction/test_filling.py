from __future__ import annotations

from pathlib import Path

import pytest

from training.redaction.accounts import has_luhn_sum, is_iban
from training.redaction.filling import LOCALES, Filler, read_messages
from training.redaction.personal import Kind

DATA = Path("data")


def values(message: str, language: str, *, seed: int = 1) -> list[tuple[str, Kind]]:
    filled = Filler(language, data_dir=DATA, seed=seed).fill(message)
    return [(filled.text[start:end], kind) for start, end, kind in filled.spans]


def test_the_same_seed_fills_alike_and_another_one_otherwise() -> None:
    message = "{name}, {street}, {order_number}"
    assert values(message, "de", seed=3) == values(message, "de", seed=3)
    assert values(message, "de", seed=3) != values(message, "de", seed=4)


def test_street_postcode_and_town_side_by_side_are_one_address_and_a_town_alone_is_none() -> None:
    ((address, kind),) = values("an {street}\n{postcode} {city}", "nl")
    assert kind is Kind.ADDRESS
    assert "\n" in address
    assert values("levert u ook in {city}?", "nl") == []


def test_what_is_written_out_is_kept_and_parts_of_a_name_are_one() -> None:
    assert values("hier [Anna](name) und [Hauptstr. 5](address)", "de") == [
        ("Anna", Kind.NAME),
        ("Hauptstr. 5", Kind.ADDRESS),
    ]
    ((name, kind),) = values("ich bin {first_name} {last_name}", "de")
    assert kind is Kind.NAME
    assert " " in name


@pytest.mark.parametrize("language", sorted(LOCALES))
def test_every_language_has_values_of_every_kind_and_those_with_a_check_are_valid(language: str) -> None:
    message = (
        "{name} | {address} | {phone} | {email} | {iban} | {card} | {national_id} | {order_number} | {customer_number} | {ip} | "
        "{link} | {password} | {date} | {amount} | {company} | {product} | {city}"
    )
    filled = Filler(language, data_dir=DATA, seed=5).fill(message)
    found = {kind: filled.text[start:end] for start, end, kind in filled.spans}
    assert set(found) == set(Kind)
    assert has_luhn_sum("".join(char for char in found[Kind.CARD] if char.isdigit()))
    assert is_iban(found[Kind.IBAN].replace(" ", "").upper())
    assert "{" not in filled.text


def test_the_messages_of_the_repository_name_known_slots_only() -> None:
    for folder in (DATA / "personal", Path("tests/data/personal")):
        for language in LOCALES:
            assert len(read_messages(folder / f"{language}.txt")) >= 60


def test_an_unknown_slot_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "de.txt"
    path.write_text("# comment\nhallo {nmae}\n", "utf-8")
    with pytest.raises(ValueError, match=r"de\.txt:2: expected slots among name, .*found \['nmae'\]"):
        read_messages(path)


def test_what_is_measured_on_was_not_learnt_from() -> None:
    for language in LOCALES:
        learnt = set(read_messages(DATA / "personal" / f"{language}.txt"))
        assert not learnt & set(read_messages(Path("tests/data/personal") / f"{language}.txt"))
