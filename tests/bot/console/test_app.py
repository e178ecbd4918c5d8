"""The review's page: the real server over HTTP with a real database, and the page in a real browser where there is one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.engine import Engine

from bot.console.app import Console, make_app
from retrieval.library import library, row_of
from retrieval.templates import AnswerTemplate
from store.sessions import session_scope
from store.status import Status
from store.template_tables import Decision, Template
from tests.bot.console.conftest import FrenchOnly

REVIEWER = {"X-Reviewer": "Mira%20M%C3%BCller"}


def of_the_files() -> dict[str, Template]:
    """Rows as `bot.library.Library.rows` makes them of data/templates."""
    told = {
        "warranty.period.de.1": "Zwei Jahre.",
        "warranty.period.de.2": "24 Monate.",
        "warranty.claim.en.1": "Write to us.",
    }
    return {
        key: row_of(
            AnswerTemplate(key, key.split(".")[2], "warranty", (f"? {text}",), text, (), Status.APPROVED, "files")
        )
        for key, text in told.items()
    }


@pytest.fixture
async def client(database: Engine) -> AsyncIterator[TestClient]:
    indexed: list[int] = []
    console = Console(
        database,
        ("en", "de", "fr"),
        drafter=FrenchOnly,  # type: ignore[arg-type]
        index=lambda: indexed.append(1),
        files=of_the_files,
    )
    async with TestClient(TestServer(make_app(console))) as made:
        made.indexed = indexed  # type: ignore[attr-defined]
        yield made


async def decide(client: TestClient, status: int = 200, **asked: Any) -> dict[str, Any]:
    response = await client.post("/api/templates/need1.de.1", json=asked, headers=REVIEWER)
    assert response.status == status, await response.text()
    return dict(await response.json())


async def test_needs_show_answers_languages_and_what_waits(client: TestClient) -> None:
    (need,) = (await (await client.get("/api/needs?waiting=1")).json())["needs"]
    assert (need["name"], need["is_known"], need["n_waiting"]) == ("return_shoes", False, 1)
    assert (need["covered"], need["missing"]) == ([], ["en", "de", "fr"])
    assert need["templates"][0]["text"] == "{order_number} kann zurück."
    assert (await (await client.get("/api/needs?search=nirgends")).json())["needs"] == []


async def test_a_decision_is_recorded_with_the_name_and_the_index_follows(client: TestClient, database: Engine) -> None:
    changed = await decide(client, action="approve", revision=1)
    assert changed["template"]["status"] == "approved"
    (found,) = (await (await client.get("/api/templates/need1.de.1/history")).json())["decisions"]
    assert (found["by"], found["action"], found["after"]) == ("Mira Müller", "approve", {"status": "approved"})
    assert client.indexed == [1]  # type: ignore[attr-defined]
    assert (await (await client.get("/api/needs?waiting=1")).json())["needs"] == []


async def test_the_later_of_two_reviewers_gets_409_and_nothing_is_written(client: TestClient, database: Engine) -> None:
    await decide(client, action="edit", revision=1, text="Ja, {order_number} kann zurück.")
    said = await decide(client, 409, action="retire", revision=1)
    assert "expected revision 1, found 2" in said["error"]
    with session_scope(database) as session:
        assert session.query(Decision).count() == 1


async def test_the_answers_of_the_files_are_shown_by_topic_and_a_decision_gives_them_a_row(
    client: TestClient, database: Engine
) -> None:
    async def shown() -> dict[str, dict[str, Any]]:
        needs = (await (await client.get("/api/library")).json())["needs"]
        return {need["name"]: need for need in needs}

    before = await shown()
    assert sorted(before) == ["warranty.claim", "warranty.period"]
    assert (before["warranty.period"]["covered"], before["warranty.period"]["missing"]) == (["de"], ["en", "fr"])
    with session_scope(database) as session:
        assert session.get(Template, "warranty.period.de.1") is None  # looking decides nothing

    async def act(template: str, **asked: Any) -> int:
        return (await client.post(f"/api/templates/{template}", json=asked, headers=REVIEWER)).status

    assert await act("warranty.claim.en.1", action="retire", revision=None) == 200
    assert await act("warranty.period.de.1", action="merge", others=["warranty.period.de.2"]) == 200
    assert await act("warranty.period.de.1", action="draft", language="fr") == 200
    after = await shown()
    assert [one["status"] for one in after["warranty.claim"]["templates"]] == ["retired"]
    statuses = {one["id"]: one["status"] for one in after["warranty.period"]["templates"]}
    assert statuses == {
        "warranty.period.fr.1": "mined", "warranty.period.de.1": "approved", "warranty.period.de.2": "retired"
    }  # fmt: skip
    with session_scope(database) as session:
        served = {one.id: one.status for one in library(session, [])}
    assert served["warranty.claim.en.1"] is Status.RETIRED
    assert (await (await client.get("/api/library?search=write")).json())["needs"][0]["name"] == "warranty.claim"
    assert (await client.get("/api/templates/warranty.period.de.2/sources")).status == 200


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"action": "explode"}, "action: expected one of approve"),
        ({"action": "edit"}, "expected a text or questions"),
        ({"action": "edit", "text": "{half"}, "a brace that belongs to none"),
        ({"action": "assign", "intent": "no spaces allowed"}, "intent: expected letters"),
        ({"action": "merge", "others": ["need1.de.1"]}, "found none or itself"),
        ({"action": "merge", "others": "need1.de.1"}, "others: expected a list"),
        ({"action": "draft", "language": "pl"}, "no draft passed the checks"),
        ({"action": "approve", "revision": "1"}, "revision: expected the number"),
    ],
)
async def test_what_cannot_be_done_is_said_in_words(client: TestClient, asked: dict[str, Any], said: str) -> None:
    assert said in (await decide(client, 400, **asked))["error"]


async def test_a_draft_in_a_missing_language_waits_for_approval(client: TestClient) -> None:
    made = (await decide(client, action="draft", language="fr", revision=1))["template"]
    assert (made["id"], made["status"], made["origin"]) == ("need1.fr.1", "mined", "draft")


async def test_sources_show_the_redacted_conversation(client: TestClient) -> None:
    ((first, second),) = (await (await client.get("/api/templates/need1.de.1/sources")).json())["conversations"]
    assert first == {
        "role": "customer",
        "text": "kann ich [order_number:4F7K] zurück",
        "language": "de",
        "is_answer": False,
    }
    assert second["is_answer"]
    assert (await client.get("/api/templates/nothing/sources")).status == 400


async def test_broken_calls_get_a_sentence_not_a_trace(client: TestClient) -> None:
    for body, status in ((b"{", 400), (b"[]", 400), (b"\xff\xfe", 400), (b"x" * 70_000, 413)):
        response = await client.post("/api/templates/need1.de.1", data=body, headers=REVIEWER)
        assert response.status == status
        assert "Traceback" not in await response.text()
    assert (await client.post("/api/templates/need1.de.1", json={"action": "approve"})).status == 400
    assert (await client.get("/../settings.py")).status == 404
    assert (await client.get("/nothing.js")).status == 404


async def test_other_machines_need_the_token(database: Engine) -> None:
    open_console = Console(database, ("en",), drafter=FrenchOnly)  # type: ignore[arg-type]
    async with TestClient(TestServer(make_app(open_console))) as client:
        assert (await client.get("/api/needs", headers={"Host": "evil.example:5006"})).status == 403
        assert (await client.get("/api/needs")).status == 200
    closed = Console(database, ("en",), drafter=FrenchOnly, token="s3cret")  # type: ignore[arg-type]
    async with TestClient(TestServer(make_app(closed))) as client:
        assert (await client.get("/api/needs")).status == 401
        assert (await client.get("/api/needs", headers={"Authorization": "Bearer wrong"})).status == 401
        right = {"Authorization": "Bearer s3cret", "Host": "review.example"}
        assert (await client.get("/api/needs", headers=right)).status == 200
