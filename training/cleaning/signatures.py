"""A mail -> the mail without what its program, its company and its address book add below: fourteen languages.

The closing itself ("Kind regards, Anna") stays: `training.logs.courtesies` knows those, and redaction sees the name.
"""

from __future__ import annotations

import re

from training.logs.courtesies import n_words, substance

MAX_SIGNATURE_LINES = 15
MIN_DISCLAIMER_WORDS = 12
_MAX_LINE = 200
_MAX_DEVICE_WORDS = 14
_MAX_CONTACT_WORDS = 10
_MIN_CONTACT_LINES = 2
_DASHES = re.compile(r"--\s?$")
_ASKS = re.compile(r"[?？؟]\s*$")
_SENT = re.compile(
    r"^\W*(?:Sent (?:from|via|with|using)|Get Outlook|Von mein\w+ |Gesendet (?:von|mit|aus)|Envoyé (?:de|depuis|à partir)"
    r"|T[ée]l[ée]charge[rz] Outlook|Enviado (?:desde|d[oea]|a partir|pelo|via)|Obt(?:én|ener|er|enha) (?:o )?Outlook"
    r"|Inviato (?:da|con)|(?:Scarica|Ottieni) Outlook|(?:Verzonden|Verstuurd) (?:vanaf|vanuit|met|via|van)"
    r"|Outlook (?:voor|for|für|pour|para|per) |Wysłan[eoy] z|Pobierz (?:aplikację )?Outlook|Отправлено (?:с|из|от)\b"
    r"|[أا]ُ?رسلت? من|مرسلة? من|تم الإرسال من|发自|發自|從我的)"
    r"|\bgönderil(?:di|miştir)\W*$|से भेजा(?: गया)?\W*$|से प्रेषित\W*$|から送信\W*$|(?:发送|傳送)\W*$",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"iPhone|iPad|iPod|Android|Samsung|Galaxy|Huawei|Xiaomi|Redmi|Nokia|Xperia|BlackBerry|Windows|Outlook|Yahoo|Gmail|GMX"
    r"|WEB\.DE|Proton|\bAOL\b|\bMail\b|mobil|smartphone|smartfon|\bhandy\b|téléphone|telephone|phone\b|móvil|movil|celular"
    r"|cellulare|telem[óo]vel|telefo|téléfono|телефон|смартфон|Почт|هاتف|جوال|फ़ोन|फोन|手机|手機|携帯|スマートフォン",
    re.IGNORECASE,
)
_MAIL_WORD = (
    r"(?:e-?mails?|messages?|nachricht|mail|courriel|mensaje|correo|messaggio|mensagem|bericht|wiadomość|ileti|e-?posta|mesaj"
    r"|сообщение|письмо|(?:ال)?رسالة|البريد|ईमेल|संदेश|邮件|郵件|メール)"
)
_CONFIDENTIAL = re.compile(
    r"confiden|privileged|vertraulich|confidentiel|riservat|vertrouwelijk|poufn|gizli|конфиденциал|سري|خاصة بالمرسل|गोपनीय"
    r"|机密|保密|機密|秘密|intended (?:solely|only)|ausschließlich für|destinat|bestimmt|bestemd|adresat|получател|المرسل إلي"
    r"|प्राप्तकर्ता|收件人|受信者|宛先",
    re.IGNORECASE,
)
_DISCLAIMER_START = re.compile(
    r"\W*(?:(?:legal )?disclaimer\b|confidential(?:ity)?(?: notice| note)?\s*:|"
    r"(?:this|the information (?:contained )?in this|diese|dieses|ce|cette|este|esta|questo|questa|il presente|la presente|dit"
    r"|deze|ta|niniejsza|bu|это|данное|настоящее|эта|هذه?|यह|इस|本|此|这封|這封|この)\s?(?:\w+\s){0,2}?"
    rf"{_MAIL_WORD})|\W*(?:please )?consider the environment before printing",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"(?:^|\W)(?:tel|telefon|telefono|teléfono|téléphone|phone|mobile?|mob|móvil|handy|cell|fax|m|t|тел|هاتف|फ़ोन|फोन|电话|電話)"
    r"\s?[.:：]+\s?[+(\d]|^\W*\+\d[\d\s()/.-]{6,}$|\bwww\.|https?://|^\W*\S+@\S+\.\w+\W*$"
    r"|\b(?:e-?mail|web|site|internet)\s?[:：]|\b(?:GmbH|AG|KG|Ltd|Inc|LLC|S\.?A\.?R\.?L|S\.?L\.?U?|S\.?p\.?A|B\.?V|"
    r"Sp\. z o\.o|A\.?Ş|ООО)\b",
    re.IGNORECASE,
)
_CASE = re.compile(
    r"#|№|n[º°]|\bnr\b|order|bestell|commande|pedido|ordine|encomenda|zamówien|sipariş|заказ|طلب|ऑर्डर|订单|訂單|注文"
    r"|invoice|rechnung|facture|factura|fattura|faktur|ticket|account|konto|compte|cuenta",
    re.IGNORECASE,
)


def without_device_lines(text: str) -> str:
    """Without lines such as "Sent from my iPhone", wherever they stand; the text as it is where nothing else does."""
    lines = text.split("\n")
    kept = [line for line in lines if not _names_device(line)]
    rest = "\n".join(kept)
    return rest if rest.strip() else text


def without_signature(text: str) -> str:
    """Without what stands below `-- `, without legal notices and without the addresses below a closing.

    What asks something or names an order is never a signature, and where nothing would be left the text stays.

    >>> without_signature("Where is it?\\n\\nKind regards,\\nAnna Berg\\nTel.: +49 30 1234567\\nwww.agora.example")
    'Where is it?\\n\\nKind regards,\\nAnna Berg'
    """
    rest = _without_contacts(_without_notices(_above_dashes(text))).strip()
    return rest or text


def _names_device(line: str) -> bool:
    return (
        len(line) <= _MAX_LINE
        and _DEVICE.search(line) is not None
        and _SENT.search(line) is not None
        and n_words(line) <= _MAX_DEVICE_WORDS
        and _ASKS.search(line) is None
    )


def _above_dashes(text: str) -> str:
    lines = text.split("\n")
    for place in range(max(1, len(lines) - MAX_SIGNATURE_LINES - 1), len(lines)):
        if _DASHES.match(lines[place]) and not any(map(_ASKS.search, lines[place + 1 :])):
            return "\n".join(lines[:place])
    return text


def _without_notices(text: str) -> str:
    """Paragraphs that say that the mail is confidential or meant for its addressee only."""
    if _CONFIDENTIAL.search(text) is None and "printing" not in text:
        return text
    paragraphs = re.split(r"(\n\s*\n)", text)
    kept = [part for number, part in enumerate(paragraphs) if number % 2 or not _is_notice(part)]
    return "".join(kept)


def _is_notice(paragraph: str) -> bool:
    if _DISCLAIMER_START.match(paragraph) is None or _ASKS.search(paragraph):
        return False
    if "before printing" in paragraph:
        return True
    return _CONFIDENTIAL.search(paragraph) is not None and n_words(paragraph) >= MIN_DISCLAIMER_WORDS


def _without_contacts(text: str) -> str:
    """Up to the first line of a contact block at the end, where it stands below a closing."""
    lines = text.rstrip().split("\n")
    first = len(lines)
    for place in range(len(lines) - 1, max(0, len(lines) - MAX_SIGNATURE_LINES) - 1, -1):
        line = lines[place]
        if len(line) > _MAX_LINE or n_words(line) > _MAX_CONTACT_WORDS or _ASKS.search(line) or _CASE.search(line):
            break
        if _CONTACT.search(line):
            first = place
        elif place and line.strip() and first < len(lines) and _is_closing(line):
            n_contacts = sum(_CONTACT.search(below) is not None for below in lines[first:])
            return "\n".join(lines[:first]) if n_contacts >= _MIN_CONTACT_LINES else text
    return text


def _is_closing(line: str) -> bool:
    return any(map(str.isalpha, line)) and not substance(line)
