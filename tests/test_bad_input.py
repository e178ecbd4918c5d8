"""Whatever comes in: a clear reply or a clear 4xx in JSON, never a 5xx, and the conversation goes on.

The messages go to the real server over REST. Requests that are no messages at all are answered with
`{"error": {"code", "message"}}`.
"""

from __future__ import annotations

import json
import random
import sys
import unicodedata
from collections.abc import Sequence

import pytest

from tests.conversations.harness import general_problems, says
from tests.xenia_server import Reply, Server

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]
ORDER = "10012"
SENDER = "test-bad-request"
N_RANDOM_MESSAGES = 60
WORDS = "where order 48213 пакет طلب 注文 रिफ़ंड 退货 iade zwrot @ .com € 10% #1 <b> ' \" \\ {x} /"
MESSAGES = {
    "control characters": ("\x00\x01\x1b[31mwhere\x07 is\x08 my\x7f parcel\x9f?", "en"),
    "zero-width characters": ("w\u200bh\u200dere\ufeff i\u2060s my\u00ad parcel?", "en"),
    "bidi overrides": ("\u202ewhere is my parcel\u202c \u2067?\u2069", "en"),
    "both directions": ("أين طلبي رقم AG-77120-3 please؟ مشكلة في ال tracking", "ar"),
    "emoji only": ("😀🎉👩‍👩‍👧‍👦🇯🇵", "fr"),
    "combining marks": ("Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘", "en"),
    "HTML and script": ("<script>alert(1)</script><img src=x onerror=alert(1)> where is my parcel", "en"),
    "SQL": ("Robert'); DROP TABLE orders; DROP TABLE events; --", "en"),
    "a template": ("{order_number} {{7*7}} ${jndi:ldap://x} %s %n", "en"),
    "a Rasa command": ('/track_order{"order_number": "10022"}', "de"),
    "a restart": ("/restart", "de"),
    "a path": ("../../../../etc/passwd", "it"),
    "lone surrogates": ("pacco \ud83d dov'è \udc00?", "it"),
    "noncharacters": ("\ufdd0\uffff\U0010ffff paquete", "es"),
    "one punctuation mark": ("?", "pt"),
    "an endless word": ("a" * 1900, "nl"),
    "newlines": ("bonjour\n\n\n\r\n\tje voudrais savoir\u2028où est mon colis", "fr"),
}
STRANGE_IN_A_FORM = (
    "emoji only",
    "combining marks",
    "a path",
    "a template",
    "one punctuation mark",
    "an endless word",
    "noncharacters",
)
INVISIBLE = {
    "nothing": "",
    "spaces": " \t\n\u3000\u00a0",
    "zero width": "\u200b\u200d\u2060\ufeff",
    "controls": "\x00\x07\x1b",
    "blank letters": "\u3164\u2800",
}
REQUESTS: dict[str, bytes] = {
    "no body": b"",
    "no JSON": b"hello",
    "half a body": b'{"sender": "x", "message": "hel',
    "not UTF-8": b'{"sender": "test-bad-request", "message": "\xff\xfe"}',
    "an array": b'[{"sender": "test-bad-request", "message": "hi"}]',
    "a text": b'"hi"',
    "null": b"null",
    "no sender": b'{"message": "hi"}',
    "no message": b'{"sender": "test-bad-request"}',
    "an empty sender": b'{"sender": "", "message": "hi"}',
    "a sender of control characters": b'{"sender": "\\u0000\\u0007", "message": "hi"}',
    "a huge sender": json.dumps({"sender": "x" * 10_000, "message": "hi"}).encode(),
    "a number as sender": b'{"sender": 7, "message": "hi"}',
    "a number as message": b'{"sender": "test-bad-request", "message": 48213}',
    "a list as message": b'{"sender": "test-bad-request", "message": ["hi"]}',
    "null as message": b'{"sender": "test-bad-request", "message": null}',
    "a text as metadata": b'{"sender": "test-bad-request", "message": "hi", "metadata": "de"}',
    "a number as language": b'{"sender": "test-bad-request", "message": "hi", "metadata": {"language": 1}}',
    "no language tag": b'{"sender": "test-bad-request", "message": "hi", "metadata": {"language": "<b>"}}',
    "very deep": b'{"sender": "test-bad-request", "message": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep metadata": b'{"sender": "test-bad-request", "message": "hi", "metadata": '
    + b'{"a":' * 30_000
    + b"1"
    + b"}" * 30_001,
    "a NaN": b'{"sender": NaN, "message": "hi"}',
}


def assert_sound(replies: Sequence[Reply]) -> None:
    """At least one reply, none of them empty, unfilled or with the innards showing."""
    assert replies, "expected a reply, found silence"
    assert [problem for reply in replies for problem in general_problems(reply)] == [], [one.text for one in replies]


def assert_goes_on(server: Server, sender: str) -> None:
    """The conversation still takes an order up, in words that leave no doubt about the language."""
    replies = server.say(sender, f"Where is my order {ORDER}? Please answer me in English from now on.", language="en")
    assert_sound(replies)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_strange_message_gets_a_clear_reply(server: Server, name: str) -> None:
    message, language = MESSAGES[name]
    sender = server.new_sender("bad")
    replies = server.say(sender, message, language=language)
    assert_sound(replies)
    assert not any("<script" in reply.text or "alert(1)" in reply.text for reply in replies)
    assert_goes_on(server, sender)


@pytest.mark.parametrize("name", STRANGE_IN_A_FORM)
def test_a_strange_message_does_not_lose_a_form(server: Server, name: str) -> None:
    """The order number was given before it, so the contact alone is enough after it."""
    sender = server.new_sender("bad-form")
    server.say(sender, "I want to know where my order is", language="en")
    (asked,) = server.say(sender, ORDER, language="en")
    assert says(asked.text, "utter_ask_contact", "en"), asked.text
    assert_sound(server.say(sender, MESSAGES[name][0], language="en"))
    replies = server.say(sender, "demo.en@example.com", language="en")
    assert says(replies[0].text, "utter_order_shipped", "en"), [one.text for one in replies]
    assert ORDER in replies[0].text


@pytest.mark.parametrize("name", INVISIBLE)
@pytest.mark.parametrize("language", ["en", "ar", "ja"])
def test_a_message_without_text_is_said_to_be_empty(server: Server, name: str, language: str) -> None:
    sender = server.new_sender("empty")
    (reply,) = server.say(sender, INVISIBLE[name], language=language)
    assert says(reply.text, "utter_input_empty", language), reply.text
    assert_goes_on(server, sender)


@pytest.mark.parametrize(("language", "greeting"), [("en", "hello there "), ("ar", "مرحبا "), ("zh", "你好")])
def test_a_hundred_thousand_characters_are_too_long(server: Server, language: str, greeting: str) -> None:
    """Said in the customer's language; where that many characters are more bytes than are read, in an error."""
    sender = server.new_sender("long")
    server.say(sender, greeting, language=language)
    answer = server.post({"sender": sender, "message": (greeting * 50_000)[:100_000]})
    if answer.status_code == 200:
        (reply,) = answer.json()
        assert says(reply["text"], "utter_input_too_long", language), reply["text"]
    else:
        assert (answer.status_code, language) == (413, "zh")
        assert answer.json()["error"]["code"] == "body_too_large"
    assert_goes_on(server, sender)


def test_two_thousand_and_one_characters_are_too_long(server: Server) -> None:
    sender = server.new_sender("long")
    (reply,) = server.say(sender, "长" * 2001, language="zh")
    assert says(reply.text, "utter_input_too_long", "zh"), reply.text


def test_an_empty_message_inside_a_form_is_asked_again(server: Server) -> None:
    sender = server.new_sender("form")
    server.say(sender, "Wo ist denn meine Bestellung?", language="de")
    server.say(sender, "10022", language="de")
    replies = server.say(sender, "\u200b", language="de")
    assert says(replies[0].text, "utter_input_empty", "de"), replies[0].text
    replies = server.say(sender, "demo.de@example.com", language="de")
    assert says(replies[0].text, "utter_order_shipped", "de"), [one.text for one in replies]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("sv", "Hej! Jag undrar var mitt paket är någonstans, det skulle ha kommit redan i måndags."),
        ("uk", "Добрий день, підкажіть, будь ласка, де зараз моє замовлення і коли його вже доставлять?"),
    ],
)
def test_a_language_not_spoken_is_answered_in_the_nearest_and_told_so(server: Server, code: str, message: str) -> None:
    sender = server.new_sender(code)
    replies = server.say(sender, message, language=code)
    assert_sound(replies)
    nearest = replies[0].metadata["language"]
    assert nearest != code
    told = [reply for reply in replies if says(reply.text, "utter_language_unavailable", nearest, anywhere=True)]
    assert len(told) == 1, [reply.text for reply in replies]
    again = server.say(sender, message, language=code)
    assert_sound(again)
    assert not any(says(reply.text, "utter_language_unavailable", nearest, anywhere=True) for reply in again)


def test_sql_in_a_form_reads_and_drops_nothing(server: Server) -> None:
    sender = server.new_sender("sql")
    server.say(sender, "where is my order?", language="en")
    server.say(sender, ORDER, language="en")
    replies = server.say(sender, "' OR 1=1; DROP TABLE orders; --", language="en")
    assert_sound(replies)
    assert not any(says(reply.text, "utter_order_shipped", "en") for reply in replies)
    other = server.new_sender("sql")
    server.say(other, "where is my order?", language="en")
    server.say(other, ORDER, language="en")
    replies = server.say(other, "demo.en@example.com", language="en")
    assert says(replies[0].text, "utter_order_shipped", "en"), [one.text for one in replies]


def test_somebody_elses_contact_shows_no_order(server: Server) -> None:
    sender = server.new_sender("nosy")
    server.say(sender, "where is my order?", language="en")
    server.say(sender, ORDER, language="en")
    replies = server.say(sender, "demo.de@example.com", language="en")
    assert says(replies[0].text, "utter_order_not_found", "en"), [one.text for one in replies]


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_that_is_no_message_gets_a_4xx_in_json(server: Server, name: str) -> None:
    answer = server.post(REQUESTS[name])
    assert 400 <= answer.status_code < 500, f"{answer.status_code}: {answer.text[:300]}"
    error = answer.json()["error"]
    assert set(error) == {"code", "message"}
    assert error["code"]
    assert len(error["message"]) > 10
    assert "Traceback" not in answer.text
    assert_sound(server.say(server.new_sender("after"), "hello", language="en"))


def test_a_body_of_a_megabyte_is_refused(server: Server) -> None:
    answer = server.post({"sender": SENDER, "message": "x" * 1_000_000})
    assert answer.status_code == 413
    assert answer.json()["error"]["code"]


def test_another_content_type_is_read_or_refused(server: Server) -> None:
    body = json.dumps({"sender": server.new_sender("type"), "message": "hello"}).encode()
    assert server.post(body, content_type="text/plain").status_code in (200, 400, 415)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_another_method_is_refused(server: Server, method: str) -> None:
    answer = server.session.request(method, f"{server.url}/webhooks/rest/webhook", timeout=30)
    assert answer.status_code in (404, 405)
    assert "Traceback" not in answer.text


def test_random_text_never_breaks_a_conversation(server: Server) -> None:
    """Seeded, so that a failure comes back; each message has a conversation of its own and a plain one after it."""
    faults = []
    for message in random_messages(N_RANDOM_MESSAGES, seed=20260301):
        sender = server.new_sender("random")
        try:
            replies = server.say(sender, message, language="en")
            assert_sound(replies)
            if all(reply.metadata["written_by"] != "handoff" for reply in replies):
                assert_sound(server.say(sender, "hello", language="en"))
        except AssertionError as error:
            faults.append(f"{message[:60]!a}: {error}")
    assert faults == []


def random_messages(n_messages: int, *, seed: int) -> list[str]:
    """1 to 300 characters each: of the whole of Unicode, of one block, or of customers' words torn to pieces."""
    generator = random.Random(seed)
    makers = (_any_characters, _one_block, _torn_words)
    return [makers[number % 3](generator, generator.randint(1, 300)) for number in range(n_messages)]


def _any_characters(generator: random.Random, length: int) -> str:
    return "".join(chr(generator.randrange(sys.maxunicode + 1)) for _ in range(length))


def _one_block(generator: random.Random, length: int) -> str:
    start = generator.randrange(0x20, 0x1F000)
    return "".join(chr(start + generator.randrange(256)) for _ in range(length))


def _torn_words(generator: random.Random, length: int) -> str:
    words = generator.choices(WORDS.split(), k=length // 6 + 1)
    return " ".join("".join(generator.sample(word, len(word))) for word in words)


def test_the_random_messages_are_the_same_each_time_and_strange() -> None:
    messages = random_messages(N_RANDOM_MESSAGES, seed=1)
    assert messages == random_messages(N_RANDOM_MESSAGES, seed=1)
    assert len({unicodedata.category(char) for message in messages for char in message}) > 20
    assert all(1 <= len(message) <= 400 for message in messages)
