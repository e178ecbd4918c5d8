"""The channels that are switched on: the repository's credentials.yml and, by the environment, Slack and
Telegram.

Rasa expands `${VARIABLE}` in its YAML but refuses to start where one is not set, so a file that names every
channel cannot serve those who use none. `write_credentials` writes the file for this environment. It holds
secrets as they are, therefore only its owner may read it; it is JSON, which is YAML too and leaves no doubt
about what is text.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

BASE_PATH = Path("credentials.yml")


class CredentialsError(ValueError):
    """A channel that is only partly configured; the message names what is missing."""


@dataclass(frozen=True, slots=True)
class _Channel:
    """A channel that the environment switches on: variables -> Rasa's options, the first all needed."""

    name: str
    module: str
    needed: Mapping[str, str]
    optional: Mapping[str, str]

    def options(self, environment: Mapping[str, str]) -> dict[str, str] | None:
        """The options, None where no variable is set. Raises CredentialsError where only some are."""
        values = {variable: environment.get(variable, "").strip() for variable in [*self.needed, *self.optional]}
        given = [variable for variable, value in values.items() if value]
        missing = [variable for variable in self.needed if not values[variable]]
        if not given:
            return None
        if missing:
            raise CredentialsError(
                f"{self.name} is only partly configured: {', '.join(given)} set, but not {', '.join(missing)}. "
                "Set them all or none."
            )
        return {{**self.needed, **self.optional}[variable]: values[variable] for variable in given}


_CHANNELS = (
    _Channel(
        name="Slack",
        module="bot.channels.slack.SlackInput",
        needed={"SLACK_TOKEN": "slack_token", "SLACK_SIGNING_SECRET": "slack_signing_secret"},
        optional={"SLACK_CHANNEL": "slack_channel"},
    ),
    _Channel(
        name="Telegram",
        module="bot.channels.telegram.TelegramInput",
        needed={
            "TELEGRAM_TOKEN": "access_token",
            "TELEGRAM_BOT_NAME": "verify",
            "TELEGRAM_WEBHOOK_URL": "webhook_url",
        },
        optional={},
    ),
)


def write_credentials(environment: Mapping[str, str], path: Path, *, base_path: Path = BASE_PATH) -> list[str]:
    """Writes the channels of `base_path` and those of the environment to `path`, replacing it.

    Returns:
        The module paths of the channels, in the order of the file.

    Raises:
        CredentialsError: a channel is partly configured, or the base is no mapping.
        FileNotFoundError: there is no `base_path`.
    """
    channels: Any = yaml.safe_load(base_path.read_text(encoding="utf-8"))
    if not isinstance(channels, dict):
        raise CredentialsError(f"{base_path} must map channels to their options, found {type(channels).__name__}.")
    for channel in _CHANNELS:
        options = channel.options(environment)
        if options is not None:
            channels[channel.module] = options
    text = f"# Written from {base_path} and the environment.\n{json.dumps(channels, indent=2)}\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.unlink(missing_ok=True)
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600), "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(partial, path)
    return list(channels)
