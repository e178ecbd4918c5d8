"""Conversations with both sides, on small files in each set's own format."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from training.data.corpora import Conversation, Turn, bcontrast, maia_chat, risawoz_fewshot


def _gzip(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode("utf-8")))


def test_bcontrast_customers_speak_german_and_agents_english(tmp_path: Path) -> None:
    turns = [
        {"utteranceID": 0, "speaker": "agent", "source": "Hi there!", "target": "Hallo!"},
        {"utteranceID": 1, "speaker": "customer", "source": "Ein Tisch.", "target": "A table."},
    ]
    _gzip(tmp_path / "bcontrast" / "train.json.gz", json.dumps({"dlg-1": turns}))
    expected = (
        Turn("agent", "Hi there!", "en", "Hallo!", "de"),
        Turn("customer", "Ein Tisch.", "de", "A table.", "en"),
    )
    assert bcontrast(tmp_path) == [Conversation("dlg-1", expected)]


def test_maia_rows_are_gathered_by_their_chat_even_where_it_is_interrupted(tmp_path: Path) -> None:
    header = "source_language,target_language,source,reference,doc_id,client_id,sender\n"
    rows = [
        "pt-br,en,Olá,Hello,chat 1,c,customer",
        "pt-br,en,tudo?,all?,chat 1,c,customer",
        'en,pt-br,"Yes, sir",Sim,chat 2,c,agent',
        "en,pt-br,Hi,Oi,chat 1,c,agent",
    ]
    _gzip(tmp_path / "maia_chat" / "en-pt.csv.gz", header + "\n".join(rows) + "\n")
    chats = maia_chat(tmp_path)
    assert list(chats) == ["pt"]
    first, second = chats["pt"]
    assert first.turns[2] == Turn("agent", "Hi", "en", "Oi", "pt")
    assert second == Conversation("chat 2", (Turn("agent", "Yes, sir", "en", "Sim", "pt"),))
    assert first.joined() == Conversation(
        "chat 1", (Turn("customer", "Olá tudo?", "pt", "Hello all?", "en"), Turn("agent", "Hi", "en", "Oi", "pt"))
    )


def test_turns_are_joined_within_a_language_only_and_their_spans_move() -> None:
    turns = (
        Turn("customer", "Red shoes", "en", label="inform", spans=((4, 9, "item"),)),
        Turn("customer", "size 40", "en", label="request+inform", spans=((5, 7, "size"),)),
        Turn("customer", "Danke", "de"),
    )
    joined = Conversation("1", turns).joined().turns
    assert joined[0] == Turn(
        "customer", "Red shoes size 40", "en", label="inform+request", spans=((4, 9, "item"), (15, 17, "size"))
    )
    assert joined[1:] == turns[2:]


def _risawoz(folder: Path, tag: str, user: object, system: object) -> None:
    turn = {
        "user_utterance": user, "system_utterance": system,
        "user_actions": [["Inform", "Hotel", "area", "x"], ["Greeting", "Hotel", "", ""], ["Inform", "Hotel", "star", "3"]],
        "system_actions": [["Recommend", "Hotel", "name", "x"]],
    }  # fmt: skip
    _gzip(
        folder / "risawoz_fewshot" / f"{tag}_fewshot.json.gz", json.dumps([{"dialogue_id": "d1", "dialogue": [turn]}])
    )


def test_risawoz_has_both_sides_of_a_turn_with_acts_and_looked_up_slots(tmp_path: Path) -> None:
    user = [
        "Hi, a 3-star hotel near new Town, not 13 of new town.",
        {"Hotel-area": {"New Town": [[99, 3, 1]]}, "Hotel-star": {"3": [[2, 3]]}},
    ]
    system = [
        "Try Town Inn",
        {"Hotel-name": {"Town Inn": [[1, 3]], "elsewhere": [[0, 1]]}, "Other-localized": {"Town": [[1, 2]]}},
    ]
    _risawoz(tmp_path, "enhi", user, system)
    _risawoz(tmp_path, "zh", "你好", "好的")
    found = risawoz_fewshot(tmp_path)
    assert found["zh"][0].turns == (
        Turn("customer", "你好", "zh", label="greeting+inform"),
        Turn("agent", "好的", "zh", label="recommend"),
    )
    customer, agent = found["enhi"][0].turns
    assert (customer.role, customer.language, agent.role) == ("customer", "hi", "agent")
    assert [(customer.text[start:end], label) for start, end, label in customer.spans] == [
        ("3", "Hotel-star"), ("new Town", "Hotel-area"), ("new town", "Hotel-area"),
    ]  # fmt: skip
    assert agent.spans == ((4, 12, "Hotel-name"),)
