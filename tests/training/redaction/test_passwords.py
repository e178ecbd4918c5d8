"""Passwords and codes behind a cue; that a password is wrong tells nobody what it is."""

from __future__ import annotations

import pytest

from tests.training.redaction.found import found
from training.redaction.personal import Kind


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("my password is Hunter22", "Hunter22"),
        ("pw: sonne", "sonne"),
        ("mein Passwort ist „sommer wind“", "sommer wind"),
        ("mot de passe : Ab!9z", "Ab!9z"),
        ("mi contraseña es luna2024", "luna2024"),
        ("la password è mare_77", "mare_77"),
        ("a minha senha é Sol#12", "Sol#12"),
        ("wachtwoord: fiets123", "fiets123"),
        ("hasło to Kot9Pies", "Kot9Pies"),
        ("şifrem: deniz34", "deniz34"),
        ("мой пароль: Zx81abc", "Zx81abc"),
        ("كلمة المرور: Nil-2024", "Nil-2024"),
        ("मेरा पासवर्ड है Ganga108", "Ganga108"),
        ("密码是abc12345", "abc12345"),
        ("パスワードはsora99です", "sora99"),
        ("PIN 4471", "4471"),
        ("the CVV is 123", "123"),
        ("TAN: 482913", "482913"),
        ("your verification code is 482 913", "482 913"),
        ("验证码：482913", "482913"),
        ("tried yW27KlPt@q and it fails", "yW27KlPt@q"),
    ],
)
def test_a_secret_is_found_by_its_cue_or_its_look(text: str, secret: str) -> None:
    assert found(text, Kind.PASSWORD) == [secret]


@pytest.mark.parametrize(
    "text",
    [
        "my password is wrong",
        "mein Passwort ist abgelaufen, bitte zurücksetzen",
        "done updating your password, alright?",
        "no recuerdo la contraseña",
        "Passwort vergessen? Bestellung 48213",
        "#BlackFriday24 and @Anna_Schmidt92",
    ],
)
def test_talk_of_a_password_holds_none(text: str) -> None:
    assert found(text, Kind.PASSWORD) == []


def test_a_telephone_to_which_a_code_goes_stays_whole() -> None:
    assert found("Kod przyszedł SMS-em na 662 138 783.", Kind.PHONE, languages=("pl",)) == ["662 138 783"]
