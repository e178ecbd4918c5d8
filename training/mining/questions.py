"""What of a customer's words says what is needed: the sentences that ask, without values, names and what a chat program adds.

Needs are told apart by this text; a person reads the whole question. Empty where nothing but data was sent ("48213",
"Name: ..., e-mail: ...").
"""

from __future__ import annotations

import re

from training.logs.courtesies import asks, n_words, sentences
from training.redaction.personal import MARK

MAX_SENTENCES = 3
MIN_WORDS, MIN_WORDS_BESIDE = 2, 1
"""Words of a sentence without values; of one with a value, what it is ("order number") and "my", "is", "yes" not counted."""
_END = r"(?![\w\u0900-\u0963])"
"""Where a word ends; vowel signs of Devanagari are no letters to `re`."""
_FIELD = re.compile(
    r"\b(?:e-?mail(?:[- ]?adress\w*)?|mail|order (?:number|no\.?)|name|address|phone|tel(?:efon)?\w*|number|nr\.?|no\.?|n[º°]"
    r"|nummer|bestell(?:nummer|nr\.?|ung)|auftrags(?:nummer|nr\.?)|kunden(?:nummer|nr\.?)|adresse|anschrift|lieferadresse|vorname|nachname"
    r"|num[ée]ro|commande|adresse|nom|pr[ée]nom|pedido|n[úu]mero|nombre|direcci[óo]n|correo|ordine|numero|indirizzo|nome"
    r"|endere[çc]o|encomenda|bestelnummer|ordernummer|naam|adres|zam[óo]wieni\w*|numer|adres|imi[ęe]|sipari[şs]|numara\w*|ad[ıi]?"
    r"|заказ\w*|номер\w*|имя|адрес|почта|(?:ال)?طلب|رقم|الاسم|العنوان|ऑर्डर|नंबर|नाम|पता)"
    + _END
    + "|订单号?|号码|姓名|地址|邮箱|注文番号|番号|氏名|住所",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\b(?:ok(?:ay|ey)?|yes|yeah|yep|my|the|is|are|it['’]?s|its|this|that|under|for|c ?/? ?o|and|or|here|sure|gladly|please"
    r"|ja|jo|klar|gern\w*|mein\w*|unser\w*|der|die|das|dies\w*|ist|sind|wäre|lautet|hier|und|oder|unter|auf|bitte|es|geht|um"
    r"|oui|mon|ma|mes|le|la|les|est|sont|c['’]est|voici|voilà|au|et|ou|il|s['’]agit|de|du|d['’]|l['’]|sí|mis?|el|los|es|son|esta"
    r"|este|aquí|y|del?|sì|certo|mi[oae]|il|lo|è|sono|questo|questa|ecco|ed?|di|sim|claro|meu|minha|os?|as?|é|são|este|está|aqui"
    r"|do|da|mijn|het|een|dit|dat|zijn|hier|en|van|graag|tak|mój|moja|moje|to|jest|oto|i|na|evet|benim|bu|şu|ve"
    r"|да|мой|моя|моё|мои|это|вот|и|на|نعم|هو|هي|هذا|هذه|و|हाँ|हां|जी|मेरा|मेरी|मेरे|है|यह|ये|और)"
    + _END
    + "|我的|这是|这个|是|的|好的?|はい|私の|こちら|です|ます|は|の|が",
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
    >>> need_of("Name: #NAME#, E-Mail: #EMAIL#"), need_of("Ja, meine Bestellnummer ist 48213")
    ('', '')
    >>> need_of("Bestellung 48213 stornieren")
    'Bestellung stornieren'
    """
    said = [one for one in map(_bare, sentences(_UPLOAD.sub(" ", question))) if one]
    asking = [one for one in said if asks(one)]
    return " ".join((asking or said)[:MAX_SENTENCES])


def _bare(sentence: str) -> str:
    """Without values; empty where nothing is left but what a value is and that it is one."""
    text = " ".join(_VALUES.sub(" ", MARK.sub(" ", sentence)).split())
    said = _FIELD.sub(" ", text)
    if text == sentence or asks(sentence):
        return text if n_words(said) >= MIN_WORDS else ""
    return text if n_words(_BESIDE.sub(" ", said)) >= MIN_WORDS_BESIDE else ""
