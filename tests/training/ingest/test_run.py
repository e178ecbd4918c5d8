"""From a file to the database: real files, a real database, the rules of redaction; no model."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from store.conversation_tables import Conversation, Identity, Import, Message, RejectedRow
from store.schema import migrate
from store.sessions import engine, session_scope
from training.ingest import run as run_module
from training.ingest.prepare import Preparing
from training.ingest.run import Source, ingest
from training.redaction.personal import Kind
from training.redaction.pseudonyms import identity_digest

SECRET = bytes(range(32))
PREPARING = Preparing(secret=SECRET, namespace="")
EMAIL, CARD = "k.lorenz@example.de", "4539 1488 0343 6467"
HEADER = ("ticket", "author", "body", "sent")


@pytest.fixture
def database(tmp_path: Path) -> Engine:
    made = engine(f"sqlite:///{tmp_path / 'xenia.db'}")
    migrate(made)
    return made


def table(path: Path, rows: Sequence[Sequence[str]]) -> Source:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEADER, *rows])
    from training.ingest.mapping import columns_of

    columns = columns_of(["conversation=ticket", "role=author", "text=body", "at=sent"])
    return Source(str(path), columns=columns, name="desk")


def texts(database: Engine) -> list[str]:
    with session_scope(database) as session:
        return list(session.execute(select(Message.text).order_by(Message.conversation_id, Message.id)).scalars())


def test_messages_of_a_conversation_are_found_though_others_stand_between_them(
    tmp_path: Path, database: Engine
) -> None:
    source = table(
        tmp_path / "export.csv",
        [
            ("T1", "customer", "wo ist mein paket", "2026-01-02T10:00:00"),
            ("T2", "customer", "how do I return shoes", "2026-01-02T10:01:00"),
            ("T1", "agent", "Pakete brauchen drei Tage.", "2026-01-02T10:03:00"),
            ("T1", "customer", "danke", "2026-01-02T10:02:00"),
        ],
    )
    report = ingest(source, engine=database, preparing=PREPARING)
    assert (report.n_conversations, report.n_messages, report.n_rejected) == (2, 4, 0)
    assert texts(database) == ["how do I return shoes", "wo ist mein paket", "danke", "Pakete brauchen drei Tage."]


def test_nothing_personal_is_on_the_disk_afterwards(tmp_path: Path, database: Engine) -> None:
    said = f"Ich bin erreichbar unter {EMAIL}, Karte {CARD}"
    source = table(
        tmp_path / "export.csv",
        [("+49 170 1234567", "customer", said, ""), ("+49 170 1234567", "agent", f"Danke, {EMAIL} ist notiert.", "")],
    )
    report = ingest(source, engine=database, preparing=PREPARING)
    assert report.n_redacted["email"] == 2
    assert report.n_redacted["card"] == 1
    first, second = texts(database)
    pseudonym = first.split("unter ")[1].split(",")[0]
    assert pseudonym.startswith("[email:")
    assert pseudonym in second
    database.dispose()
    for path in tmp_path.glob("xenia.db*"):
        for secret in (EMAIL, CARD, CARD.replace(" ", ""), "1234567"):
            assert secret.encode() not in path.read_bytes()
    with session_scope(database) as session:
        digest = identity_digest(SECRET, Kind.EMAIL, EMAIL.upper())
        assert session.execute(select(func.count()).where(Identity.digest == digest)).scalar_one() == 1


def test_unusable_rows_are_listed_with_row_and_reason_and_the_rest_is_kept(tmp_path: Path, database: Engine) -> None:
    path = tmp_path / "export.jsonl"
    good = {"conversation_id": "c1", "turns": [{"role": "customer", "text": "hello there friends"}]}
    path.write_text(
        "\n".join([json.dumps(good), '{"conversation_id": "c2"}', json.dumps({**good, "conversation_id": "c3"})])
    )
    report = ingest(
        Source(str(path), name="desk"), engine=database, preparing=PREPARING, rejects_dir=tmp_path / "rejects"
    )
    assert (report.n_conversations, report.n_rejected) == (2, 1)
    assert report.rejects_path is not None
    (line,) = report.rejects_path.read_text("utf-8").splitlines()
    found = json.loads(line)
    assert found["row"] == 2
    assert "turns: expected a list, found none" in found["reason"]


def test_an_interrupted_run_goes_on_and_doubles_nothing(
    tmp_path: Path, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(f"T{number // 3}", "customer", f"question number {number} about my order", "") for number in range(9000)]
    source = table(tmp_path / "export.csv", rows)
    real, n_calls = run_module.write_batch, 0

    def killed(*args: object, **kwargs: object) -> None:
        nonlocal n_calls
        n_calls += 1
        if n_calls == 3:
            raise KeyboardInterrupt
        real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(run_module, "write_batch", killed)
    with pytest.raises(KeyboardInterrupt):
        ingest(source, engine=database, preparing=PREPARING)
    assert 0 < len(texts(database)) < 9000
    monkeypatch.setattr(run_module, "write_batch", real)
    report = ingest(source, engine=database, preparing=PREPARING)
    assert (report.n_conversations, report.n_messages) == (3000, 9000)
    assert sorted(texts(database)) == sorted(text for _, _, text, _ in rows)


def test_what_comes_long_after_a_conversation_was_written_is_put_behind_it(tmp_path: Path, database: Engine) -> None:
    others = [(f"T{number}", "customer", "question about something else", "") for number in range(2, 3000)]
    rows = [("T1", "customer", "where is my parcel", ""), *others, ("T1", "agent", "Parcels take three days.", "")]
    report = ingest(table(tmp_path / "export.csv", rows), engine=database, preparing=PREPARING)
    assert (report.n_conversations, report.n_messages) == (2999, 3000)
    assert texts(database)[:2] == ["where is my parcel", "Parcels take three days."]


def test_a_source_read_before_is_not_read_again_and_a_changed_one_replaces_what_changed(
    tmp_path: Path, database: Engine
) -> None:
    rows = [("T1", "customer", "where is my parcel", ""), ("T2", "customer", "can I pay by card", "")]
    source = table(tmp_path / "export.csv", rows)
    ingest(source, engine=database, preparing=PREPARING)
    assert ingest(source, engine=database, preparing=PREPARING).was_finished
    with session_scope(database) as session:
        before = dict(session.execute(select(Conversation.key, Conversation.import_id)).all())
    later = table(tmp_path / "export.csv", [*rows, ("T2", "agent", "Yes, all cards are welcome.", "")])
    report = ingest(later, engine=database, preparing=PREPARING)
    assert sorted(texts(database)) == ["Yes, all cards are welcome.", "can I pay by card", "where is my parcel"]
    with session_scope(database) as session:
        after = dict(session.execute(select(Conversation.key, Conversation.import_id)).all())
    assert set(after) == set(before)
    assert sorted(after.values()) == [1, 2]
    assert report.n_conversations == 1


def test_two_processes_bring_what_one_brings(tmp_path: Path) -> None:
    rows = [(f"T{number}", "customer", f"where is order 4821{number} of {EMAIL}", "") for number in range(50)]
    found = []
    for n_processes in (1, 2):
        made = engine(f"sqlite:///{tmp_path / f'{n_processes}.db'}")
        migrate(made)
        source = table(tmp_path / "export.csv", rows)
        ingest(source, engine=made, preparing=PREPARING, n_processes=n_processes)
        found.append(texts(made))
    assert found[0] == found[1]
    assert len(found[0]) == 50


def test_the_same_id_in_two_help_desks_is_two_conversations(tmp_path: Path, database: Engine) -> None:
    rows = [("T1", "customer", "where is my parcel", "")]
    source = table(tmp_path / "export.csv", rows)
    ingest(source, engine=database, preparing=PREPARING)
    ingest(Source(source.location, columns=source.columns, name="other"), engine=database, preparing=PREPARING)
    with session_scope(database) as session:
        assert session.execute(select(func.count()).select_from(Conversation)).scalar_one() == 2
        assert session.execute(select(Import.namespace).order_by(Import.id)).scalars().all() == ["desk", "other"]
        assert session.execute(select(func.count()).select_from(RejectedRow)).scalar_one() == 0
