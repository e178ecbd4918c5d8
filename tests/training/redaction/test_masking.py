"""What of a text is personal, what stands in its place, and that spans and placeholders follow."""

from __future__ import annotations

import pytest

from training.redaction.accounts import is_card, is_iban
from training.redaction.masking import KIND_OF_LABEL, Masker, masked
from training.redaction.personal import Kind, find
from training.redaction.values import Facts


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("schreiben Sie an k.lorenz@web.de, danke", "k.lorenz@web.de", Kind.EMAIL),
        ("邮箱是li_wei88@mail.com谢谢", "li_wei88@mail.com", Kind.EMAIL),
        ("k_oda@post.jpじゃないです", "k_oda@post.jp", Kind.EMAIL),
        ("müller@köln.de ist meine", "müller@köln.de", Kind.EMAIL),
        ("ali@posta.com'a yazın", "ali@posta.com", Kind.EMAIL),
        ("anna (at) web (dot) de", "anna (at) web (dot) de", Kind.EMAIL),
        ("ｌｉ＠ｍａｉｌ．ｃｏｍです", "ｌｉ＠ｍａｉｌ．ｃｏｍ", Kind.EMAIL),
        ("IBAN DE89 3704 0044 0532 0130 00 bitte", "DE89 3704 0044 0532 0130 00", Kind.IBAN),
        ("口座はde89370400440532013000です", "de89370400440532013000", Kind.IBAN),
        ("card 4111 1111 1111 1111 12/26", "4111 1111 1111 1111", Kind.CARD),
        ("٤١١١١١١١١١١١١١١١ بطاقتي", "٤١١١١١١١١١١١١١١١", Kind.CARD),
        ("+49 170 1234567 anrufen", "+49 170 1234567", Kind.PHONE),
        ("call (555) 123-4567", "(555) 123-4567", Kind.PHONE),
        ("appelez le 06 12 34 56 78.", "06 12 34 56 78", Kind.PHONE),
        ("06.12.34.56.78 svp", "06.12.34.56.78", Kind.PHONE),
        ("मेरा नंबर ९८७६५ ४३२१० है", "९८७६५ ४३२१०", Kind.PHONE),
        ("打13812345678找我", "13812345678", Kind.PHONE),
        ("звоните 8 (916) 123-45-67", "8 (916) 123-45-67", Kind.PHONE),
        ("zadzwońcie: 600 123 456", "600 123 456", Kind.PHONE),
        ("注文４８２１３はどこ", "４８２１３", Kind.ORDER_NUMBER),
        ("طلبي ٤٨٢١٣ وين", "٤٨٢١٣", Kind.ORDER_NUMBER),
        ("where is DE-2024-1187?", "DE-2024-1187", Kind.ORDER_NUMBER),
        ("wo ist 2024/55831", "2024/55831", Kind.ORDER_NUMBER),
        ("order #4471 please", "#4471", Kind.ORDER_NUMBER),
        ("заказ № 4471", "4471", Kind.ORDER_NUMBER),
        ("XN 30 4471", "XN 30 4471", Kind.ORDER_NUMBER),
        ("48 213", "48 213", Kind.ORDER_NUMBER),
        ("parcel 1Z999AA10123456784", "1Z999AA10123456784", Kind.ORDER_NUMBER),
        ("see https://t.example/p/7731?x=1", "7731", Kind.ORDER_NUMBER),
    ],
)
def test_personal_values_are_found_whole_in_every_script(text: str, value: str, kind: Kind) -> None:
    assert [(text[one.start : one.end], one.kind) for one in find(text)] == [(value, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "am 24.12.2024 oder 2024-12-24",
        "für 12999,00 € oder 15000 €",
        "₹15000 है",
        "15000円です",
        "Saison 2023/24, 24/7, 3 Stück",
        "128GB, 1080p und USB3",
        "9 to 17, room 1204",
        "see https://agora.example/returns",
        "@cartonagem.example",
        "",
    ],
)
def test_dates_amounts_measures_and_links_stay(text: str) -> None:
    assert masked(text).text == text


def test_a_card_with_a_wrong_check_digit_is_still_no_row_for_training() -> None:
    assert not is_card("4111111111111112")
    result = masked("4111 1111 1111 1112")
    assert result.n_by_kind == {Kind.ORDER_NUMBER: 1}
    assert "1111 1111" not in result.text


def test_words_behind_a_short_code_are_no_account_number() -> None:
    # Modulo 97 fits once in a hundred: NL24113ISNOGNIET has the remainder 1.
    assert masked("NL24-113 is nog niet").text.endswith(" is nog niet")
    assert is_iban("DE89370400440532013000")
    assert not is_iban("DE88370400440532013000")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("4111-1111-1111-1111", Kind.CARD),
        ("5500 0000 0000 0004", Kind.CARD),
        ("GB82 WEST 1234 5698 7654 32", Kind.IBAN),
        ("+81 90-1234-5678", Kind.PHONE),
        ("AG-77120-3", Kind.ORDER_NUMBER),
        ("４８２１３", Kind.ORDER_NUMBER),
        ("٤٨٢١٣", Kind.ORDER_NUMBER),
    ],
)
def test_a_stand_in_has_the_form_and_the_script_but_neither_the_digits_nor_a_valid_check(text: str, kind: Kind) -> None:
    for number in range(50):
        result = masked(text, key=f"c-{number}")
        assert result.n_by_kind == {kind: 1}
        assert result.text != text
        assert len(result.text) == len(text)
        for old, new in zip(text, result.text, strict=True):
            assert old.isdecimal() == new.isdecimal()
            if old.isdecimal():
                assert ord(new) - int(new) == ord(old) - int(old)  # the zero of the same script
            elif not old.isalnum() or kind is Kind.ORDER_NUMBER:
                assert new == old
        if kind in (Kind.CARD, Kind.IBAN):
            assert kind not in {one.kind for one in find(result.text)}


def test_an_address_becomes_one_that_nobody_can_have() -> None:
    result = masked("an k.lorenz77@web.de", key="c-1").text
    local, domain = result.removeprefix("an ").split("@")
    assert domain in {"mail.example", "post.example", "example.com", "example.org", "example.net"}
    assert [char for char in local if not char.isalnum()] == ["."]
    assert len(local) == len("k.lorenz77")
    assert "lorenz" not in result
    assert masked(result, key="c-1").text != result


def test_one_value_has_one_stand_in_in_a_conversation_and_another_in_the_next() -> None:
    masker = Masker("c-1")
    first, second = masker.masked("wo ist #48213").text, masker.masked("４８２１３!").text
    assert [int(char) for char in first if char.isdecimal()] == [int(char) for char in second if char.isdecimal()]
    assert Masker("c-1").masked("wo ist #48213").text == first
    others = {Masker(f"c-{number}").masked("wo ist #48213").text for number in range(20)}
    assert len(others) > 15


def test_spans_move_with_a_text_that_grows_or_shrinks() -> None:
    text = "von a@b.de für 48213 nach Köln"
    spans = ((4, 10, "email"), (15, 20, "order_number"), (26, 30, "city"))
    result = masked(text, key="c", spans=spans)
    found = [(result.text[start:end], label) for start, end, label in result.spans]
    assert [label for _, label in found] == ["email", "order_number", "city"]
    assert "@" in found[0][0]
    assert found[1][0].isdecimal()
    assert found[1][0] != "48213"
    assert found[2][0] == "Köln"
    assert result.text.startswith(f"von {found[0][0]} für {found[1][0]} nach ")


def test_a_mark_decides_where_no_space_does() -> None:
    result = masked("上次CD-19052月14号买的", key="c", spans=((2, 9, "order_number"), (9, 14, "date")))
    assert [result.text[start:end] for start, end, _ in result.spans][1] == "2月14号"
    assert result.text[2:5] == "CD-"
    assert result.text[5:9] != "1905"
    assert masked("bestellung 42", spans=((11, 13, "order_number"),)).text != masked("bestellung 42").text


def test_what_was_marked_once_is_masked_wherever_it_stands() -> None:
    assert "4471" in masked("noch mal 4471").text
    masker = Masker("c", labelled=[("4471", "order_number"), ("Anna", "person")])
    assert masker.masked("noch mal 4471 von Anna").n_by_kind == {Kind.ORDER_NUMBER: 1}
    assert "4471" not in masker.masked("noch mal ٤٤٧١ 4471").text
    assert masker.masked("44719 Anna").text.endswith("Anna")


def test_only_a_persons_mark_keeps_a_value_and_never_an_address() -> None:
    masker = Masker("c", kept=["WH-1000XM4", "li@mail.com"])
    assert masker.masked("my WH-1000XM4 broke").text == "my WH-1000XM4 broke"
    assert "li@mail.com" not in masker.masked("li@mail.com").text
    assert "WH-1000XM4" not in Masker("c").masked("my WH-1000XM4 broke").text


def test_an_answer_gets_placeholders_for_what_the_customer_named_and_for_the_shops_own_values() -> None:
    facts = Facts({"support_email": "service@agora.example", "support_phone": "+49 30 5550 1234"})
    masker = Masker("c", texts=["wo ist #48213?"], facts=facts)
    answer = "48213 kommt; an k@web.de gesendet. Fragen: service@agora.example, +49 30 5550 1234. Lager 34117."
    result = masker.with_placeholders(answer)
    start = "{order_number} kommt; an {email} gesendet. Fragen: {support_email}, {support_phone}. Lager "
    assert result.text.startswith(start)
    assert result.text[len(start) : -1].isdecimal()
    assert "34117" not in result.text
    assert result.n_by_kind == {Kind.ORDER_NUMBER: 2, Kind.EMAIL: 1}
    assert masker.masked("ich schrieb service@agora.example").text == "ich schrieb service@agora.example"


def test_a_telephone_in_the_answer_stays_the_one_in_the_question() -> None:
    masker = Masker("c")
    asked, answered = masker.masked("0170 1234567").text, masker.with_placeholders("0170 1234567").text
    assert asked == answered != "0170 1234567"
    assert asked.startswith("01")


def test_a_fact_without_the_name_of_a_placeholder_is_refused() -> None:
    with pytest.raises(ValueError, match="expected names of letters"):
        Facts({"support e-mail": "x@y.example"})


def test_every_kind_can_be_marked() -> None:
    assert set(KIND_OF_LABEL.values()) == set(Kind)
