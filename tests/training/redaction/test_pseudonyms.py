"""One value, one pseudonym, however it is written; another one in the next conversation."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from training.redaction.personal import Kind
from training.redaction.pseudonyms import PSEUDONYM, Pseudonyms, conversation_digest, identity_digest, kind_of

SECRET = b"a secret of more than 16 bytes"


def test_a_pseudonym_tells_its_kind_and_four_characters_that_nobody_confuses() -> None:
    made = Pseudonyms(SECRET, "c-1").of(Kind.NAME, "Anna Schmidt")
    match = PSEUDONYM.fullmatch(made)
    assert match is not None
    assert match[1] == "name"
    assert not set(match[2]) & set("01IO")
    assert kind_of(made) is Kind.NAME


def test_the_characters_are_those_of_an_hmac_over_conversation_kind_and_value() -> None:
    parts = [b"pseudonym", b"c-1", b"order_number", b"48213"]
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    digest = hmac.new(SECRET, message, hashlib.sha256).digest()
    expected = "".join("23456789ABCDEFGHJKLMNPQRSTUVWXYZ"[byte % 32] for byte in digest[:4])
    assert Pseudonyms(SECRET, "c-1").of(Kind.ORDER_NUMBER, "#４８２１３") == f"[order_number:{expected}]"


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (Kind.ORDER_NUMBER, "#ag 77120/3", "AG-77120-3"),
        (Kind.EMAIL, "K.Lorenz@Example.de", "k.lorenz (at) example (dot) de"),
        (Kind.PHONE, "+49 (0)170 1234567", "0170/1234567"),
        (Kind.PHONE, "0049 170 1234567", "٠١٧٠ ١٢٣٤٥٦٧"),
        (Kind.PHONE, "+47 22 34 56 78", "22345678"),
        (Kind.NAME, "José Muñoz", "jose munoz"),
        (Kind.ADDRESS, "Hauptstr. 5, 10115 Berlin", "hauptstr 5 10115 berlin"),
        (Kind.IBAN, "DE89 3704 0044 0532 0130 00", "de89370400440532013000"),
    ],
)
def test_spellings_of_one_value_share_it(kind: Kind, one: str, other: str) -> None:
    pseudonyms = Pseudonyms(SECRET, "c-1")
    assert pseudonyms.of(kind, one) == pseudonyms.of(kind, other)
    assert identity_digest(SECRET, kind, one) == identity_digest(SECRET, kind, other)


def test_passwords_differ_by_case() -> None:
    pseudonyms = Pseudonyms(SECRET, "c-1")
    assert pseudonyms.of(Kind.PASSWORD, "Hunter2") != pseudonyms.of(Kind.PASSWORD, "hunter2")


@pytest.mark.parametrize(
    ("names", "same"),
    [
        (["Anna Schmidt", "Frau Schmidt", "anna"], True),
        (["Schmidt", "Anna Schmidt"], True),
        (["Anna Kowalska", "Anną Kowalską"], True),
        (["Иван Петров", "Петрову"], True),
        (["王伟", "王"], True),
        (["A. Schmidt", "Anna Schmidt"], True),
        (["Anna Schmidt", "Peter Schmidt"], False),
        (["Frau Schmidt", "Frau Weber"], False),
    ],
)
def test_who_is_written_shorter_is_the_same_person(names: list[str], same: bool) -> None:
    pseudonyms = Pseudonyms(SECRET, "c-1")
    pseudonyms.learn(names)
    assert (len({pseudonyms.of(Kind.NAME, name) for name in names}) == 1) is same


def test_another_conversation_or_secret_gives_another_pseudonym() -> None:
    made = [Pseudonyms(SECRET, f"c-{number}").of(Kind.NAME, "Anna") for number in range(20)]
    assert len(set(made)) == 20
    assert Pseudonyms(SECRET + b"!", "c-0").of(Kind.NAME, "Anna") != made[0]


def test_digests_do_not_depend_on_the_conversation_and_numbers_share_one_space() -> None:
    digest = identity_digest(SECRET, Kind.CUSTOMER_NUMBER, "K 4471")
    assert digest == identity_digest(SECRET, Kind.ORDER_NUMBER, "k-4471")
    assert digest != identity_digest(SECRET, Kind.PHONE, "K 4471")
    assert len(digest) == 64
    assert len(conversation_digest(SECRET, "+49 170 1234567")) == 16
    assert conversation_digest(SECRET, "a") != conversation_digest(SECRET, "b")


def test_a_short_secret_and_a_text_that_is_no_pseudonym_are_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Pseudonyms(b"short", "c-1")
    with pytest.raises(ValueError, match="expected a pseudonym"):
        kind_of("[name:4F7]")
