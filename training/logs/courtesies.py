"""What of a message is substance: without greeting, thanks, "one moment please", farewell and signature.

Lists of words in fourteen languages, applied to whole short sentences at the edges of a message; what they do not know
stays. A greeting and a signature also carry names, which belong in no training set.
"""

from __future__ import annotations

import re

MAX_COURTESY_WORDS = 12
MAX_GREETING_WORDS = 5
_MAX_OTHER_WORDS = 3
_SENTENCE = re.compile(r"[^\n]+?(?:(?:[!?…؟।]|(?<!\b\d)(?<!\b\d\d)\.|\.(?=\s*(?:\n|$)))(?=\s|$)|[。！？]|(?=\n|$))")
"""A dot behind one or two digits is an ordinal ("am 3. Oktober"), unless the line ends there."""
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_COMMA = re.compile("[,،、，]")
_QUESTION = re.compile(r"[?？؟]\W*$")
_EDGE = r"(?![^\W\d_])"

_GREETING = re.compile(
    r"\s*(?:(?:hello|hi|hey|dear|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|sehr geehrte[rs]?"
    r"|liebe[rs]?|moin|servus|bonjour|bonsoir|salut|ch[eè]re?|hola|buen[oa]s?(?: d[ií]as| tardes| noches)?|estimad[oa]s?"
    r"|ciao|salve|buongiorno|buonasera|gentile|ol[áa]|oi|bom dia|boa (?:tarde|noite)|prezad[oa]s?|car[oa]s?"
    r"|goede(?:morgen|middag|navond|ndag)|beste|geachte|dag|cześć|dzień dobry|witam|witaj|szanown\w+|merhaba(?:lar)?"
    r"|selam|iyi günler|günaydın|sayın|здравствуйте|добрый (?:день|вечер)|доброе утро|привет|уважаем\w+|مرحب\w*|[أا]هلا\w*"
    rf"|السلام عليكم|صباح الخير|مساء الخير|عزيز\w*|नमस्ते|नमस्कार|प्रिय){_EDGE}"
    r"|您好|你好|亲爱的|尊敬的|こんにちは|こんばんは|おはようございます|はじめまして|お世話になって|いつも)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(rf"{_GREETING.pattern}[^,.!?،、，！。\n]{{0,40}}[,،、，!！]\s*", re.IGNORECASE)
_COURTESY = re.compile(
    r"thank(?:s| you)\b|you(?:['’]?re| are) (?:very |most )?welcome"
    r"|my name is|(?:one|just a) (?:moment|second|minute)|bear with me|please hold"
    r"|let me (?:check|look|see|have a look)|have a (?:nice|great|good|lovely)"
    r"|dank(?:e|eschön)\b|vielen dank|gern geschehen|mein name ist"
    r"|einen (?:kleinen )?(?:moment|augenblick)|ich (?:schaue|prüfe|sehe)"
    r"|schönen tag|merci|de rien|je m'appelle|un (?:petit )?instant|je (?:regarde|vérifie)|bonne journée"
    r"|gracias|de nada|me llamo|mi nombre es|un momento|d[ée]jeme|grazie|prego|mi chiamo|un attimo|buona giornata"
    r"|obrigad[oa]|meu nome é|chamo-me|um (?:momento|instante|minutinho)|bom dia"
    r"|bedankt|dank (?:u|je)|graag gedaan|mijn naam is|een (?:momentje|ogenblik)|moment(?:je)? (?:graag|geduld)|fijne dag"
    r"|dzięk\w+|nie ma za co|mam na imię|nazywam się|chwil(?:a|ę|eczkę|kę)|miłego dnia"
    r"|teşekkür\w*|sağ ?ol\w*|rica ederim|benim adım|bir (?:dakika|saniye)|iyi günler"
    r"|спасибо|благодар\w+|меня зовут|(?:одну|одна) (?:минут|секунд)\w+|минуточку|подождите|хорошего дня"
    r"|شكر[اً]*|عفو[اً]|اسمي|لحظة|دقيقة (?:واحدة|من)|धन्यवाद|शुक्रिया|मेरा नाम|एक (?:मिनट|क्षण|पल)"
    r"|谢谢|感谢|不客气|我叫|请稍[等候]|稍等|ありがとうございま|どういたしまして|と申します|少々お待ち|しばらくお待ち",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\s*(?:(?:(?:kind|best|warm) )?regards|sincerely|yours (?:truly|faithfully|sincerely)|mit freundlichen grüßen"
    r"|(?:viele|liebe|beste|herzliche|freundliche) grüße|mfg|cordialement|bien (?:à vous|cordialement)|(?:un )?saludos?"
    r"|atentamente|(?:cordiali|distinti) saluti|saluti|atenciosamente|(?:com os melhores )?cumprimentos"
    r"|met vriendelijke groet\w*|groet(?:en|jes)?|pozdrawiam|z poważaniem|saygılar\w*|с уважением"
    r"|(?:مع )?(?:أطيب )?(?:التحيات|تحياتي)"
    rf"|सादर|敬具){_EDGE}|\s*(?:此致|祝好|よろしくお願い)",
    re.IGNORECASE,
)


def n_words(text: str) -> int:
    """Words with a letter; where words are not spaced, two characters count as one.

    >>> n_words("Where is 48213?"), n_words("荷物はまだ来ません")
    (2, 5)
    """
    unspaced = len(_UNSPACED.findall(text))
    spaced = sum(any(map(str.isalpha, word)) for word in _UNSPACED.sub(" ", text).split())
    return spaced + (unspaced + 1) // 2


def substance(text: str) -> str:
    """The message without courtesies at its edges; empty where it is nothing else.

    >>> substance("Hallo Frau Meier, der Link steht in der Versandmail. Viele Grüße, Anna")
    'der Link steht in der Versandmail.'
    >>> substance("Hello! One moment please.")
    ''
    """
    bare = _ADDRESS.sub("", text, count=1) if _ADDRESS.match(text) else text
    sentences = list(_SENTENCE.finditer(bare))
    first, last = 0, len(sentences)
    while first < last and _is_courtesy(sentences[first][0]):
        first += 1
    for index in range(first, last):
        rest = bare[sentences[index].end() :]
        if _CLOSING.match(sentences[index][0]) and n_words(rest) <= MAX_COURTESY_WORDS:
            last = index
            break
    while last > first and _is_courtesy(sentences[last - 1][0]):
        last -= 1
    return bare[sentences[first].start() : sentences[last - 1].end()].strip() if first < last else ""


def sentences(text: str) -> list[str]:
    """Its sentences without the space around them; a line end ends one too.

    >>> sentences("Ja, gern. Geht das?\\nDanke")
    ['Ja, gern.', 'Geht das?', 'Danke']
    >>> sentences("Bis zum 3. Oktober wird es knapp. Bestellt am 12.\\nDanke")
    ['Bis zum 3. Oktober wird es knapp.', 'Bestellt am 12.', 'Danke']
    """
    return [found for one in _SENTENCE.finditer(text) if (found := one[0].strip())]


def asks(sentence: str) -> bool:
    """Whether a sentence ends as a question."""
    return _QUESTION.search(sentence) is not None


def n_words_stated(text: str) -> int:
    """Words of the sentences that ask nothing."""
    return sum(n_words(one) for one in sentences(text) if not asks(one))


def _is_courtesy(sentence: str) -> bool:
    """Whether every part between commas is one, or too short to say something; "Danke, ..." may go on with the answer."""
    count = n_words(sentence)
    if _GREETING.match(sentence) and count <= MAX_GREETING_WORDS:
        return True
    if count == 0:
        return not any(map(str.isdigit, sentence))
    parts = _COMMA.split(sentence)
    return _COURTESY.search(sentence) is not None and all(
        n_words(part) <= (MAX_COURTESY_WORDS if _COURTESY.search(part) else _MAX_OTHER_WORDS) for part in parts
    )
