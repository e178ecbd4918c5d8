"""`--map` options, usual names in many languages, and errors that name the cure."""

from __future__ import annotations

import pytest

from training.ingest.column_names import Field, folded
from training.ingest.mapping import Columns, columns_of
from training.logs.dialogues import Role, UnreadableLogs


def test_options_name_columns_and_roles() -> None:
    columns = columns_of(
        ["conversation=doc_id", "text=source", "role = sender", "role.agent=Operator 1,staff", "role.bot=x"]
    )
    assert columns.names == {Field.CONVERSATION: "doc_id", Field.TEXT: "source", Field.ROLE: "sender"}
    assert columns.is_by_message
    assert [columns.roles[folded(one)] for one in ("operator-1", "STAFF", "x")] == [Role.AGENT, Role.AGENT, Role.BOT]


@pytest.mark.parametrize(
    ("role", "values"),
    [
        (
            Role.CUSTOMER,
            ["customer", "Client", "end-user", "end_user", "End User", "visitor", "inbound", "Kunde", "клиент", "顧客"],
        ),
        (Role.AGENT, ["agent", "Operator", "admin", "support", "staff", "Mitarbeiter", "agente", "客服"]),
        (Role.BOT, ["bot", "System", "virtual assistant"]),
    ],
)
def test_usual_values_of_the_role_are_known(role: Role, values: list[str]) -> None:
    assert {columns_of([]).roles[folded(value)] for value in values} == {role}


def test_a_value_may_mean_another_role_than_usual() -> None:
    assert columns_of(["role.customer=agent"]).roles["agent"] is Role.CUSTOMER


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["text"], "expected NAME=COLUMN, found 'text'"),
        (["text="], "expected NAME=COLUMN, found 'text='"),
        (["subject=a"], "expected one of text, role, conversation, customer, agent, at, .* found 'subject'"),
        (["role.boss=a"], "expected one of role.customer, role.agent, role.bot, found 'role.boss'"),
        (["question=a", "customer=b"], "expected one column for customer, found a second one"),
        (["question=a", "answer=b", "text=c"], "expected columns for customer and agent, found text beside them"),
    ],
)
def test_wrong_options_are_told_with_an_example(options: list[str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        columns_of(options)


def test_columns_are_found_in_the_tables_spelling() -> None:
    fitted = columns_of(["question=frage", "answer=Antwort"]).fitted([" Frage ", "antwort", "x"], where="a.csv")
    assert fitted.names == {Field.CUSTOMER: " Frage ", Field.AGENT: "antwort"}
    with pytest.raises(
        UnreadableLogs, match="a.csv: expected the column 'antwort' for agent, found the columns frage, x$"
    ):
        columns_of(["question=frage", "answer=antwort"]).fitted(["frage", "x"], where="a.csv")


def test_what_no_option_names_is_told_by_the_names_of_columns() -> None:
    names = ["thread", "role", "text", "lang", "customer_email", "question"]
    fitted = columns_of(["conversation=thread"]).fitted(names, where="a.csv")
    assert {held.value: name for held, name in fitted.names.items()} == {
        "conversation": "thread",
        "role": "role",
        "text": "text",
        "language": "lang",
        "customer_id": "customer_email",
    }
    told = columns_of(["language=text", "question=lang"]).fitted(["text", "lang", "answer", "role"], where="a.csv")
    assert told.names == {Field.LANGUAGE: "text", Field.CUSTOMER: "lang", Field.AGENT: "answer"}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (
            ["text=a", "role=b"],
            "a.csv: expected columns for conversation and role and text, found none for conversation",
        ),
        (
            ["at=a"],
            "expected columns for conversation and role and text, found none for conversation and role and text",
        ),
        (["question=a"], "expected columns for customer and agent, found none for agent among the columns a, b;"),
    ],
)
def test_a_column_that_nothing_tells_is_asked_for(options: list[str], reason: str) -> None:
    with pytest.raises(UnreadableLogs, match=reason):
        columns_of(options).fitted(["a", "b"], where="a.csv")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            ["Ticket ID", "Author", "Message", "Created at", "Status"],
            {
                "conversation": "Ticket ID",
                "role": "Author",
                "text": "Message",
                "at": "Created at",
                "resolved": "Status",
            },
        ),
        (["id", "question", "answer", "lang"], {"customer": "question", "agent": "answer", "language": "lang"}),
        (["Frage", "Antwort", "Bewertung"], {"customer": "Frage", "agent": "Antwort", "rating": "Bewertung"}),
        (["工单号", "发送者", "内容"], {"conversation": "工单号", "role": "发送者", "text": "内容"}),
        (
            ["диалог", "отправитель", "сообщение"],
            {"conversation": "диалог", "role": "отправитель", "text": "сообщение"},
        ),
    ],
)
def test_usual_names_need_no_options(names: list[str], expected: dict[str, str]) -> None:
    assert {field.value: name for field, name in Columns().fitted(names, where="a.csv").names.items()} == expected


def test_messages_win_over_tickets_and_leave_the_others_columns_out() -> None:
    names = ["conversation_id", "role", "text", "question", "answer"]
    assert set(Columns().fitted(names, where="a.csv").names) == {Field.CONVERSATION, Field.ROLE, Field.TEXT}


def test_columns_nobody_knows_are_named_but_no_row_that_stands_in_place_of_a_header() -> None:
    with pytest.raises(UnreadableLogs, match=r"found the columns foo, bar; name them, for example --map conversation="):
        Columns().fitted(["foo", "bar"], where="a.csv")
    with pytest.raises(UnreadableLogs, match=r"found the columns \(no name\), \(no name\), \(no name\);"):
        Columns().fitted(["where is my parcel", "a@b.example", "4821377"], where="a.csv")
