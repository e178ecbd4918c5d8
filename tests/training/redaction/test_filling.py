from __future__ import annotations

from pathlib import Path

import pytest
import yaml

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


@pytest.mark.parametrize(
    ("language", "message"), [("hi", "mera naam {name} hai, {street} pe bhejo"), ("ar", "ana esmi {name}")]
)
def test_a_message_in_latin_letters_gets_values_in_latin_letters(language: str, message: str) -> None:
    for seed in range(8):
        for value, _ in values(message, language, seed=seed):
            assert all(ord(char) < 0x250 for char in value if char.isalpha()), value


def test_names_of_our_own_lists_are_learnt_from_but_never_measured_on(tmp_path: Path) -> None:
    listed = yaml.safe_load((DATA / "personal" / "names.yml").read_text("utf-8"))["names"]["tr"]

    def drawn(*, held_out: bool) -> set[str]:
        filler = Filler("tr", data_dir=DATA, seed=2, held_out=held_out)
        return {filler.fill("{last_name}").text for _ in range(400)}

    rare = {"Ergül", "Yıldırımoğlu", *listed["last"]} - drawn(held_out=True)
    assert rare & drawn(held_out=False)


def test_numbers_of_listed_streets_are_drawn_anew() -> None:
    filler = Filler("tr", data_dir=DATA, seed=3)
    streets = {filler.fill("{street}").text for _ in range(200)}
    assert len(streets) > 60
    assert not any(part.startswith("0") and len(part) == 1 for street in streets for part in street.split())
