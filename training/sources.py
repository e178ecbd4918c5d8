"""All that the three models learn from, gathered once: the repository's data, logged dialogues, public sets beside it.

Fine-tuning from logs does not forget the repository's data: rows of both are learnt together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nlu.language import LanguageIdentifier
from retrieval.templates import AnswerTemplate, read_templates
from training.checks.places import Problem, Severity
from training.checks.preflight import preflight, without_left_out
from training.config import NluConfig
from training.data import corpora
from training.data.borrowed import borrowed_examples, question_examples
from training.data.codeswitch import CodeSwitch
from training.data.dataset import Example, fingerprint, read_nlu, read_replies, read_values
from training.logs.read import read_logs
from training.logs.rows import Answered, LogRows
from training.pretrain.batches import SERVED
from training.redaction.values import own_facts


@dataclass(frozen=True, slots=True)
class Logs:
    """Which dialogues to learn from. `confirmed`: also from intents that only the model named, from `threshold` on."""

    source: str
    confirmed: bool = False
    threshold: float = 0.9


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What is learnt from, and in `origins` how many rows came from where, in words.

    `fingerprint` is that of the utterances of `data/` alone: Rasa knows those, and no logs. `conversations` are the `row_id`s of
    the logged ones that a row comes from.
    """

    examples: tuple[Example, ...]
    templates: tuple[AnswerTemplate, ...]
    replies: Mapping[str, Mapping[str, Any]]
    values: Mapping[str, Mapping[str, list[str]]]
    answered: tuple[Answered, ...] = ()
    origins: tuple[str, ...] = ()
    fingerprint: str = ""
    conversations: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    @property
    def broken(self) -> bool:
        """Whether a problem forbids to train."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def gather(
    data_dir: Path, *, logs: Logs | None = None, language_dir: Path | None = None, tests_dir: Path | None = None
) -> TrainingData:
    """Read everything of `data_dir` and of the logs; faults are in `problems`, with file and line.

    `language_dir` holds the identifier that tells the language of a turn where the log does not; `tests_dir` the rows that
    no training may see. Raises UnreadableLogs, FileNotFoundError.
    """
    logged = _logged(logs, language_dir, data_dir / "facts.yml") if logs else None
    found = preflight(data_dir=data_dir, tests_dir=tests_dir, examples=logged.examples if logged else ())
    if any(problem.severity is Severity.ERROR for problem in found):
        return TrainingData((), (), {}, {}, problems=tuple(found))
    own = read_nlu(data_dir / "nlu")
    templates = read_templates((data_dir / "templates").glob("*.jsonl"))
    further = without_left_out(logged.examples, found) if logged else []
    origins = [
        f"data/: {len(own)} utterances in {len(Counter(row.language for row in own))} languages, {len(templates)} templates"
    ]
    if logged:
        origins += [f"logs: {len(further)} classifier rows, {len(logged.answered)} questions with their answers"]
        origins += [f"logs: {line}" for line in logged.report.lines()]
    return TrainingData(
        examples=(*own, *further),
        templates=tuple(templates),
        replies=read_replies(data_dir / "replies"),
        values=read_values(data_dir / "values"),
        answered=logged.answered if logged else (),
        origins=tuple(origins),
        fingerprint=fingerprint(own),
        conversations=logged.conversations if logged else (),
        problems=tuple(found),
    )


def _logged(logs: Logs, language_dir: Path | None, facts_path: Path) -> LogRows:
    identify = LanguageIdentifier(language_dir).code_of if language_dir and language_dir.exists() else None
    return read_logs(
        logs.source,
        confirmed=logs.confirmed,
        threshold=logs.threshold,
        identify=identify,
        facts=own_facts(facts_path),
    )


def borrowed_rows(config: NluConfig, data: TrainingData, corpora_dir: Path) -> list[Example]:
    """The templates' questions and the rows of public sets that the joint model learns from beside our own."""
    return question_examples(data.templates) + borrowed_examples(
        corpora_dir,
        languages=SERVED,
        n_support=config.n_borrowed_support,
        n_foreign=config.n_borrowed_foreign,
        seed=config.seed,
    )


def switch_of(config: NluConfig, data: TrainingData, corpora_dir: Path) -> CodeSwitch | None:
    """Phrases of other languages, where the settings want them."""
    if not config.switched:
        return None
    return CodeSwitch.from_parallel(
        corpora.parallel_interface(corpora_dir),
        corpora.massive(corpora_dir, "train").values(),
        languages=tuple(sorted({row.language for row in data.examples})),
    )
