"""An HTTP request of the REST channel or of the chat page -> `Incoming`, or `RequestError` to answer.

The body is read in pieces so that a large one never stands in memory, and parsed here rather than by Sanic,
so that every fault (not UTF-8, not JSON, nested too deep, a wrong type) gets one shape of answer:
`{"error": {"code": "...", "message": "..."}}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from sanic.request import Request

from bot.channels.hints import accepted_language, language_code

MAX_BODY = 256 * 1024
_NAME = re.compile(r"[\w.:-]{1,64}")


class RequestError(ValueError):
    """A request we do not serve. `code` is for programs, the message for the people who write them."""

    def __init__(self, code: str, message: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(message)
        self.code = code
        self.status = int(status)

    def as_json(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"error": {"code": self.code, "message": str(self)}}


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message as it came in.

    Attributes:
        sender: the conversation's id, 1 to 255 printable characters.
        message: the text, not yet cleaned; may be empty.
        input_channel: name for the tracker, None for the channel's own.
        message_id: the client's own id of the message, which makes sending it again safe.
        language_hint: ISO 639-1 code, a guess of the client's.
        language_choice: ISO 639-1 code the customer picked from a menu.
    """

    sender: str
    message: str
    input_channel: str | None = None
    message_id: str | None = None
    language_hint: str | None = None
    language_choice: str | None = None

    def metadata(self) -> dict[str, str | None]:
        """What is kept with the message in the tracker; the choice only where one was made."""
        metadata = {"language_hint": self.language_hint}
        if self.language_choice is not None:
            metadata["language_choice"] = self.language_choice
        return metadata


async def read_body(request: Request) -> bytes:
    """The body of a streaming route. Raises RequestError (413) above MAX_BODY, the rest being thrown away."""
    size, chunks = 0, []
    async for chunk in request.stream:
        size += len(chunk)
        if size <= MAX_BODY:
            chunks.append(chunk)
    if size > MAX_BODY:
        raise RequestError(
            "body_too_large",
            f"The body has {size} bytes, at most {MAX_BODY} are read.",
            status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        )
    return b"".join(chunks)


def parse(body: bytes, *, accept_language: str = "", languages: Collection[str] = ()) -> Incoming:
    """The message in a JSON body.

    Args:
        body: `{"sender", "message", "language"?, "message_id"?, "input_channel"?, "metadata"?}`; in
            `metadata` are read
            `language` and `language_choice`.
        accept_language: the request's header, the hint where the body has none.
        languages: codes preferred from that header.

    Raises:
        RequestError: naming the field, what was expected and what was found.
    """
    fields = _json_object(body)
    metadata = fields.get("metadata")
    if metadata is None:
        metadata = {}
    elif not isinstance(metadata, dict):
        raise _unexpected("'metadata'", "an object", metadata)
    sender, message = _required_text(fields, "sender"), _required_text(fields, "message")
    if not 1 <= len(sender) <= 255 or not sender.isprintable() or sender.isspace():
        raise RequestError("invalid_sender", "'sender' must be 1 to 255 printable characters.")
    hint = _language(metadata, "language", "metadata.language") or _language(fields, "language", "language")
    return Incoming(
        sender=sender,
        message=message,
        input_channel=_name(fields, "input_channel"),
        message_id=_name(fields, "message_id"),
        language_hint=hint or accepted_language(accept_language, languages),
        language_choice=_language(metadata, "language_choice", "metadata.language_choice"),
    )


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body)
    except RecursionError:
        raise RequestError("invalid_json", "The body is nested too deep.") from None
    except ValueError as error:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        raise RequestError("invalid_json", f"The body is not JSON in UTF-8: {error}.") from None
    if not isinstance(fields, dict):
        raise _unexpected("The body", "an object", fields)
    return fields


def _required_text(fields: Mapping[str, Any], key: str) -> str:
    if fields.get(key) is None:
        raise RequestError(f"missing_{key}", f"'{key}' is missing; it must be a string.")
    value = fields[key]
    if not isinstance(value, str):
        raise _unexpected(f"'{key}'", "a string", value)
    return value


def _name(fields: Mapping[str, Any], key: str) -> str | None:
    value = fields.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise _unexpected(f"'{key}'", "a string", value)
    if not _NAME.fullmatch(value):
        raise RequestError(f"invalid_{key}", f"'{key}' must be 1 to 64 letters, digits or any of _ . : -")
    return value


def _language(fields: Mapping[str, Any], key: str, shown: str) -> str | None:
    value = fields.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _unexpected(f"'{shown}'", "a string", value)
    code = language_code(value)
    if code is None:
        raise RequestError("invalid_language", f"'{shown}' is no language tag such as de or pt-BR: {value[:40]!r}.")
    return code


def _unexpected(what: str, expected: str, value: object) -> RequestError:
    names = {
        dict: "an object",
        list: "an array",
        str: "a string",
        bool: "a boolean",
        int: "a number",
        float: "a number",
    }
    found = "null" if value is None else names.get(type(value), "something else")
    return RequestError("wrong_type", f"{what} must be {expected}, found {found}.")
