"""The REST channel over HTTP, against a server on loopback."""

from __future__ import annotations

import http.client
import json
import threading
from typing import Any

import pytest

from bot.channels.rest import RestInput
from tests.bot.channels.conftest import Serve
from tests.bot.channels.loopback import EchoAgent, Server

WEBHOOK = "/webhooks/rest/webhook"


@pytest.fixture
def server(serve: Serve) -> Server:
    return serve(RestInput())


def post(server: Server, headers: dict[str, str] | None = None, **body: Any) -> Any:
    answer = server.request("POST", WEBHOOK, {"sender": "anna", **body}, headers)
    assert answer.status == 200, answer.body
    return answer.json()


def test_a_reply_carries_its_metadata(server: Server) -> None:
    assert post(server, message="Wo ist mein Paket?", language="de") == [
        {
            "recipient_id": "anna",
            "text": "Guten Tag: Wo ist mein Paket?",
            "metadata": {"language": "de", "written_by": "template"},
        }
    ]


def test_buttons_are_kept(server: Server) -> None:
    [reply] = post(server, message="ask")
    assert [button["payload"] for button in reply["buttons"]] == ["/affirm", "/deny"]
    assert reply["metadata"]["language"] == "en"


def test_paragraphs_come_as_rasa_splits_them_each_with_metadata(server: Server) -> None:
    replies = post(server, message="two")
    assert [reply["text"] for reply in replies] == ["one", "two"]
    assert [reply["metadata"]["written_by"] for reply in replies] == ["template", "template"]


def test_health_is_answered_as_by_rasa(server: Server) -> None:
    assert server.request("GET", "/webhooks/rest/").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("body", "header", "hint"),
    [
        ({"metadata": {"language": "tr"}, "language": "fr"}, "de", "tr"),
        ({"language": "pt-BR"}, "de", "pt"),
        ({"metadata": {}}, "de-CH,de;q=0.9,en;q=0.8", "de"),
        ({"metadata": None, "language": None}, "en;q=0.4, ja", "ja"),
        ({}, "*", None),
        ({}, "", None),
    ],
)
def test_hint_is_the_nearest_to_the_customer(
    server: Server, body: dict[str, Any], header: str, hint: str | None
) -> None:
    post(server, {"Accept-Language": header}, message="48213", **body)
    assert server.agent.messages[-1].metadata == {"language_hint": hint}


def test_choice_is_passed_on_only_when_made(server: Server) -> None:
    post(server, message="hi", metadata={"language": "en", "language_choice": "ar", "admin": True})
    assert server.agent.messages[-1].metadata == {"language_hint": "en", "language_choice": "ar"}


def test_text_is_cleaned_and_no_command(server: Server) -> None:
    for message in ('/track_order{"order_number": "1"}', "/track_order", "/restart", "", "a\u202eb"):
        post(server, message=message)
    texts = [message.text for message in server.agent.messages]
    assert texts == ['／track_order{"order_number": "1"}', "/track_order", "／restart", "/input_empty", "ab"]


def test_input_channel_is_its_own_or_the_callers(server: Server) -> None:
    post(server, message="a")
    post(server, message="b", input_channel="kiosk")
    assert [message.input_channel for message in server.agent.messages] == ["rest", "kiosk"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "invalid_json"),
        (b"{", "invalid_json"),
        (b"\xff\xfe{}", "invalid_json"),
        (b"[" * 100_000, "invalid_json"),
        (b"[]", "wrong_type"),
        (b"null", "wrong_type"),
        ({"message": "a"}, "missing_sender"),
        ({"sender": "anna"}, "missing_message"),
        ({"sender": None, "message": "a"}, "missing_sender"),
        ({"sender": 7, "message": "a"}, "wrong_type"),
        ({"sender": "anna", "message": ["a"]}, "wrong_type"),
        ({"sender": "", "message": "a"}, "invalid_sender"),
        ({"sender": "a\u0000b", "message": "a"}, "invalid_sender"),
        ({"sender": "\ud800", "message": "a"}, "invalid_sender"),
        ({"sender": "x" * 256, "message": "a"}, "invalid_sender"),
        ({"sender": "anna", "message": "a", "metadata": "de"}, "wrong_type"),
        ({"sender": "anna", "message": "a", "metadata": {"language": 3}}, "wrong_type"),
        ({"sender": "anna", "message": "a", "language": "<script>"}, "invalid_language"),
        ({"sender": "anna", "message": "a", "input_channel": "a/b"}, "invalid_input_channel"),
        ({"sender": "anna", "message": "a", "message_id": 3}, "wrong_type"),
    ],
)
def test_a_faulty_request_is_told_what_is_wrong(server: Server, body: Any, code: str) -> None:
    answer = server.request("POST", WEBHOOK, body)
    assert (answer.status, answer.json()["error"]["code"]) == (400, code)
    assert set(answer.json()["error"]) == {"code", "message"}
    assert server.agent.messages == []


def test_errors_name_field_expectation_and_finding(server: Server) -> None:
    error = server.request("POST", WEBHOOK, {"sender": "anna", "message": 48213}).json()["error"]
    assert error["message"] == "'message' must be a string, found a number."


def test_a_body_over_256_kb_is_refused(server: Server) -> None:
    full = json.dumps({"sender": "anna", "message": ""}).encode()
    fitting = full[:-2] + b"x" * (256 * 1024 - len(full)) + full[-2:]
    assert server.request("POST", WEBHOOK, fitting).status == 200
    assert server.agent.messages[-1].text == "/input_too_long"
    answer = server.request("POST", WEBHOOK, fitting + b" ")
    assert (answer.status, answer.json()["error"]["code"]) == (413, "body_too_large")
    assert server.request("POST", WEBHOOK, b"x" * 5_000_000).status == 413
    assert len(server.agent.messages) == 1


def test_streaming_sends_each_reply_as_a_line(server: Server) -> None:
    answer = server.request("POST", WEBHOOK + "?stream=true", {"sender": "anna", "message": "two"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert [json.loads(line)["text"] for line in answer.body.splitlines()] == ["one", "two"]
    assert json.loads(answer.body.splitlines()[0])["metadata"]["language"] == "en"


def test_streaming_ends_when_the_bot_fails(server: Server) -> None:
    answer = server.request("POST", WEBHOOK + "?stream=true", {"sender": "anna", "message": "fail"})
    assert json.loads(answer.body)["error"]["code"] == "not_answered"


def test_streaming_does_not_wait_for_the_last_reply(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("POST", WEBHOOK + "?stream=true", json.dumps({"sender": "anna", "message": "slowly"}))
    answer = connection.getresponse()
    assert json.loads(answer.readline())["text"] == "Hello: slowly"
    assert server.agent.answered == []
    server.agent.go_on.set()
    assert json.loads(answer.readline())["text"] == "done"
    connection.close()


def test_a_failure_is_an_error_and_not_an_empty_answer(server: Server) -> None:
    answer = server.request("POST", WEBHOOK, {"sender": "anna", "message": "fail"})
    assert (answer.status, answer.json()["error"]["code"]) == (500, "not_answered")


def test_what_was_said_before_a_failure_is_answered(server: Server) -> None:
    assert [reply["text"] for reply in post(server, message="half")] == ["Hello: half"]


def test_silence_is_an_empty_answer(server: Server) -> None:
    assert post(server, message="nothing") == []


def test_without_a_model_the_caller_is_told_to_come_back(serve: Serve) -> None:
    agent = EchoAgent()
    agent.ready = False
    answer = serve(RestInput(), agent=agent).request("POST", WEBHOOK, {"sender": "anna", "message": "hi"})
    assert (answer.status, answer.json()["error"]["code"]) == (503, "not_ready")


def test_messages_of_one_sender_are_answered_in_order(server: Server) -> None:
    """The second and third arrive while the first is being answered; a fourth, of somebody else, passes them."""
    threads = []
    for message in ("wait", "second", "third"):
        thread = threading.Thread(target=post, args=(server,), kwargs={"message": message})
        thread.start()
        threads.append(thread)
        assert server.agent.arrived.get(timeout=30) == message
    assert post(server, sender="bert", message="fourth")[0]["text"] == "Hello: fourth"
    server.agent.go_on.set()
    for thread in threads:
        thread.join(30)
    assert server.agent.answered == ["fourth", "wait", "second", "third"]


def test_a_message_sent_again_is_answered_once(server: Server) -> None:
    first = post(server, message="hi", message_id="m-1")
    assert post(server, message="hi", message_id="m-1") == first
    post(server, message="hi", message_id="m-2")
    post(server, sender="bert", message="hi", message_id="m-1")
    assert len(server.agent.messages) == 3
    assert server.agent.messages[0].message_id == "m-1"


def test_a_message_that_failed_may_be_sent_again(server: Server) -> None:
    body = {"sender": "anna", "message": "fail", "message_id": "m-1"}
    assert [server.request("POST", WEBHOOK, body).status for _ in range(2)] == [500, 500]
    assert len(server.agent.messages) == 2


def test_a_caller_who_hangs_up_finds_the_answer_later(server: Server) -> None:
    body = {"sender": "anna", "message": "wait", "message_id": "m-1"}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("POST", WEBHOOK, json.dumps(body))
    assert server.agent.begun.get(timeout=30) == "wait"
    connection.close()
    server.agent.go_on.set()
    [reply] = server.request("POST", WEBHOOK, body).json()
    assert (reply["text"], len(server.agent.messages)) == ("Hello: wait", 1)


def test_options_are_checked() -> None:
    assert RestInput.from_credentials(None).languages == frozenset()
    assert RestInput.from_credentials({"languages": ["de"]}).languages == {"de"}
    with pytest.raises(ValueError, match="no option 'langauges'; its options are: languages"):
        RestInput.from_credentials({"langauges": ["de"]})
    with pytest.raises(ValueError, match="must be a list, found a str"):
        RestInput.from_credentials({"languages": "de"})
