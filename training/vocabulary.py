"""A SentencePiece unigram vocabulary with XLM-R's special ids, written twice: for sampling and for serving.

`sentencepiece.model` draws different segmentations of one text while training (subword regularisation, Kudo 2018,
arXiv:1804.10959); `tokenizer.json` is the same vocabulary for the `tokenizers` library, which gives offsets.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as sentencepiece_model
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

SENTENCEPIECE_NAME = "sentencepiece.model"
TOKENIZER_NAME = "tokenizer.json"
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")


def balanced(texts: Mapping[str, Sequence[str]], *, n_texts: int, exponent: float, seed: int) -> list[str]:
    """Draw `n_texts` lines; a language with share p is drawn with probability ~ p**exponent (arXiv:1911.02116, 3.1)."""
    draw = random.Random(seed)
    weights = {language: len(rows) ** exponent for language, rows in texts.items() if rows}
    total = sum(weights.values())
    lines: list[str] = []
    for language, weight in sorted(weights.items()):
        lines += draw.choices(texts[language], k=max(1, round(n_texts * weight / total)))
    draw.shuffle(lines)
    return lines


def train_vocabulary(
    lines: Sequence[str], folder: Path, *, size: int, symbols: Sequence[str] = (), verbatim: bool = False
) -> None:
    """Write `sentencepiece.model` and `tokenizer.json` with `size` pieces into `folder`.

    `symbols` are never split. `verbatim` keeps every character as it is (for a model that writes): no NFKC, and a text
    ends with `</s>` without a `<s>` before it. Raises ValueError where the texts do not allow that size.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines),
            model_prefix=str(folder / "sentencepiece"),
            vocab_size=size,
            model_type="unigram",
            character_coverage=0.9997,
            byte_fallback=True,
            split_digits=True,
            normalization_rule_name="identity" if verbatim else "nmt_nfkc",
            user_defined_symbols=list(symbols),
            bos_id=0,
            pad_id=1,
            eos_id=2,
            unk_id=3,
            minloglevel=2,
            num_threads=2,
        )
    except RuntimeError as error:  # the library says what it needs, in its own words
        reason = str(error).rpartition("] ")[2] or str(error)
        raise ValueError(f"vocabulary_size: {size} does not suit these texts: {reason}") from error
    (folder / "sentencepiece.vocab").unlink()
    write_tokenizer(folder, verbatim=verbatim)


def write_tokenizer(folder: Path, *, verbatim: bool = False) -> None:
    """Write `tokenizer.json`, equal to the `sentencepiece.model` beside it piece for piece."""
    proto = sentencepiece_model.ModelProto()
    proto.ParseFromString((folder / SENTENCEPIECE_NAME).read_bytes())
    vocabulary = [(piece.piece, piece.score) for piece in proto.pieces]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=3, byte_fallback=True))
    scheme = "first" if verbatim else "always"
    if not verbatim:
        tokenizer.normalizer = normalizers.Sequence(
            [
                normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap),
                normalizers.Replace(Regex(r"\s{2,}"), " "),
                normalizers.Strip(),
            ]
        )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme=scheme)
    tokenizer.decoder = decoders.Sequence(
        [decoders.ByteFallback(), decoders.Metaspace(replacement="▁", prepend_scheme=scheme)]
    )
    user_defined = [
        piece.piece for piece in proto.pieces if piece.type == sentencepiece_model.ModelProto.SentencePiece.USER_DEFINED
    ]
    tokenizer.add_special_tokens(list(SPECIAL))
    # Not normalised, so that `<s>=` is looked for together with `<s>` and the longer one is found.
    tokenizer.add_tokens([AddedToken(piece, normalized=False) for piece in user_defined])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>" if verbatim else "<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.save(str(folder / TOKENIZER_NAME), pretty=False)
