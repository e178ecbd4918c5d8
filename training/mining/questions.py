"""What of a customer's words says what is needed: the sentences that ask, without values, names and what a chat program adds.

Needs are told apart by this text; a person reads the whole question. Empty where nothing but data was sent ("48213",
"Name: ..., e-mail: ...").
"""

from __future__ import annotations

import re

from training.logs.courtesies import asks, n_words, sentences
from training.redaction.personal import MARK

MAX_SENTENCES = 3
MIN_WORDS = 2
_FIELD = re.compile(
    r"\b(?:e-?mail(?:[- ]?adress\w*)?|mail|order (?:number|no\.?)|name|address|phone|tel(?:efon)?\w*|number|nr\.?|no\.?|n[º°]"
    r"|bestell(?:nummer|nr\.?|ung)|auftrags(?:nummer|nr\.?)|kunden(?:nummer|nr\.?)|adresse|anschrift|lieferadresse|vorname|nachname"
    r"|num[ée]ro|commande|adresse|nom|pr[ée]nom|pedido|n[úu]mero|nombre|direcci[óo]n|correo|ordine|numero|indirizzo|nome"
    r"|endere[çc]o|encomenda|bestelnummer|ordernummer|naam|adres|zam[óo]wieni\w*|numer|adres|imi[ęe]|sipari[şs]|numara\w*|ad[ıi]?"
    r"|заказ\w*|номер\w*|имя|адрес|почта|طلب|رقم|الاسم|العنوان|ऑर्डर|नंबर|नाम|पता|订单号?|号码|姓名|地址|邮箱|注文番号|番号|氏名|住所)\b",
    re.IGNORECASE,
)
_UPLOAD = re.compile(
    r"(?:visitor )?uploaded:?.*?(?:size:?\s*\S+|$)|\burl:\s*\S*|\btype:\s*\w+/\w+|\bsize:\s*\S+", re.IGNORECASE
)
_VALUES = re.compile(r"\d[\d.,/:-]*|[@#/\\|*_=<>\[\]{}]+")


def need_of(question: str) -> str:
    """At most three sentences: those that ask, otherwise the first ones that say something.

    >>> need_of("Hi, I ordered shoes. Bestellnummer: [order_number:4F7K]. When do they come?")
    'When do they come?'
    >>> need_of("Name: #NAME#, E-Mail: #EMAIL#")
    ''
    """
    said = [one for one in map(_bare, sentences(_UPLOAD.sub(" ", question))) if one]
    asking = [one for one in said if asks(one)]
    return " ".join((asking or said)[:MAX_SENTENCES])


def _bare(sentence: str) -> str:
    """Without values; empty where nothing but names of fields is left."""
    text = " ".join(_VALUES.sub(" ", MARK.sub(" ", sentence)).split())
    return text if n_words(_FIELD.sub(" ", text)) >= MIN_WORDS else ""
