"""A person out of every place: real database, what ingestion stored, a tracker beside it, and a second search."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.engine import Engine

from bot.library import Library
from bot.settings import Settings
from store.conversation_tables import Conversation, Message
from store.schema import migrate
from store.sessions import engine, session_scope
from store.status import Status
from store.tables import Feedback, Handoff
from store.template_tables import Need, Template, TemplateOrigin, TemplateSource
from tests.models import table_encoder
from training.ingest.prepare import Preparing
from training.ingest.run import Source, ingest
from training.logs.rows import row_id
from training.privacy.erase import erase, write_receipt
from training.privacy.person import Person
from training.privacy.retention import retain
from training.privacy.seen import write_seen

SECRET = bytes(range(32))
EMAIL = "k.lorenz@example.de"
QUESTION = "can I send the blue lamp back"
NOW = datetime(2026, 6, 1, tzinfo=timezone.utc)


@pytest.fixture
def database(tmp_path: Path) -> Engine:
    made = engine(f"sqlite:///{tmp_path / 'xenia.db'}")
    migrate(made)
    conversations = [
        (
            "c1",
            [
                ("customer", f"{QUESTION}"),
                ("customer", f"I am {EMAIL}"),
                ("agent", "Yes, within thirty days of delivery."),
            ],
            400,
        ),
        ("c2", [("customer", "do you ship to Norway at all"), ("agent", "Yes, we ship to Norway and Sweden.")], 10),
    ]
    lines = [
        json.dumps(
            {
                "conversation_id": name,
                "turns": [
                    {"role": role, "text": said, "at": (NOW - timedelta(days=age)).isoformat()} for role, said in turns
                ],
            }
        )
        for name, turns, age in conversations
    ]
    path = tmp_path / "logs.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    ingest(Source(str(path), name="desk"), engine=made, preparing=Preparing(secret=SECRET, namespace=""))
    with session_scope(made) as session:
        session.execute(
            text(
                "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255), type_name VARCHAR(255), "
                "timestamp FLOAT, data TEXT)"
            )
        )
        events = [
            ("web-1", f"mail me at {EMAIL.upper()} please", 400),
            ("web-2", "hello", 10),
            ("web-1", "thanks", 400),
        ]
        for number, (sender, said, age) in enumerate(events, 1):
            session.execute(
                text("INSERT INTO events VALUES (:id, :sender, 'user', :at, :data)"),
                {
                    "id": number,
                    "sender": sender,
                    "at": (NOW - timedelta(days=age)).timestamp(),
                    "data": json.dumps({"text": said}),
                },
            )
        for sender in ("web-1", "web-2"):
            session.add(Feedback(conversation_id=sender, message_id="m", rating=1))
            session.add(
                Handoff(ticket=sender, conversation_id=sender, channel="web", language="en", reason="r", summary="s")
            )
        _add_templates(session)
    return made


def _add_templates(session: object) -> None:
    """One mined template from each conversation, and an approved one from the first."""
    session.add(Need(id=1, n_questions=2, n_conversations=2, examples=[QUESTION, "do you ship to Norway at all"]))
    answers = session.execute(select(Message).where(Message.role == "agent").order_by(Message.id)).scalars().all()
    rows = [
        ("m1", Status.MINED, answers[0]),
        ("m2", Status.MINED, answers[1]),
        ("a1", Status.APPROVED, answers[0]),
    ]
    for name, status, message in rows:
        template = Template(
            id=f"need1.en.{name}",
            need_id=1,
            language="en",
            intent="x",
            text=message.text,
            questions=[QUESTION, "another question that stays"],
            status=status,
            origin=TemplateOrigin.LOGS,
        )
        template.sources.append(TemplateSource(message_id=message.id, conversation_id=message.conversation_id))
        session.add(template)


def count(database: Engine, table: type) -> int:
    with session_scope(database) as session:
        return int(session.execute(select(func.count()).select_from(table)).scalar_one())


def test_a_person_goes_from_every_place_and_the_receipt_counts_it(database: Engine, tmp_path: Path) -> None:
    encoder = tmp_path / "models" / "retrieval"
    table_encoder(encoder, {"goods": (1, 0)})
    served = Library(
        Settings(models_dir=tmp_path / "models"),
        database,
        templates_dir=tmp_path / "none",
        index_dir=tmp_path / "index",
    )
    served.update_index()
    receipt = erase(Person(emails=(EMAIL,)), engine=database, secret=SECRET, models_dir=tmp_path, index=served)
    found = receipt.found
    assert (found.conversations, found.messages, found.template_sources) == (1, 3, 2)
    assert (found.tracker_events, found.feedback, found.handoffs) == (2, 1, 1)
    assert receipt.is_proven
    assert receipt.index_entries == (1, 0)
    index = (tmp_path / "index").rglob("*")
    assert not any(QUESTION.encode() in path.read_bytes() for path in index if path.is_file())
    assert (count(database, Conversation), count(database, Feedback), count(database, Handoff)) == (1, 1, 1)
    with session_scope(database) as session:
        senders = set(session.execute(text("SELECT sender_id FROM events")).scalars())
        assert senders == {"web-2"}
        assert session.get(Template, "need1.en.m1") is None
        assert session.get(Template, "need1.en.a1").questions == ["another question that stays"]
        assert session.get(Need, 1).examples == ["do you ship to Norway at all"]
        assert session.get(Template, "need1.en.m2") is not None


def test_the_receipt_names_nobody_and_the_models_that_learnt_from_it(database: Engine, tmp_path: Path) -> None:
    with session_scope(database) as session:
        key = session.execute(select(Conversation.key).order_by(Conversation.id)).scalars().first()
    for name, seen in (("old", [row_id(key), row_id("web-1")]), ("new", [row_id("someone else")])):
        (tmp_path / "models" / name / "nlu").mkdir(parents=True)
        write_seen(tmp_path / "models" / name / "nlu", seen)
    receipt = erase(Person(emails=(EMAIL,)), engine=database, secret=SECRET, models_dir=tmp_path / "models")
    assert receipt.models == {str(tmp_path / "models" / "old" / "nlu"): 2}
    written = write_receipt(receipt, tmp_path / "receipts").read_text("utf-8")
    assert "lorenz" not in written
    assert json.loads(written)["found"]["messages"] == 3


def test_an_index_that_still_holds_a_question_fails_the_proof(database: Engine, tmp_path: Path) -> None:
    class Stuck:
        def forget(self) -> int:
            return 0

        def n_behind(self) -> int:
            return 1

    receipt = erase(Person(emails=(EMAIL,)), engine=database, secret=SECRET, models_dir=tmp_path, index=Stuck())
    assert not receipt.is_proven
    assert "'index_entries': 1" in " ".join(receipt.lines())


def test_a_second_erasure_finds_nothing(database: Engine, tmp_path: Path) -> None:
    erase(Person(emails=(EMAIL,)), engine=database, secret=SECRET, models_dir=tmp_path)
    again = erase(Person(emails=(EMAIL,)), engine=database, secret=SECRET, models_dir=tmp_path)
    assert again.found.nothing
    assert again.is_proven


def test_the_customers_id_of_the_help_desk_finds_them_and_another_secret_does_not(tmp_path: Path) -> None:
    made = engine(f"sqlite:///{tmp_path / 'other.db'}")
    migrate(made)
    path = tmp_path / "export.csv"
    path.write_text("ticket,author,body,customer_id\nT1,customer,where is my parcel now,C-778\n", "utf-8")
    ingest(Source(str(path), name="desk"), engine=made, preparing=Preparing(secret=SECRET, namespace=""))
    person = Person(customer_ids=("c-778",))
    assert erase(person, engine=made, secret=bytes(32), models_dir=tmp_path).found.nothing
    assert erase(person, engine=made, secret=SECRET, models_dir=tmp_path).found.conversations == 1


def test_whom_to_erase_must_be_said() -> None:
    with pytest.raises(ValueError, match="erase: expected whom, found nothing"):
        Person()
    with pytest.raises(ValueError, match="expected an address such as"):
        Person(emails=("lorenz",))


def test_what_is_older_than_the_limit_goes_from_logs_and_tracker(database: Engine) -> None:
    assert retain(database, days=365, now=NOW, dry_run=True).removed.messages == 3
    assert count(database, Conversation) == 2
    removed = retain(database, days=365, now=NOW).removed
    assert (removed.conversations, removed.tracker_events, removed.feedback) == (1, 2, 1)
    assert count(database, Conversation) == 1
    assert retain(database, days=365, now=NOW).removed.nothing
    with pytest.raises(ValueError, match="--days: expected at least 1, found 0"):
        retain(database, days=0, now=NOW)
