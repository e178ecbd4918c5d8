"""The figures of benchmarks/speed.json as tables and goals (the format of `training.evaluation.report_benchmarks`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

COMMAND = "uv run python -m benchmarks.speed --url http://localhost:5005"
MESSAGE_MS = 300.0
LOAD_S = 5.0
RESIDENT_MB = 1200.0
MISSING = "–"
XENIA_NOTE = (
    "Xenia's parse is language, intent, entities and answers; the stock pipeline's is intent and entities.\n"
    "One message at a time through a loaded Rasa agent, each in a process of its own, logging off. Accuracy\n"
    "is taken before the fallback's threshold."
)
STOCK_NOTE = (
    " The stock pipeline learnt from {learnt},\nin {seconds:.0f} s; all rows would take it about a minute"
    " an epoch. Its whitespace tokenizer finds no words in\nChinese and Japanese."
)


def presented(parts: Mapping[str, Mapping[str, Any]], *, machine: str) -> dict[str, Any]:
    """Title, command, tables and goals of the parts that were measured."""
    tables = [
        table for table in (_models(parts, machine), _languages(parts), _server(parts, machine)) if table is not None
    ]
    return {"title": "speed", "command": COMMAND, "tables": tables, "goals": _goals(parts)}


_MODEL_ROWS: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("parse p50, ms", "parse_p50_ms", "{:.1f}".format),
    ("parse p95, ms", "parse_p95_ms", "{:.1f}".format),
    ("importing, s", "import_s", "{:.1f}".format),
    ("loading after the imports, s", "load_s", "{:.1f}".format),
    ("resident memory after the imports, MB", "imported_mb", "{:.0f}".format),
    ("resident memory after all parses, MB", "resident_mb", "{:.0f}".format),
    ("intent accuracy, mean of the languages, %", "intent_accuracy", "{:.1%}".format),
    ("intent accuracy, worst language, %", "worst_intent_accuracy", "{:.1%}".format),
    ("entity F1, %", "entity_f1", "{:.1%}".format),
)


def _models(parts: Mapping[str, Mapping[str, Any]], machine: str) -> dict[str, Any] | None:
    columns = [name for name in ("xenia", "diet") if name in parts]
    if not columns:
        return None
    titles = {"xenia": "Xenia", "diet": "stock pipeline (DIET)"}
    rows = [[what, *(_shown(parts[name].get(key), form) for name in columns)] for what, key, form in _MODEL_ROWS]
    note = XENIA_NOTE
    if "diet" in parts:
        diet = parts["diet"]
        learnt = f"one row in {diet['keep_every']} ({diet['n_rows']} rows), {diet['epochs']} epochs"
        note += STOCK_NOTE.format(learnt=learnt, seconds=diet["training_s"])
    busy = ", ".join(f"{parts[name]['load_average_before']:.1f}" for name in columns)
    note += f" Load average of the machine before each: {busy}."
    n_messages = parts[columns[0]]["n_messages"]
    title = f"One parse of {n_messages} held-out messages on {machine}"
    return {"title": title, "columns": ["", *(titles[name] for name in columns)], "rows": rows, "note": note}


def _languages(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any] | None:
    names = [name for name in ("xenia", "diet") if name in parts]
    if len(names) < 2:
        return None
    languages = list(parts["xenia"]["languages"])
    rows = [[name, *(f"{parts[name]['languages'][one]:.1%}" for one in languages)] for name in names]
    return {"title": "Intent accuracy by language", "columns": ["", *languages], "rows": rows}


def _server(parts: Mapping[str, Mapping[str, Any]], machine: str) -> dict[str, Any] | None:
    if "server" not in parts:
        return None
    server = parts["server"]
    rows = [
        [
            "all replies",
            server["n_messages"],
            *(_ms(server[f"message_{which}_ms"]) for which in ("p50", "p95")),
        ],
        [
            "written by the writer",
            server["n_written"],
            *(_ms(server[f"written_{which}_ms"]) for which in ("p50", "p95")),
        ],
    ]
    who = ", ".join(f"{name} {count}" for name, count in server["written_by"].items())
    note = f"Replies by who wrote them: {who}."
    if server["resident_mb"]:
        now, most = server["resident_mb"], server["peak_mb"]
        note += f" Resident memory of the server {now:.0f} MB, at most {most:.0f} MB."
    title = f"A whole message over HTTP, question to reply, on {machine}"
    return {"title": title, "columns": ["", "messages", "p50 ms", "p95 ms"], "rows": rows, "note": note}


def _goals(parts: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    xenia, diet, server = (parts.get(name, {}) for name in ("xenia", "diet", "server"))
    theirs = diet.get("parse_p50_ms")
    return [
        _goal("a parse, p50", xenia.get("parse_p50_ms"), theirs, "{:.1f} ms", "under the stock pipeline's {}"),
        _goal("a whole message with a written reply, p50", server.get("written_p50_ms"), MESSAGE_MS, "{:.0f} ms"),
        _goal("loading the model after the imports", xenia.get("load_s"), LOAD_S, "{:.1f} s"),
        _goal("resident memory of the server", server.get("resident_mb"), RESIDENT_MB, "{:.0f} MB"),
    ]


def _goal(name: str, figure: float | None, limit: float | None, form: str, words: str = "under {}") -> dict[str, Any]:
    return {
        "name": name,
        "goal": words.format(MISSING if limit is None else form.format(limit)),
        "figure": MISSING if figure is None else form.format(figure),
        "reached": None if figure is None or limit is None else figure < limit,
    }


def _ms(value: float | None) -> str:
    return _shown(value, "{:.0f}".format)


def _shown(value: float | None, form: Callable[[float], str]) -> str:
    return MISSING if value is None else form(value).removesuffix("%")
