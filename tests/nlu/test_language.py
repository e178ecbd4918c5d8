"""What the shipped identifier says of concrete messages."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from nlu.language import LanguageIdentifier, word_count
from nlu.language_features import ngrams, words_of
from nlu.language_model import LanguageModel, Settings, Weighing
from nlu.scripts import script_of
from store.manifest import DamagedArtefact

FOLDER = Path(__file__).parents[2] / "models" / "starter" / "language"


@pytest.fixture(scope="module")
def identifier() -> LanguageIdentifier:
    return LanguageIdentifier(FOLDER)


@pytest.mark.parametrize(
    "text",
    [
        "ok",
        "OK!",
        "",
        "   ",
        "48213",
        "😀👍",
        "DE-2024-1187",
        "k.lorenz@example.de",
        "iPhone 15",
        "12.03.2024",
        "1.299,00 €",
        "#44120",
        "L 42",
        "https://shop.example/de/ruecksendung",
        "PayPal",
        "haha 😂",
        "...?!",
        "Samsung Galaxy S23",
    ],
)
def test_neutral_messages_have_no_language(identifier: LanguageIdentifier, text: str) -> None:
    found = identifier.identify(text)
    assert found.abstained
    assert found.code is None
    assert found.confidence == 0.0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("where is my order", "en"),
        ("wo bleibt mein paket denn", "de"),
        ("où est ma commande ?", "fr"),
        ("¿dónde está mi pedido?", "es"),
        ("dov'è il mio ordine?", "it"),
        ("onde está a minha encomenda?", "pt"),
        ("waar blijft mijn pakketje", "nl"),
        ("gdzie jest moja paczka", "pl"),
        ("siparişim nerede kaldı", "tr"),
        ("где мой заказ", "ru"),
        ("أين طلبي؟", "ar"),
        ("मेरा ऑर्डर कहाँ है?", "hi"),
        ("我的包裹到哪里了", "zh"),
        ("荷物はまだですか？", "ja"),
    ],
)
def test_each_spoken_language_is_told_from_a_short_question(
    identifier: LanguageIdentifier, text: str, code: str
) -> None:
    found = identifier.identify(text)
    assert found.code == code
    assert found.confidence > 0.9
    assert not found.abstained


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("mera order kaha hai", "hi"),
        ("bhai refund kab tak aayega, 10 din ho gaye", "hi"),
        ("fen el order bta3y", "ar"),
        ("3ayez arga3 el gazma di", "ar"),
        ("gde moj zakaz", "ru"),
        ("我的包裹在哪裡？", "zh"),
        ("siparisim nerede", "tr"),
        ("czesc gdzie paczka", "pl"),
        ("donde esta mi pedido", "es"),
        ("WO IST MEIN PAKET", "de"),
        ("grüezi mitenand, wo isch mis päckli", "de"),
        ("cadê meu pedido, vc pode ver?", "pt"),
        ("我的 order 还没到", "zh"),
    ],
)
def test_customers_spellings_are_understood(identifier: LanguageIdentifier, text: str, code: str) -> None:
    assert identifier.identify(text).code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Var är min beställning? Den skulle komma igår.", "sv"),
        ("Де моє замовлення? Воно мало прийти вчора.", "uk"),
        ("제 주문은 어디에 있나요?", "ko"),
        ("Πού είναι η παραγγελία μου;", "el"),
        ("Kde je moje objednávka? Měla přijít včera.", "cs"),
        ("Đơn hàng của tôi ở đâu?", "vi"),
        ("Hol van a rendelésem? Tegnap kellett volna megérkeznie.", "hu"),
        ("Unde este comanda mea? Trebuia să ajungă ieri.", "ro"),
        ("سفارش من کجاست؟ قرار بود دیروز برسد.", "fa"),
        ("คำสั่งซื้อของฉันอยู่ที่ไหน", "th"),
    ],
)
def test_other_languages_are_not_taken_for_spoken_ones(identifier: LanguageIdentifier, text: str, code: str) -> None:
    assert identifier.identify(text).code == code


def test_numbers_and_addresses_do_not_change_the_answer(identifier: LanguageIdentifier) -> None:
    bare = identifier.identify("wo ist meine bestellung")
    decorated = identifier.identify("Wo ist meine Bestellung 48213? maria.rossi@example.it")
    assert decorated == bare


def test_candidates_are_best_first_and_share_one_probability(identifier: LanguageIdentifier) -> None:
    found = identifier.identify("no smartphone")
    confidences = [guess.confidence for guess in found.candidates]
    assert confidences == sorted(confidences, reverse=True)
    assert 0.5 < sum(confidences) <= 1.00001
    assert len({guess.code for guess in found.candidates}) == len(found.candidates)


def test_the_same_text_has_the_same_language_every_time(identifier: LanguageIdentifier) -> None:
    text = "comment retourner la veste"
    assert identifier.identify(text) == LanguageIdentifier(FOLDER).identify(text)


def test_an_endless_message_is_judged_by_its_beginning(identifier: LanguageIdentifier) -> None:
    assert identifier.identify("wo ist mein paket " * 5000).code == "de"


def test_words_that_speak_for_a_language_are_counted(identifier: LanguageIdentifier) -> None:
    assert identifier.identify("Kowalski").n_words == 1
    assert identifier.identify("wo ist mein iPhone 15").n_words == 3
    assert word_count(["我的包裹"]) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Wo ist DE-2024-1187?", ["wo", "ist"]),
        ("fen el order bta3y 48213", ["fen", "el", "order", "bta3y"]),
        ("查一下AG-10442-7的退款", ["查一下", "的退款"]),
        ("hellooooo", ["helloo"]),
        ("İade", ["iade"]),
        ("Hello {name}, see www.example.com", ["hello", "see"]),
    ],
)
def test_only_words_are_left_of_a_message(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_kana_makes_japanese_of_han_unless_it_is_decoration() -> None:
    assert script_of("注文番号を教えてください") == "Kana"
    assert script_of("我想買一杯奶茶の專賣店的飲料可以嗎") == "Hani"
    assert script_of("48213") is None


def test_logits_are_the_rows_of_the_ngrams_over_the_root_of_their_number(tmp_path: Path) -> None:
    weighing = Weighing(0, 1.0, 0.0, 0.0, 0.0, 0.0)
    settings = Settings(("de", "nl"), ("de", "nl"), (), (weighing,), 0.5, 0.5)
    weights = np.array([[4, 0], [0, 2]], np.int8)
    model = LanguageModel(settings, ["zu", " te"], weights, np.zeros(2, np.float32))
    model.save(tmp_path)
    loaded = LanguageModel.load(tmp_path)
    # "zu te": one "zu" and one " te", so scores 4 and 2 times 0.5 over sqrt(2): 1.4142 and 0.7071.
    assert ngrams(["zu", "te"]).count(" te") == 1
    logits = loaded.logits(["zu", "te"])
    assert logits[0] - logits[1] == pytest.approx(0.70711, abs=1e-4)
    assert np.exp(logits).sum() == pytest.approx(1.0)
    assert loaded.settings == settings


def test_a_missing_model_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="xenia train --only language"):
        LanguageIdentifier(tmp_path)


def test_a_damaged_model_is_not_loaded(tmp_path: Path) -> None:
    for path in FOLDER.iterdir():
        shutil.copyfile(path, tmp_path / path.name)
    content = bytearray((tmp_path / "language.npz").read_bytes())
    content[1000] ^= 1
    (tmp_path / "language.npz").write_bytes(bytes(content))
    with pytest.raises(DamagedArtefact, match=r"language\.npz"):
        LanguageIdentifier(tmp_path)


def test_the_shipped_model_is_small() -> None:
    assert (FOLDER / "language.npz").stat().st_size < 1_500_000
