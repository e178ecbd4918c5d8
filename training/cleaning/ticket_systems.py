"""What ticket systems and mail gateways write into a message: pictures left out, thread ids, banners, notices."""

from __future__ import annotations

import re

_INLINE = re.compile(
    r"\[(?:inline )?(?:image|cid|bild|imagen|immagine|imagem|afbeelding|obraz|resim|изображение|صورة|चित्र|图片|圖片|画像)"
    r"\s?[:：][^\[\]\n]{0,200}\]|\[inline image\]|<image\d{3}\.(?:png|jpe?g|gif)>"
    r"|\bref:_?[0-9A-Za-z]{8,}\._?[0-9A-Za-z]{6,}:ref\b"
    r"|\{ticket:\w+\}|\[[A-Z0-9]{6}-[A-Z0-9]{4,5}\]|\[EXTERNAL\]",
    re.IGNORECASE,
)
_TICKET_LINE = re.compile(
    r"\W*(?:ticket|case|request|anfrage|vorgang|fall|demande|dossier|solicitud|caso|richiesta|pedido de suporte|chamado|verzoek"
    r"|zgłoszenie|talep|запрос|тикет|обращение|تذكرة|टिकट|工单|工單|チケット)\s*(?:(?:id|no|nr|number|nummer)\b\.?)?\s*[:#№\s]*"
    r"[#№][\w-]{1,20}\W*",
    re.IGNORECASE,
)
_NOTICE_LINE = re.compile(
    r"this (?:e-?mail|message) (?:is a service from|was sent (?:to|by|from)\b.*(?:zendesk|freshdesk|intercom|help ?desk))"
    r"|delivered by zendesk|you (?:are receiving|received) this (?:e-?mail|message) because"
    r"|virus-free\W|virenfrei\W|garanti sans virus"
    r"|libre de virus|privo di virus|livre de vírus|virusvrij|wolny od wirusów|без вирусов"
    r"|(?:caution|warning|achtung|attention|atención|attenzione)\s?[:!].{0,30}(?:external|extern|originated from outside)"
    r"|this (?:is an automat\w+|(?:e-?mail|message) (?:was|has been) automatically) .*(?:repl|generated|sent)"
    r"|dies(?:e|es)? .*automatisch (?:generiert|erstellt|erzeugt)|ceci est un (?:message|e-?mail) automatique|este (?:es un )?"
    r"(?:mensaje|correo) (?:se ha generado )?autom[áa]tic|questo è un messaggio automatico|esta é uma mensagem automática"
    r"|dit is een automatisch|to jest (?:wiadomość automatyczna|automatyczna wiadomość)|bu otomatik|это автоматическ"
    r"|هذه رسالة (?:تلقائية|آلية)|यह एक स्वचालित|[此这本].{0,4}(?:自动|自動)(?:发送|發送|生成|回复)|このメールは自動",
    re.IGNORECASE,
)
_MAX_NOTICE = 300


def without_auto_texts(text: str) -> str:
    """Without the marks and without lines that are nothing but a ticket's number or a notice of the system.

    The text as it is where nothing would be left: a customer who only answers with a ticket number keeps it.

    >>> without_auto_texts("[image: logo.png]\\nTicket #4711\\nWhere is it? [A1B2C3-D4E5]")
    'Where is it?'
    """
    bare = _INLINE.sub("", text) if "[" in text or "<" in text or ":" in text else text
    kept = [line for line in bare.split("\n") if not _is_auto(line)]
    rest = "\n".join(kept).strip()
    return rest or text


def _is_auto(line: str) -> bool:
    if not line.strip() or len(line) > _MAX_NOTICE or line.rstrip().endswith(("?", "？", "؟")):
        return False
    return _TICKET_LINE.fullmatch(line) is not None or _NOTICE_LINE.match(line.lstrip(" *_-")) is not None
