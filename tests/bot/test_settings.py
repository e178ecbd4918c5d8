"""The environment is read once, checked, and never shown where it is secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import LANGUAGES, InvalidSettings, Settings


def test_an_empty_environment_gives_the_defaults() -> None:
    assert Settings.from_environment({}) == Settings(
        database_url="sqlite:///var/xenia.db", port=5005, actions_port=5055, languages=LANGUAGES, default_language="en"
    )


def test_an_empty_variable_is_an_unset_one() -> None:
    assert Settings.from_environment({"PORT": " ", "SHOP_URL": "", "LANGUAGES": ""}) == Settings()


def test_every_variable_is_read() -> None:
    read = Settings.from_environment(
        {
            "DATABASE_URL": "postgresql://xenia:secret@db/xenia",
            "SHOP_URL": "https://shop.example.com/api",
            "SHOP_TOKEN": "t0ken",
            "HOST": "0.0.0.0",
            "PORT": "6005",
            "ACTIONS_PORT": "6055",
            "API_TOKEN": "api",
            "MODELS_DIR": "models/hub",
            "LANGUAGES": "de, FR",
            "DEFAULT_LANGUAGE": "de",
        }
    )
    assert read == Settings(
        database_url="postgresql://xenia:secret@db/xenia",
        shop_url="https://shop.example.com/api",
        shop_token="t0ken",
        host="0.0.0.0",
        port=6005,
        actions_port=6055,
        api_token="api",
        models_dir=Path("models/hub"),
        languages=("de", "fr"),
        default_language="de",
    )


def test_secrets_are_not_shown() -> None:
    shown = repr(
        Settings(
            database_url="postgresql://xenia:geheim@db/xenia",
            shop_url="https://s.example",
            shop_token="geheim",
            api_token="geheim",
        )
    )
    assert "geheim" not in shown


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"PORT": "http"}, "PORT"),
        ({"PORT": "٥٠٠٥"}, "PORT"),
        ({"PORT": "0"}, "PORT"),
        ({"ACTIONS_PORT": "70000"}, "ACTIONS_PORT"),
        ({"PORT": "5055"}, "ACTIONS_PORT"),
        ({"DATABASE_URL": "xenia.db"}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://u:geheim@db/x"}, "DATABASE_URL"),
        ({"SHOP_URL": "shop.example.com"}, "SHOP_URL"),
        ({"SHOP_URL": "https://shop.example.com?x=1"}, "SHOP_URL"),
        ({"SHOP_TOKEN": "geheim"}, "SHOP_URL"),
        ({"LANGUAGES": "de,german"}, "LANGUAGES"),
        ({"LANGUAGES": "en,en"}, "LANGUAGES"),
        ({"LANGUAGES": ","}, "LANGUAGES"),
        ({"DEFAULT_LANGUAGE": "sv"}, "DEFAULT_LANGUAGE"),
    ],
)
def test_a_wrong_variable_is_named_and_no_secret_is(environment: dict[str, str], named: str) -> None:
    with pytest.raises(InvalidSettings, match=named) as caught:
        Settings.from_environment(environment)
    assert "geheim" not in str(caught.value)
