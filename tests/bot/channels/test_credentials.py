"""The written credentials are what Rasa then reads."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from rasa.core.run import create_http_input_channels
from rasa.shared.utils.io import read_config_file

from bot.channels.credentials import CredentialsError, write_credentials

REST, WEB = "bot.channels.rest.RestInput", "bot.channels.web.WebInput"
SLACK, TELEGRAM = "bot.channels.slack.SlackInput", "bot.channels.telegram.TelegramInput"
TELEGRAM_SET = {
    "TELEGRAM_TOKEN": "123:abc",
    "TELEGRAM_BOT_NAME": "agora_bot",
    "TELEGRAM_WEBHOOK_URL": "https://bot.example/webhooks/telegram/webhook",
}


def test_without_variables_there_are_rest_and_web(tmp_path: Path) -> None:
    path = tmp_path / "var" / "credentials.yml"
    assert write_credentials({"HOME": "/root", "SLACK_TOKEN": "", "TELEGRAM_TOKEN": " "}, path) == [REST, WEB]
    assert read_config_file(path) == read_config_file("credentials.yml")


def test_rasa_builds_the_channels_of_the_written_file(tmp_path: Path) -> None:
    path = tmp_path / "credentials.yml"
    write_credentials({"SLACK_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", **TELEGRAM_SET}, path)
    channels = create_http_input_channels(None, str(path))
    assert [channel.name() for channel in channels] == ["rest", "web", "slack", "telegram"]


def test_options_reach_the_channel_as_the_text_they_are(tmp_path: Path) -> None:
    path = tmp_path / "credentials.yml"
    secret = "1234567e89"  # a number to some readers of YAML
    write_credentials({"SLACK_TOKEN": 'a: "b" #c', "SLACK_SIGNING_SECRET": secret, "SLACK_CHANNEL": "0123"}, path)
    assert read_config_file(path)[SLACK] == {
        "slack_token": 'a: "b" #c',
        "slack_signing_secret": secret,
        "slack_channel": "0123",
    }


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"SLACK_TOKEN": "x"}, "SLACK_TOKEN set, but not SLACK_SIGNING_SECRET"),
        ({"SLACK_CHANNEL": "C1"}, "SLACK_CHANNEL set, but not SLACK_TOKEN, SLACK_SIGNING_SECRET"),
        ({**TELEGRAM_SET, "TELEGRAM_BOT_NAME": ""}, "but not TELEGRAM_BOT_NAME"),
    ],
)
def test_a_partly_set_channel_names_what_is_missing(environment: dict[str, str], message: str, tmp_path: Path) -> None:
    path = tmp_path / "credentials.yml"
    path.write_text("rest:\n")
    with pytest.raises(CredentialsError, match=message):
        write_credentials(environment, path)
    assert path.read_text() == "rest:\n"


def test_only_the_owner_may_read_the_secrets(tmp_path: Path) -> None:
    path = tmp_path / "credentials.yml"
    path.write_text("old")
    path.chmod(0o644)
    write_credentials(TELEGRAM_SET, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_company_keeps_its_own_channels(tmp_path: Path) -> None:
    base = tmp_path / "base.yml"
    base.write_text("rest:\nsocketio: {user_message_evt: user_uttered}\n")
    path = tmp_path / "credentials.yml"
    assert write_credentials(TELEGRAM_SET, path, base_path=base) == ["rest", "socketio", TELEGRAM]
    base.write_text("- rest\n")
    with pytest.raises(CredentialsError, match="found list"):
        write_credentials({}, path, base_path=base)
