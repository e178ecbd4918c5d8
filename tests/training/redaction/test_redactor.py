"""A dialogue goes in with personal data and comes out without, the same person the same pseudonym throughout."""

from __future__ import annotations

from collections.abc import Sequence

from training.logs.dialogues import Dialogue, Label, Origin, Role, Turn
from training.redaction.personal import Found, Kind
from training.redaction.pseudonyms import PSEUDONYM, identity_digest
from training.redaction.redactor import Redacted, Redactor
from training.redaction.values import Facts

SECRET = b"a secret of more than 16 bytes"


class TaggerOf:
    """Finds the given stretches of text and remembers how often it was asked."""

    def __init__(self, **stretches: Kind) -> None:
        self.stretches = {name.replace("_", " "): kind for name, kind in stretches.items()}
        self.calls: list[int] = []

    def names_and_places(self, texts: Sequence[str]) -> list[list[Found]]:
        self.calls.append(len(texts))
        return [
            [
                Found(text.index(one), text.index(one) + len(one), kind)
                for one, kind in self.stretches.items()
                if one in text
            ]
            for text in texts
        ]


def dialogue(*texts: str, conversation_id: str = "c-1", **more: object) -> Dialogue:
    turns = tuple(
        Turn(Role.AGENT if index % 2 else Role.CUSTOMER, text, language="de") for index, text in enumerate(texts)
    )
    fields: dict[str, object] = {"channel": None, "started_at": None, "resolved": None, "rating": None, "tags": ()}
    return Dialogue(conversation_id=conversation_id, turns=turns, **{**fields, **more})  # type: ignore[arg-type]


def texts_of(redacted: Redacted) -> list[str]:
    return [turn.text for turn in redacted.dialogue.turns]


def test_the_same_person_is_the_same_pseudonym_wherever_the_name_stands() -> None:
    (result,) = Redactor(SECRET).redact(
        [
            dialogue(
                "Hallo, ich heiße Anna Schmidt.", "Guten Tag Frau Schmidt!", "Bitte an Anna schicken, nicht an banana."
            )
        ]
    )
    (name,) = {match[0] for text in texts_of(result) for match in PSEUDONYM.finditer(text)}
    assert texts_of(result) == [
        f"Hallo, ich heiße {name}.",
        f"Guten Tag Frau {name}!",
        f"Bitte an {name} schicken, nicht an banana.",
    ]
    assert result.n_by_kind == {Kind.NAME: 3}


def test_a_number_that_a_cue_gave_away_once_is_found_again() -> None:
    (result,) = Redactor(SECRET).redact(
        [dialogue("Kundennummer 4471", "die 4471 finde ich nicht, 44710 Euro auch nicht")]
    )
    number = texts_of(result)[0].removeprefix("Kundennummer ")
    assert PSEUDONYM.fullmatch(number)
    assert texts_of(result)[1] == f"die {number} finde ich nicht, 44710 Euro auch nicht"


def test_a_tagger_sees_all_texts_at_once_and_its_finds_count() -> None:
    tagger = TaggerOf(Oda=Kind.NAME, Am_Hang=Kind.ADDRESS)
    first, second = Redactor(SECRET, tagger=tagger).redact(
        [dialogue("Oda wohnt Am Hang", "ja, oda und Oda"), dialogue("nichts hier", conversation_id="c-2")]
    )
    assert tagger.calls == [3]
    assert first.n_by_kind == {Kind.NAME: 2, Kind.ADDRESS: 1}
    assert "Hang" not in texts_of(first)[0]
    assert texts_of(second) == ["nichts hier"]


def test_what_a_rule_is_sure_of_is_not_cut_by_the_tagger() -> None:
    tagger = TaggerOf(**{"anna@web.de": Kind.NAME, "Am Hang 77120 Ulm": Kind.ADDRESS})
    (result,) = Redactor(SECRET, tagger=tagger).redact([dialogue("anna@web.de, Am Hang 77120 Ulm")])
    email, address = (match[1] for match in PSEUDONYM.finditer(texts_of(result)[0]))
    assert (email, address) == ("email", "address")
    assert texts_of(result)[0].count("[") == 2


def test_spans_of_labels_move_with_the_text() -> None:
    text = "an Oda: 48213 nach Köln"
    label = Label("track_order", ((3, 6, "person"), (8, 13, "order_number"), (19, 23, "city")), Origin.REVIEWED)
    original = dialogue(text)
    turn = Turn(Role.CUSTOMER, text, label=label)
    (result,) = Redactor(SECRET).redact(
        [Dialogue(original.conversation_id, None, None, None, None, (), (turn, *original.turns[1:]))]
    )
    made = result.dialogue.turns[0]
    assert made.label is not None
    assert made.label.spans is not None
    found = [made.text[start:end] for start, end, _ in made.label.spans]
    assert PSEUDONYM.fullmatch(found[0])
    assert found[1].startswith("[order_number:")
    assert found[2] == "Köln"


def test_id_channel_and_tags_are_redacted_and_give_identities() -> None:
    (result,) = Redactor(SECRET).redact(
        [
            dialogue(
                "hi", conversation_id="+49 170 1234567", channel="whatsapp:+49 170 1234567", tags=("vip", "k@web.de")
            )
        ]
    )
    assert len(result.dialogue.conversation_id) == 16
    assert "1234567" not in repr(result)
    assert result.dialogue.channel is not None
    assert result.dialogue.channel.startswith("whatsapp:[phone:")
    assert result.dialogue.tags[0] == "vip"
    assert result.identities == {
        (Kind.PHONE, identity_digest(SECRET, Kind.PHONE, "0170 1234567")),
        (Kind.EMAIL, identity_digest(SECRET, Kind.EMAIL, "K@web.de")),
    }


def test_identities_are_of_what_people_ask_to_be_erased_by() -> None:
    (result,) = Redactor(SECRET).redact(
        [dialogue("Ich heiße Anna Schmidt, Kundennummer 4471, IBAN DE89370400440532013000")]
    )
    assert result.identities == {(Kind.CUSTOMER_NUMBER, identity_digest(SECRET, Kind.CUSTOMER_NUMBER, "4471"))}


def test_pseudonyms_and_marks_of_others_stay_and_are_not_counted() -> None:
    text = "Name: #NAME#, {{email}}, <PERSON>, [REDACTED], [name:4F7K] und [order_number:9PQ2]"
    tagger = TaggerOf(PERSON=Kind.NAME)
    (result,) = Redactor(SECRET, tagger=tagger).redact([dialogue(text)])
    assert texts_of(result) == [text]
    assert result.n_by_kind == {}


def test_redacting_twice_changes_no_text() -> None:
    redactor = Redactor(SECRET)
    (once,) = redactor.redact(
        [dialogue("Ich heiße Anna Schmidt, +49 170 1234567, anna@web.de, Hauptstr. 5, 10115 Berlin")]
    )
    (twice,) = redactor.redact([once.dialogue])
    assert texts_of(twice) == texts_of(once)


def test_the_shops_own_values_stay() -> None:
    facts = Facts({"support_email": "service@agora.example"})
    (result,) = Redactor(SECRET, facts=facts).redact([dialogue("service@agora.example oder k@web.de")])
    assert texts_of(result)[0].startswith("service@agora.example oder [email:")


def test_a_logged_id_that_is_a_telephone_number_is_an_identity() -> None:
    (result,) = Redactor(SECRET).redact([dialogue("hi", conversation_id="+49 170 1234567")])
    assert result.identities == {(Kind.PHONE, identity_digest(SECRET, Kind.PHONE, "0170 1234567"))}
    assert Redactor(SECRET).redact([dialogue("hi", conversation_id="c-48213")])[0].identities == frozenset()
