"""Words by which an agent speaks of themselves, and by which they ask the customer for something, in fourteen languages.

`training.mining.one_off` uses them: such a sentence belongs to its conversation. Where a language leaves the pronoun out, verb
endings stand for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

SPEAKS_OF_SELF: Mapping[str, re.Pattern[str]] = {
    language: re.compile(pattern, re.IGNORECASE)
    for language, pattern in {
        "en": r"\b(?:i|i['’]\w+|im|ill|me|my|let['’]?s|bear with|one moment|(?:a )?few (?:moments|minutes))\b",
        "de": r"\b(?:ich|mir|mich|mein\w*)\b",
        "fr": r"\b(?:je|me|mon|ma|moi)\b|\b[jm]['’]",
        "es": r"\b(?:yo|me|mi|mis|conmigo)\b|\b\w+(?:aré|eré|iré)\b",
        "it": r"\b(?:io|mi|mio|mia)\b|\b\w+(?:erò|irò|arò)\b",
        "pt": r"\b(?:eu|me|meu|minha|comigo|vou|estou|irei)\b",
        "nl": r"\b(?:ik|me|mij|mijn)\b",
        "pl": r"\b(?:ja|mnie|mi|mój|moja|moje)\b|\b\w+(?:łam|łem)\b",
        "tr": r"\b(?:ben|bana|beni|benim)\b|\b\w+(?:[dt][ıiuü]m|yorum|[ae]c[ae]ğ[ıi]m)\b",
        "ru": r"\b(?:я|мне|меня|мной|мой|моя|моё|мою)\b",
        "ar": r"أنا|(?<!\w)سأ\w+|قمت|سوف أ",
        "hi": r"मैं|मुझे|मेर[ेाी]",
        "zh": r"我(?!们)",
        "ja": r"私|わたくし|こちらで確認",
    }.items()
}
ASKS_FOR: Mapping[str, re.Pattern[str]] = {
    language: re.compile(pattern, re.IGNORECASE)
    for language, pattern in {
        "en": r"\b(?:can|could|may|would|will) you\b|\bplease (?:\w+ )?(?:confirm|provide|send|give|tell|supply|advise|let)\b"
        r"|\blet (?:us|me) know\b|\b(?:provide|confirm) your\b",
        "de": r"\b(?:können|könnten|würden) Sie (?:mir|uns|bitte|das|Ihre?)\b"
        r"|\bbitte (?:nennen|teilen|geben|senden|schicken|bestätigen) Sie\b",
        "fr": r"\bpou(?:vez|rriez)[- ]vous\b|\b(?:merci de|veuillez) (?:me|nous|confirmer|fournir|préciser|indiquer)\b",
        "es": r"\b(?:puede|podría) (?:confirmar|indicar|facilitar|enviar|decir)\w*|\b(?:confirme|indique|envíe|facilite)\w*\b",
        "it": r"\b(?:può|potrebbe) (?:confermar|fornir|indicar|inviar|dir)\w+|\bci (?:confermi|fornisca|indichi|invii)\b",
        "pt": r"\b(?:pode|poderia) (?:confirmar|informar|enviar|indicar|dizer)\b|\b(?:confirme|informe|envie|indique)\b",
        "nl": r"\b(?:kunt|kun|zou) (?:u|je) (?:mij|me|ons|uw|jouw|dit|even)\b|\b(?:graag|mag) (?:uw|je|ik)\b",
        "pl": r"\b(?:proszę|poproszę) (?:o|podać|przesłać|potwierdzić|wskazać)\b|\bczy (?:może|mogę)\b",
        "tr": r"(?:paylaş|ilet|gönder|onayla|bildir|yaz)\w*(?:ır mısınız|ir misiniz|abilir misiniz|ebilir misiniz)|rica ed",
        "ru": r"\b(?:уточните|подскажите|сообщите|пришлите|укажите|назовите|напишите)\b",
        "ar": r"هل يمكنك|(?:الرجاء|يرجى) (?:تزويد|إرسال|تأكيد|ذكر|إعطاء)",
        "hi": r"बताइए|बता दीजिए|भेज दीजिए|बताएं|कन्फ़र्म",
        "zh": r"请(?:您)?(?:提供|告知|确认|发)|麻烦您",
        "ja": r"(?:お知らせ|お送り|ご確認|お聞かせ|ご教示)(?:ください|下さい|いただけ|願)",
    }.items()
}
