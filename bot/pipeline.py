"""Rasa graph components: language, intent and entities, answers. Adapters only; the work is in nlu/ and retrieval/.

`process` of each sets its part of the parse: `language`, `intent` + `intent_ranking` + `entities`, `answers`. A need that
was mined from the logs and fits no intent of the model has none to be recognised by: where its approved answer is the best
one for a message, the message gets the intent `logged_need`.
"""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path
from typing import Any, Dict, List, Optional, Type

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.conversation import language_to_dict
from bot.settings import settings
from nlu.language import LanguageIdentifier as Identifier
from nlu.parser import Parser
from nlu.types import Parse
from retrieval.encoder import SentenceEncoder
from retrieval.index import build_index
from retrieval.provenance import MANIFEST_NAME
from retrieval.retriever import Retriever, RetrieverSettings
from retrieval.templates import read_templates
from store.manifest import weights_digest

logger = logging.getLogger(__name__)
ComponentType = DefaultV1Recipe.ComponentType
LOGGED_NEED = "logged_need"
LOGGED_SCORE = 0.6
"""Cosine from which on the best answer, of an intent that the model does not know, says what a message is about."""
_KNOWN = "known_intents"


def _check(config: Dict[str, Any], defaults: Dict[str, Any], name: str) -> None:
    known = set(defaults) | {"name"}
    if unknown := {key for key in config if not key.startswith("__")} - known:
        raise InvalidConfigException(f"config.yml: {name} has no key {sorted(unknown)}; known are {sorted(known)}")


def _text(message: Message) -> str:
    text = message.get("text") or ""
    return "" if text.startswith("/") else text


@DefaultV1Recipe.register([ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class LanguageIdentifier(GraphComponent):
    """Puts `language` into the parse (the contract of docs/architecture.md)."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """`model`: folder of the identifier."""
        return {"model": "models/starter/language"}

    @staticmethod
    def supported_languages() -> Optional[List[str]]:
        """All: `language:` of config.yml says nothing here."""
        return None

    def __init__(self, identifier: Identifier) -> None:
        self._identifier = identifier

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LanguageIdentifier":
        """Load the identifier."""
        _check(config, cls.get_default_config(), cls.__name__)
        return cls(Identifier(Path(config["model"])))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing is learnt from the language."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """One language a message."""
        for message in messages:
            language = self._identifier.identify(_text(message))
            message.set("language", language_to_dict(language), add_to_output=True)
        return messages


@DefaultV1Recipe.register([ComponentType.INTENT_CLASSIFIER, ComponentType.ENTITY_EXTRACTOR], is_trainable=True)
class IntentEntityClassifier(GraphComponent):
    """The joint model, trainable inside Rasa; its weights live in the model archive."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """`checkpoint`: encoder to start from; `fine_tuned`: folder whose weights are taken when its data is this data."""
        return {
            "checkpoint": "models/starter/encoder",
            "fine_tuned": "models/starter/nlu",
            "epochs": 6.0,
            "batch_size": 64,
            "learning_rate": 4e-4,
            "ranking_length": 10,
            "n_threads": 1,
        }

    @staticmethod
    def required_packages() -> List[str]:
        """Needed to serve; training needs torch and transformers as well."""
        return ["onnxruntime", "tokenizers"]

    @staticmethod
    def supported_languages() -> Optional[List[str]]:
        """All."""
        return None

    def __init__(self, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._parser: Optional[Parser] = None

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "IntentEntityClassifier":
        """An untrained component."""
        _check(config, cls.get_default_config(), cls.__name__)
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls: Type["IntentEntityClassifier"],
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "IntentEntityClassifier":
        """The component of a trained model; a damaged archive is an error, it never continues untrained."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            component._parser = Parser(folder, n_threads=config["n_threads"])
        return component

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        """Rasa's cache must not bring back older weights: the shipped ones and the encoder count as inputs."""
        full = {**cls.get_default_config(), **config}
        return "".join(weights_digest(Path(full[key])) or "" for key in ("fine_tuned", "checkpoint"))

    def train(self, training_data: TrainingData) -> Resource:
        """Fine-tune, or take the shipped weights when they were made from exactly this data."""
        from training.data.dataset import fingerprint

        examples = examples_of(training_data)
        with self._model_storage.write_to(self._resource) as folder:
            if self._made_from(fingerprint(examples)):
                logger.info("The data is unchanged: taking the weights of %s", self._config["fine_tuned"])
                for path in Path(self._config["fine_tuned"]).iterdir():
                    shutil.copyfile(path, folder / path.name)
            else:
                self._fine_tune(examples, folder)
            self._parser = Parser(folder, n_threads=self._config["n_threads"])
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Policies learn from the annotations, not from predictions."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Intent, ranking and entities of each message."""
        if self._parser is None:
            raise InvalidConfigException("IntentEntityClassifier has no weights. Run `rasa train`.")
        for message, parse in zip(messages, self._parser.parse([_text(message) for message in messages])):
            self._set(message, parse)
        return messages

    def _set(self, message: Message, parse: Parse) -> None:
        ranking = [
            {"name": intent.name, "confidence": round(intent.confidence, 6)}
            for intent in parse.intents[: self._config["ranking_length"]]
        ]
        entities = [
            {
                "entity": entity.label,
                "start": entity.start,
                "end": entity.end,
                "value": entity.value,
                "confidence_entity": round(entity.confidence, 6),
                "extractor": type(self).__name__,
            }
            for entity in parse.entities
        ]
        message.set("intent", ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set(_KNOWN, {intent.name for intent in parse.intents})
        message.set("entities", [*message.get("entities", []), *entities], add_to_output=True)

    def _made_from(self, data_fingerprint: str) -> bool:
        manifest = Path(self._config["fine_tuned"]) / "manifest.json"
        if not manifest.exists():
            return False
        return bool(json.loads(manifest.read_text("utf-8")).get("data_fingerprint") == data_fingerprint)

    def _fine_tune(self, examples: List[Any], folder: Path) -> None:
        from training.config import NluConfig
        from training.nlu.train import train_nlu

        nlu_config = NluConfig(
            learning_rate=self._config["learning_rate"],
            epochs=self._config["epochs"],
            batch_size=self._config["batch_size"],
        )
        work_dir = folder / "work"
        train_nlu(
            nlu_config,
            examples=examples,
            checkpoint=Path(self._config["checkpoint"]),
            folder=folder,
            work_dir=work_dir,
        )
        shutil.rmtree(work_dir, ignore_errors=True)


def examples_of(training_data: TrainingData) -> List[Any]:
    """Rasa's training data as the rows that training/ learns from."""
    from training.data.dataset import Example

    return [
        Example(
            text=message.get("text"),
            language="",
            intent=message.get("intent"),
            situation="",
            spans=tuple((one["start"], one["end"], one["entity"]) for one in message.get("entities", [])),
        )
        for message in training_data.intent_examples
    ]


@DefaultV1Recipe.register([ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class AnswerRetriever(GraphComponent):
    """Puts `answers` into the parse; stands behind the two others, whose language and intents it uses."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Folders, and the settings of `retrieval.retriever.RetrieverSettings`."""
        defaults = RetrieverSettings()
        return {
            "encoder": "models/starter/retrieval",
            "index": "models/index",
            "templates": "data/templates",
            **{name: getattr(defaults, name) for name in RetrieverSettings.__slots__},
        }

    @staticmethod
    def supported_languages() -> Optional[List[str]]:
        """All."""
        return None

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "AnswerRetriever":
        """Load encoder and index, built where there is none; one of another encoder is an error that names the command."""
        _check(config, cls.get_default_config(), cls.__name__)
        values = {name: config[name] for name in RetrieverSettings.__slots__}
        # An index holds mined templates only where MINED_SCORE let them through.
        values["serve_mined"] = values["serve_mined"] or settings().mined_score is not None
        chosen = RetrieverSettings(**values)
        index_dir = Path(config["index"])
        if not (index_dir / MANIFEST_NAME).exists():
            logger.info("There is no answer index yet: building %s from %s", index_dir, config["templates"])
            templates = read_templates(Path(config["templates"]).glob("*.jsonl"))
            build_index(templates, encoder=SentenceEncoder(Path(config["encoder"]), n_threads=2), folder=index_dir)
        return cls(Retriever.load(Path(config["encoder"]), index_dir, chosen))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing is learnt from the answers."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """The answers of each message, best first."""
        for message in messages:
            intents = {one["name"]: one["confidence"] for one in message.get("intent_ranking", [])}
            language = (message.get("language") or {}).get("code")
            known = message.get(_KNOWN)
            hits = self._retriever.retrieve(_text(message), language=language, intents=intents, known=known)
            answers = [
                {
                    "id": hit.template.id,
                    "score": round(hit.score, 4),
                    "language": hit.template.language,
                    "intent": hit.template.intent,
                    "text": hit.template.text,
                    "source": hit.template.source,
                }
                for hit in hits
            ]
            message.set("answers", answers, add_to_output=True)
            best = next(iter(hits), None)
            if known and best and best.score >= LOGGED_SCORE and best.template.intent not in known:
                _set_logged_need(message, best.score)
        return messages


def _set_logged_need(message: Message, score: float) -> None:
    """`logged_need` with the cosine as its confidence; the others share what is left."""
    rest = [
        {**one, "confidence": round(one["confidence"] * (1 - score), 6)} for one in message.get("intent_ranking", [])
    ]
    ranking = [{"name": LOGGED_NEED, "confidence": round(score, 6)}, *rest]
    message.set("intent", ranking[0], add_to_output=True)
    message.set("intent_ranking", ranking, add_to_output=True)
