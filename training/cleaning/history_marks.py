"""How mail programs and people mark, in fourteen languages, that an earlier mail begins; `history` decides what to cut.

Patterns look at single lines, an attribution ("On ... wrote:") at up to three joined ones.
"""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+\.\w+")
_CLOCK = re.compile(r"\d{1,2}\s?[:.h時时点點]\s?\d{2}")
_DATE = re.compile(r"\d{4}|\d{1,2}[./]\d{1,2}[./]\d{2}")
_STARTS_WITH_WORD = re.compile(r"[\s*]*(?:On|Am|Le|El|Il(?: giorno)?|Em|No dia|A|Op|W dniu|Dnia|في)\s[^<>]{0,40}?\d")
_STARTS_DATED = re.compile(rf"{_STARTS_WITH_WORD.pattern}|[\s*]*(?:[^\d\s<>:]{{1,12}}\s+){{0,2}}\d{{1,4}}[\s./年-]")
_STARTS_NAMED = re.compile(r"[\s*]*[^<>\n]{1,60}<[^<>\s@]+@[^<>\s]+>")
_WROTE = re.compile(
    r"\bwrote\b|\bwrites\b|\bschrieb(?:en)?\b|\bgeschrieben\b|\ba écrit\b|\bescribi[óo]\b|\bha scritto\b|\bescreveu\b|\bschreef\b"
    r"|\bgeschreven\b|\bnapisał(?:a|\(a\)|/a)?|\bpisze\b|\byazdı\b|\bпишет\b|\bнаписал(?:а|\(а\)|и)?|\bписал(?:а|\(а\))?"
    r"|كتبت?\b|كتابة ما يلي|ने लिखा|[写寫]道|のメール|書きました|年.*>\W*$",
    re.IGNORECASE,
)
_COLON_END = re.compile(r"[:：][\s*\u200e\u200f]*$")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।:：]\s*$")
_RULE = r"[\s\-–—_=*~]"
_SEPARATOR = re.compile(
    r"(?:Original(?: Message| Appointment|-?Nachricht)|(?:Begin )?Forwarded message|Ursprüngliche (?:Nachricht|E-?Mail)"
    r"|Weitergeleitete (?:Nachricht|E-?Mail)|Anfang der weitergeleiteten (?:Nachricht|E-?Mail)|Message d['’]origine"
    r"|Message (?:original|initial|transféré|transmis)|Début du message (?:transféré|réexpédié)"
    r"|(?:Inicio del )?Mensaje (?:original|reenviado)|(?:Inizio (?:del )?)?Messaggio (?:originale|inoltrato)"
    r"|(?:Início da )?Mensagem (?:original|encaminhada|reencaminhada)|(?:Oorspronkelijk|Origineel) bericht"
    r"|(?:Begin )?Doorgestuurd bericht|Wiadomość (?:oryginalna|przekazana(?: dalej)?)"
    r"|(?:Oryginalna|Przekazana) wiadomość|Początek przekazywanej wiadomości|(?:Orijinal|Özgün) (?:mesaj|ileti)"
    r"|İletilen (?:mesaj|ileti)|Yönlendirilmiş ileti|(?:Исходное|Оригинальное|Пересылаемое|Пересланное) (?:сообщение|письмо)"
    r"|Начало (?:переадресованного|пересылаемого) сообщения|الرسالة الأصلية|رسالة أصلية|(?:ال)?رسالة (?:ال)?معاد توجيهها"
    r"|मूल संदेश|अग्रेषित संदेश|फ़ॉरवर्ड किया गया संदेश|原始(?:邮件|郵件|信件)"
    r"|转发(?:的)?(?:邮件|信息|邮件信息)|轉寄(?:的)?(?:郵件|信件|郵件訊息)|元の(?:メッセージ|メール)|転送(?:された)?(?:メッセージ|メール))",
    re.IGNORECASE,
)
_REPLY_ABOVE = re.compile(
    r"^\s*##-.*-##\s*$|above this line|oberhalb dieser Zeile|über dieser Zeile|au-dessus de cette ligne|encima de esta línea"
    r"|sopra (?:di )?questa (?:riga|linea)|acima desta linha|boven deze (?:regel|lijn)|powyżej tej linii|bu satırın üst"
    r"|выше этой (?:строки|линии)|فوق هذا (?:السطر|الخط)|इस (?:पंक्ति|लाइन|रेखा) के ऊपर|[在请請]?.?[此这這]行(?:以上|之上|上方)"
    r"|この行より上",
    re.IGNORECASE,
)
_KEYS = {
    "from": "From|Von|De|Da|Van|Od|Kimden|Gönderen|От(?: кого)?|من|प्रेषक|发件人|寄件者|差出人|送信者",
    "date": "Sent|Date|Gesendet|Datum|Envoyé|Enviado(?: el| em)?|Fecha|Data|Inviato|Verzonden|Wysłano|Gönderme(?: Tarihi)?"
    "|Gönderildi|Tarih|Отправлено|Дата|(?:ال)?تاريخ(?: الإرسال)?|تم الإرسال|भेजा गया|दिनांक|तारीख|发送时间|寄件日期|日期"
    "|送信日時|日時|日付",
    "to": "To|An|À|Para|A|Aan|Do|Kime|Alıcı|Кому|إلى|प्रति|收件人|收件者|宛先|Cc|Kopie|Копия|نسخة|抄送|副本",
    "subject": "Subject|Betreff|Objet|Asunto|Oggetto|Assunto|Onderwerp|Temat|Konu|Тема|الموضوع|विषय|主题|主旨|件名",
}
_HEADER = re.compile(
    r"[\s*_]*(?:" + "|".join(f"(?P<{key}>{words})" for key, words in _KEYS.items()) + r")[*_]*\s?[:：]", re.IGNORECASE
)
_MAX_ATTRIBUTION = 300
_MAX_ATTRIBUTION_LINES = 3
_MAX_HEADER_LINES = 9


def is_separator(line: str) -> bool:
    """`-----Original Message-----`, `Begin forwarded message:` and the like, alone on the line."""
    words = _SEPARATOR.search(line) if len(line) <= _MAX_ATTRIBUTION else None
    if words is None or re.fullmatch(rf"{_RULE}*", line[: words.start()]) is None:
        return False
    rest = line[words.end() :].strip()
    ruled = re.search(r"[-–—_=*~]{2,}", line[: words.start()]) is not None
    return re.fullmatch(rf"[:：]?{_RULE}*", rest) is not None and (ruled or rest[:1] in (":", "："))


def is_reply_above(line: str) -> bool:
    """The line of a ticket system above which the answer belongs: `##- Please type your reply above this line -##`."""
    return (
        len(line) <= _MAX_ATTRIBUTION
        and _REPLY_ABOVE.search(line) is not None
        and (line.strip()[:1] in "#-=*_—–" or line.strip()[-1:] in "#-=*_—–")
    )


def header_end(lines: list[str], place: int) -> int:
    """End (exclusive) of the block of From, Sent, To and Subject that begins here, else `place`.

    A block names the sender and two more of the others, among them the subject or an address: what is sent from one
    town to another on a day is none.
    """
    keys: set[str] = set()
    end, has_address = place, False
    for number in range(place, min(place + _MAX_HEADER_LINES, len(lines))):
        found = _HEADER.match(lines[number])
        if found is None and (number == place or not lines[number].strip()):
            break
        if found is not None:
            keys.add(found.lastgroup or "")
            end = number + 1
        has_address = has_address or _ADDRESS.search(lines[number][:_MAX_ATTRIBUTION]) is not None
    return end if "from" in keys and len(keys) >= 3 and ("subject" in keys or has_address) else place


def attribution_end(lines: list[str], place: int, *, quoted_after: bool) -> int:
    """End (exclusive) of an "On ... wrote:" that begins here, in one to three lines, else `place`.

    Where no quoted line follows it must name an address or a full date with the time, as programs do and people do not.
    """
    if (
        quoted_after
        and len(lines[place]) <= _MAX_ATTRIBUTION
        and _COLON_END.search(lines[place])
        and (_WROTE.search(lines[place]) or "@" in lines[place])
    ):
        return place + 1
    for end in range(place + 1, min(place + _MAX_ATTRIBUTION_LINES, len(lines)) + 1):
        if end > place + 1 and (_SENTENCE_END.search(lines[end - 2]) or not lines[end - 1].strip()):
            break
        if end > place + 1 and _begins_anew(lines[end - 1]):
            break
        if _is_attribution(" ".join(lines[place:end])):
            return end
    return place


def _begins_anew(line: str) -> bool:
    """Whether the attribution begins with this line, so that the line above it is the author's own."""
    is_dated = _DATE.search(line) is not None and _CLOCK.search(line) is not None
    return is_dated and (_STARTS_WITH_WORD.match(line) is not None or _is_attribution(line))


def _is_attribution(line: str) -> bool:
    if len(line) > _MAX_ATTRIBUTION or not _COLON_END.search(line) or not _WROTE.search(line):
        return False
    if not (_STARTS_DATED.match(line) or _STARTS_NAMED.match(line)):
        return False
    return _ADDRESS.search(line) is not None or (_CLOCK.search(line) is not None and _DATE.search(line) is not None)
