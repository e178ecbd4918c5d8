"""Which templates are served: cosine, language and intent weighed as the settings say, with numbers worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.encoder import SentenceEncoder
from retrieval.index import IndexMismatch, TemplateIndex, build_index
from retrieval.retriever import Retriever, RetrieverSettings
from retrieval.templates import AnswerTemplate
from store.status import Status
from tests.models import table_encoder

# Cosines with "parcel": 1, 0.8, 0.6, 0.28 and 0.
VECTORS = {"parcel": (1, 0), "paket": (4, 3), "lieferung": (3, 4), "far": (7, 24), "refund": (0, 1)}
BARE = RetrieverSettings(top_k=9, threshold=-1.0, language_bonus=0.0, intent_weight=0.0)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> SentenceEncoder:
    return SentenceEncoder(table_encoder(tmp_path_factory.mktemp("encoder"), VECTORS))


def template(
    text: str, language: str = "en", *, intent: str = "track", status: Status = Status.APPROVED
) -> AnswerTemplate:
    return AnswerTemplate(f"{text}.{language}", language, intent, (), text, (), status, "test")


def _retriever(encoder: SentenceEncoder, settings: RetrieverSettings, *templates: AnswerTemplate) -> Retriever:
    index = TemplateIndex(encoder.dim)
    index.add(templates, encoder)
    return Retriever(encoder, index, settings)


def _hits(
    retriever: Retriever, text: str = "parcel", language: str | None = "en", **intents: float
) -> dict[str, float]:
    return {hit.template.id: hit.score for hit in retriever.retrieve(text, language=language, intents=intents)}


def test_without_weights_the_cosine_ranks(encoder: SentenceEncoder) -> None:
    retriever = _retriever(encoder, BARE, template("far"), template("paket", "de"), template("parcel"))
    hits = _hits(retriever)
    assert list(hits) == ["parcel.en", "paket.de", "far.en"]
    assert list(hits.values()) == pytest.approx([1.0, 0.8, 0.28])


def test_the_customers_language_wins_over_a_nearer_foreign_twin_but_the_score_stays_the_cosine(
    encoder: SentenceEncoder,
) -> None:
    settings = RetrieverSettings(language_bonus=0.25, intent_weight=0.0)
    retriever = _retriever(encoder, settings, template("parcel"), template("paket", "de"))
    hits = _hits(retriever, language="de")
    assert list(hits) == ["paket.de", "parcel.en"]
    assert list(hits.values()) == pytest.approx([0.8, 1.0])
    assert list(_hits(retriever, language=None)) == ["parcel.en", "paket.de"]


def test_a_foreign_template_that_is_nearer_by_more_than_the_bonus_stays_first(encoder: SentenceEncoder) -> None:
    settings = RetrieverSettings(language_bonus=0.15, intent_weight=0.0)
    retriever = _retriever(encoder, settings, template("parcel"), template("paket", "de"))
    assert list(_hits(retriever, language="de")) == ["parcel.en", "paket.de"]


def test_a_foreign_template_is_found_where_it_is_the_only_one(encoder: SentenceEncoder) -> None:
    retriever = _retriever(encoder, RetrieverSettings(), template("paket", "de"), template("refund", "ja"))
    assert _hits(retriever, language="ja") == pytest.approx({"paket.de": 0.8})


def test_a_likely_intent_lifts_its_templates(encoder: SentenceEncoder) -> None:
    settings = RetrieverSettings(language_bonus=0.0, intent_weight=0.5)
    retriever = _retriever(encoder, settings, template("paket"), template("lieferung", intent="delivery"))
    assert list(_hits(retriever)) == ["paket.en", "lieferung.en"]
    # 0.6 + 0.5 * 0.7 = 0.95 against 0.8 + 0.5 * 0.2 = 0.9.
    assert list(_hits(retriever, delivery=0.7, track=0.2)) == ["lieferung.en", "paket.en"]
    assert list(_hits(retriever, delivery=0.5, track=0.2)) == ["paket.en", "lieferung.en"]


def test_a_need_that_no_model_knows_is_believed_by_its_cosine(encoder: SentenceEncoder) -> None:
    settings = RetrieverSettings(threshold=-1.0, language_bonus=0.0, intent_weight=0.5)
    retriever = _retriever(encoder, settings, template("parcel", intent="mined"), template("paket", intent="track"))

    def best(known: set[str] | None) -> str:
        return retriever.retrieve("parcel", language=None, intents={"track": 0.9}, known=known)[0].template.intent

    assert best(None) == "track"  # 0.8 + 0.45 beside 1.0
    assert best({"track"}) == "mined"  # 1.0 + 0.5 beside 0.8 + 0.45


def test_below_the_threshold_nothing_is_served_whatever_the_language_and_intent(encoder: SentenceEncoder) -> None:
    settings = RetrieverSettings(threshold=0.35, language_bonus=1.0, intent_weight=1.0)
    retriever = _retriever(encoder, settings, template("far"), template("lieferung", "de"))
    assert _hits(retriever, track=1.0) == pytest.approx({"lieferung.de": 0.6})


def test_at_most_top_k_are_served(encoder: SentenceEncoder) -> None:
    templates = [template("parcel", language) for language in ("en", "de", "fr", "ja")]
    assert len(_hits(_retriever(encoder, RetrieverSettings(top_k=2), *templates))) == 2


@pytest.mark.parametrize("text", ["", "  ", "\n\u3000"])
def test_a_blank_message_has_no_hits(encoder: SentenceEncoder, text: str) -> None:
    assert _hits(_retriever(encoder, BARE, template("parcel")), text) == {}


def test_mined_templates_are_served_only_when_the_settings_let_them_and_retired_ones_never(
    encoder: SentenceEncoder,
) -> None:
    templates = [
        template("parcel", status=Status.RETIRED),
        template("paket", status=Status.MINED),
        template("lieferung"),
    ]
    assert list(_hits(_retriever(encoder, RetrieverSettings(), *templates))) == ["lieferung.en"]
    assert list(_hits(_retriever(encoder, RetrieverSettings(serve_mined=True), *templates))) == [
        "paket.en",
        "lieferung.en",
    ]


@pytest.mark.parametrize("wrong", [{"top_k": 0}, {"threshold": 1.2}, {"threshold": -1.2}])
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="expected top_k >= 1 and -1 <= threshold <= 1"):
        RetrieverSettings(**wrong)  # type: ignore[arg-type]


def test_it_loads_from_the_folders_of_encoder_and_index(tmp_path: Path) -> None:
    folder = table_encoder(tmp_path / "encoder", VECTORS)
    build_index([template("parcel")], encoder=SentenceEncoder(folder), folder=tmp_path / "index")
    retriever = Retriever.load(folder, tmp_path / "index", RetrieverSettings())
    assert _hits(retriever) == pytest.approx({"parcel.en": 1.0})
    with pytest.raises(IndexMismatch, match="uv run xenia index"):
        Retriever.load(folder, tmp_path / "nowhere", RetrieverSettings())
    with pytest.raises(FileNotFoundError, match="uv run xenia train --only encoder"):
        Retriever.load(tmp_path / "nowhere", tmp_path / "index", RetrieverSettings())
