"""The Rasa server without TensorFlow: `python -m bot.server --model ... --port ...`, started by `xenia serve`.

Importing Rasa takes most of a start, and two thirds of that is TensorFlow, which only DIET, TED and their like use. Where
config.yml names none of them, this launcher puts two stand-ins in front of Rasa's imports: a list of default components
without them, and empty training callbacks. Everything else is Rasa's own server. Where config.yml does name one, nothing
is replaced. `rasa run` serves the same model, only slower to start and larger.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
import types
from pathlib import Path

import yaml

LEAN = (
    "rasa.nlu.classifiers.fallback_classifier.FallbackClassifier",
    "rasa.nlu.classifiers.keyword_intent_classifier.KeywordIntentClassifier",
    "rasa.nlu.extractors.entity_synonyms.EntitySynonymMapper",
    "rasa.nlu.extractors.regex_entity_extractor.RegexEntityExtractor",
    "rasa.core.policies.memoization.MemoizationPolicy",
    "rasa.core.policies.memoization.AugmentedMemoizationPolicy",
    "rasa.core.policies.rule_policy.RulePolicy",
)
_STAND_INS = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaDataGenerator", "RasaBatchDataGenerator"),
}


def is_lean(config_path: Path) -> bool:
    """Whether every component that config.yml names is ours or one of LEAN."""
    config = yaml.safe_load(config_path.read_text("utf-8")) or {}
    named = [part["name"] for key in ("pipeline", "policies") for part in config.get(key) or []]
    known = {path.rsplit(".", 1)[1] for path in LEAN} | set(LEAN)
    return bool(named) and all(name in known or name.startswith("bot.") for name in named)


def leave_tensorflow_out() -> None:
    """Install the stand-ins; must run before Rasa is imported."""
    for name, classes in _STAND_INS.items():
        module = types.ModuleType(name)
        for class_name in classes:
            setattr(module, class_name, type(class_name, (), {}))
        sys.modules[name] = module
    components = types.ModuleType("rasa.engine.recipes.default_components")
    sys.modules[components.__name__] = components
    components.DEFAULT_COMPONENTS = [_class(path) for path in LEAN]  # type: ignore[attr-defined]


def _class(path: str) -> type:
    module, name = path.rsplit(".", 1)
    found: type = getattr(importlib.import_module(module), name)
    return found


def main() -> None:
    """Parse the command line and serve until a signal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--credentials", required=True)
    parser.add_argument("--endpoints", required=True)
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--interface", default="127.0.0.1")
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    arguments = parser.parse_args()
    sys.path.insert(0, os.getcwd())
    if is_lean(arguments.config):
        leave_tensorflow_out()

    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    configure_logging_and_warnings(logging.WARNING, None, warn_only_once=True, filter_repeated_logs=True)
    configure_structlog(logging.WARNING)
    serve_application(
        model_path=arguments.model,
        interface=arguments.interface,
        port=arguments.port,
        credentials=arguments.credentials,
        endpoints=AvailableEndpoints.read_endpoints(arguments.endpoints),
        enable_api=True,
        auth_token=os.environ.get("API_TOKEN") or None,
    )


if __name__ == "__main__":
    main()
