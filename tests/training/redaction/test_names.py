"""A name behind (or before) a sure cue is found in fourteen languages; a greeting without one is none."""

from __future__ import annotations

import pytest

from tests.training.redaction.found import found
from training.redaction.personal import Kind


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hi, my name is Anna Berger and I", "Anna Berger"),
        ("my name is anna berger", "anna berger"),
        ("Dear Mr. O'Neill,", "O'Neill"),
        ("Ms Jones-Smith called", "Jones-Smith"),
        ("Hi Priya, where is it?", "Priya"),
        ("Thanks!\nKind regards,\nA. Berger", "A. Berger"),
        ("Name: Anna Berger\nStreet: none", "Anna Berger"),
        ("ich heiße Jürgen Groß", "Jürgen Groß"),
        ("Sehr geehrte Frau Dr. von der Heide,", "von der Heide"),
        ("Mit freundlichen Grüßen\nUwe Köhn", "Uwe Köhn"),
        ("Empfänger: Uwe Köhn", "Uwe Köhn"),
        ("je m'appelle Chloé Petit", "Chloé Petit"),
        ("Bonjour Mme Petit, merci", "Petit"),
        ("Cordialement,\nChloé Petit", "Chloé Petit"),
        ("me llamo Íñigo de la Vega", "Íñigo de la Vega"),
        ("Estimado Sr. Vega:", "Vega"),
        ("mi chiamo Elsa Riva", "Elsa Riva"),
        ("Gentile Sig.ra Riva", "Riva"),
        ("meu nome é João Prado", "João Prado"),
        ("mijn naam is Sanne de Wit", "Sanne de Wit"),
        ("Beste mevrouw De Wit,", "De Wit"),
        ("nazywam się Łucja Żak", "Łucja Żak"),
        ("Szanowna Pani Żak,", "Żak"),
        ("benim adım Şule Işık", "Şule Işık"),
        ("Ahmet Bey merhaba", "Ahmet"),
        ("меня зовут Инга Орлова", "Инга Орлова"),
        ("Уважаемая г-жа Орлова!", "Орлова"),
        ("С уважением,\nИнга Орлова", "Инга Орлова"),
        ("اسمي ليلى منصور", "ليلى منصور"),
        ("السيدة ليلى منصور", "ليلى منصور"),
        ("मेरा नाम रीना जोशी है", "रीना जोशी"),
        ("जोशी जी से बात हुई", "जोशी"),
        ("我叫王小明，", "王小明"),
        ("请联系王女士", "王"),
        ("姓名：欧阳娜", "欧阳娜"),
        ("佐藤花子と申します", "佐藤花子"),
        ("田中様、お世話に", "田中"),
        ("お名前：佐藤 花子", "佐藤 花子"),
    ],
)
def test_a_cue_gives_a_name_away(text: str, name: str) -> None:
    assert found(text, Kind.NAME) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Hi team, where is it?",
        "Hello there!",
        "Dear customer service,",
        "my name is spelled wrong",
        "Thank you, goodbye!",
        "Kind regards",
        "Hallo zusammen,",
        "Sehr geehrte Damen und Herren,",
        "ich heiße nicht so",
        "Hello My order is late",
        "Bonjour Madame, Monsieur,",
        "Oui, Monsieur. Comptez deux jours.",
        "Hola equipo,",
        "Здравствуйте, где заказ?",
        "お客様、担当者様、皆様",
        "この商品の仕様は",
        "नमस्ते जी",
        "尊敬的客服您好",
    ],
)
def test_a_cue_without_a_name_finds_none(text: str) -> None:
    assert found(text, Kind.NAME) == []


def test_a_field_ends_where_the_next_begins() -> None:
    assert found("Name: Uwe Köhn Adresse: keine", Kind.NAME) == ["Uwe Köhn"]
