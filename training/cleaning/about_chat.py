"""Whether an agent's sentence only runs the conversation: asks to rate it, ends it, offers help, asks for patience.

`training.logs.courtesies` looks for politeness at the edges of any message. This one is asked only of wordings that were
found to be macros, which is why it may go by a few words of each of fourteen languages.
"""

from __future__ import annotations

import re

from training.logs.courtesies import n_words, substance

MAX_WORDS = 60
_MAX_OTHER_WORDS = 3
_PARTS = re.compile(
    r"[,;،、，；]|[–—]|\s-\s"
    r"|\s(?:and|but|und|aber|et|mais|y|pero|e|ma|mas|en|maar|ale|ve|ama|и|а|но|और|लेकिन)\s"
    r"|\si\s(?![a-z'\s]{0,12}\b(?:help|can|may|do|am))"
)
_ENGLISH = (
    r"\brat(?:e|ing) (?:my|our|this|the|your|me|us)\b|\b(?:short|quick|brief|satisfaction|the|a) survey\b|\bfeedback e-?mail\b"
    r"|\b(?:end|ending|close|closing|clos\w+ out|leave|leaving|disconnect\w*)\b.{0,20}\b(?:chat|conversation|session)\b"
    r"|\b(?:chat|conversation|session)\b (?:has|will be|is) (?:now )?(?:ended|closed)|\btranscript of (?:our|this|the)\b"
    r"|\bare (?:we|you) (?:still )?(?:connected|there|with me)\b|\b(?:any|some)thing else\b.{0,30}\b(?:help|assist|do for)\b"
    r"|\bhow (?:may|can) I (?:help|assist)\b|\b(?:can|may) I (?:help|assist) (?:you )?with anything else\b"
    r"|\b(?:happy|glad|pleased?|pleasure)\b.{0,12}\b(?:help|assist)\b|\b(?:nice|pleasure|pleased) to meet\b"
    r"|\bhope\b.{0,25}\b(?:well|good|fine|okay|day|evening|weekend)\b|\bhope\b.{0,25}\b(?:resolve|answer|help)"
    r"|\b(?:give|allow) me (?:a|an|one|just|\d)|\bbear with me\b|^\W*take care\W*$|^\W*no (?:worries|problem)\W*$"
    r"|\brating button\b|\bfill (?:this|it|that) in\b|\b(?:get|got|receive|hear\w*)\b.{0,15}\b(?:response|reply|from you)\b"
    r"|\b(?:have|wish you) an? (?:\w+ )?(?:day|evening|weekend|night)\b"
    r"|\b(?:are|'re) (?:very |most )?welcome\W*$|\bif you (?:have|need) (?:any|further|more|other)\b"
)
_GERMAN = (
    r"bewert\w+.{0,40}(?:chat|gespräch|unterhaltung|service|beratung)|(?:chat|gespräch|service|beratung)\w*\b.{0,30}\bbewert"
    r"|kurzen? umfrage|(?:chat|gespräch|unterhaltung)\b.{0,30}\b(?:beend|schließ)|(?:beend|schließ)\w*.{0,30}(?:chat|gespräch)"
    r"|sind sie noch (?:da|hier|verbunden)|(?:noch etwas|sonst noch|weiter).{0,30}(?:helfen|behilflich|tun)"
    r"|(?:wie|womit) kann ich .{0,30}(?:helfen|behilflich)|\b(?:gern|freu)\w*.{0,25}(?:geholfen|helfen konnte|behilflich)"
    r"|ich hoffe, (?:es geht ihnen|sie haben|ich konnte)|(?:gedulden sie sich|geben sie mir).{0,25}(?:moment|augenblick|minute)"
    r"|falls sie (?:noch|weitere)"
)
_FRENCH = (
    r"(?:évalu|not)(?:er|ez|ation).{0,30}(?:chat|conversation|échange|service)|enquête de satisfaction"
    r"|(?:terminer|clore|fermer|mettre fin)\b.{0,25}(?:chat|conversation|session|discussion)"
    r"|êtes-vous (?:toujours|encore) (?:là|connecté|en ligne)|(?:autre chose|d['’]autre).{0,40}(?:aider|faire|assister)"
    r"|(?:comment|en quoi) puis-je.{0,20}(?:aider|assister)|(?:plaisir|ravie?|heureu\w+).{0,20}(?:aider|assister)"
    r"|(?:accordez|donnez|laissez)-moi.{0,20}(?:instant|moment|minute)|\benchantée?\b|si vous avez (?:d['’]autres|besoin)"
)
_SPANISH = (
    r"(?:valor|calific|evalu|evalú|puntu)\w*.{0,30}(?:chat|conversación|atención|servicio)|encuesta de satisfacción"
    r"|(?:finaliz|cerrar|cierr|termin)\w*.{0,25}(?:chat|conversación|sesión)|sigue (?:ahí|conectad[oa]|en línea)"
    r"|(?:algo|alguna cosa) más.{0,40}(?:ayud|hacer|asist)|en qué (?:más )?(?:le |te )?puedo.{0,15}(?:ayud|servir)"
    r"|(?:gusto|placer|encant)\w*.{0,20}(?:ayud|atend|asist)|(?:permítame|deme|dame).{0,15}(?:momento|minuto|segundo)"
    r"|si (?:tiene|necesita)\b.{0,15}\b(?:más|otr)"
)
_ITALIAN = (
    r"valut\w*.{0,30}(?:chat|conversazione|servizio|assistenza)|breve (?:sondaggio|questionario)"
    r"|(?:chiud|termin|conclud)\w*.{0,25}(?:chat|conversazione|sessione)|è ancora (?:lì|conness[oa]|in linea)"
    r"|altro.{0,40}(?:aiut|utile|fare per)|come posso.{0,15}(?:aiut|esser)|(?:piacere|lieto|lieta|felice).{0,20}(?:aiut|assist)"
    r"|mi dia.{0,10}(?:momento|attimo|minuto)|se (?:ha|avesse)\b.{0,15}\baltr"
)
_PORTUGUESE = (
    r"avali\w*.{0,30}(?:chat|conversa|atendimento|serviço)|pesquisa de satisfação|inquérito de satisfação"
    r"|(?:encerr|finaliz|termin|fech)\w*.{0,25}(?:chat|conversa|atendimento|sessão)|ainda está (?:aí|conectad|online)"
    r"|(?:mais alguma coisa|algo mais|mais em que).{0,40}(?:ajud|fazer|auxili)|(?:como|em que) posso.{0,15}(?:ajud|auxili)"
    r"|(?:prazer|feliz|contente).{0,20}(?:ajud|atend|auxili)|me dê.{0,10}(?:momento|minuto|instante)"
    r"|prazer em (?:conhec|falar)|se (?:tiver|precisar)\b.{0,15}\b(?:mais|outr)"
)
_DUTCH = (
    r"beoorde\w*.{0,30}(?:chat|gesprek|service)|korte (?:enquête|vragenlijst)"
    r"|(?:chat|gesprek)\b.{0,30}\b(?:beëindig|afsluit|sluit)"
    r"|(?:beëindig|sluit)\w*.{0,25}(?:chat|gesprek)|bent u (?:er )?nog|(?:nog iets|verder).{0,30}(?:helpen|van dienst)"
    r"|(?:hoe|waarmee|waar) kan ik.{0,25}(?:helpen|van dienst)|(?:graag|blij|fijn).{0,25}(?:geholpen|kon helpen|kunnen helpen)"
    r"|als u (?:nog|meer|verdere)"
)
_POLISH = (
    r"oce(?:ń|ni)\w*.{0,30}(?:czat|rozmow|obsług)|krótk\w+ ankiet|(?:zakończ|zamkn|zamyk)\w*.{0,25}(?:czat|rozmow|sesj)"
    r"|czy.{0,15}(?:nadal|jeszcze|wciąż).{0,15}(?:tam|połączon|online)|coś (?:jeszcze|więcej).{0,20}(?:pomóc|zrobić)"
    r"|w czym (?:jeszcze )?mog\w+.{0,15}pomóc|(?:cieszę się|miło|chętnie).{0,25}(?:pomóc|pomog)|proszę o chwil"
)
_TURKISH = (
    r"(?:sohbet|görüşme|hizmet)\w*.{0,30}(?:değerlendir|puanla)|kısa (?:bir )?anket"
    r"|(?:sohbet|görüşme)\w*.{0,25}(?:sonlandır|bitir|kapat)"
    r"|h[âa]l[âa] (?:orada|bağlı)|başka.{0,30}(?:yardım|yapabil)|nasıl yardımcı|yardımcı (?:olabildi|olmaktan|olduğum)"
    r"|lütfen.{0,15}bekle"
)
_RUSSIAN = (
    r"оцен\w*.{0,30}(?:чат|разговор|диалог|работу|обслуживан)|пройдите опрос"
    r"|(?:заверш|закры|закро)\w*.{0,25}(?:чат|разговор|диалог|бесед)"
    r"|вы (?:вс[её] )?ещ?[её] (?:здесь|тут|на связи)|ещ[её].{0,30}помочь|чем (?:я )?(?:могу|можем).{0,15}помочь"
    r"|рад\w*.{0,15}помочь|(?:дайте|подождите).{0,15}(?:минут|секунд)"
)
_ARABIC = (
    r"(?:تقييم|قيّم|قيم).{0,30}(?:المحادثة|الدردشة|الخدمة)|استبيان|(?:إنهاء|إغلاق|سأنهي|سأغلق).{0,25}(?:المحادثة|الدردشة)"
    r"|هل (?:ما ?زلت|لا تزال|لا زلت)|آخر.{0,30}(?:مساعد|أساعد)|كيف (?:يمكنني|أستطيع) (?:أن )?(?:مساعد|أساعد)"
    r"|(?:يسعدني|سعيد|سررت).{0,20}(?:مساعد|خدم)|(?:أمهلني|انتظر|امنحني).{0,15}(?:لحظة|دقيقة)"
)
_HINDI = (
    r"(?:चैट|बातचीत|सेवा).{0,30}(?:रेट|मूल्यांकन)|सर्वेक्षण|(?:चैट|बातचीत).{0,25}(?:समाप्त|बंद|खत्म)|क्या आप (?:अभी|अब) भी"
    r"|और.{0,25}(?:मदद|सहायता)|कैसे.{0,15}(?:मदद|सहायता)|(?:मदद|सहायता) कर(?:के|ने).{0,15}(?:खुशी|ख़ुशी)"
)
_CHINESE = (
    r"(?:评价|評價).{0,8}(?:服务|服務|本次)|(?:服务|服務|本次).{0,8}(?:评价|評價)|满意度|滿意度"
    r"|(?:结束|關閉|关闭|結束).{0,10}(?:对话|對話|会话|聊天)|[还還]在[吗嗎线線]|(?:[还還]有|其他|其它).{0,12}(?:帮|幫|协助|協助)"
    r"|有什[么麼].{0,8}[帮幫]|很高[兴興].{0,8}(?:[为為]您|[帮幫]|服[务務])"
)
_JAPANESE = (
    r"(?:チャット|対応|サービス).{0,15}評価|アンケート|(?:チャット|会話).{0,12}(?:終了|閉じ)|まだ(?:いらっしゃい|おられ|ご在席)"
    r"|(?:他に|ほかに|その他).{0,20}(?:ございます|お手伝い|ご質問)|どのような(?:ご用件|お手伝い)|お役に立て|お手伝いできて"
)
_ABOUT_CHAT = re.compile(
    "|".join(
        [
            *(_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN, _PORTUGUESE, _DUTCH, _POLISH),
            *(_TURKISH, _RUSSIAN, _ARABIC, _HINDI, _CHINESE, _JAPANESE),
        ]
    ),
    re.IGNORECASE,
)


def is_about_chat(sentence: str) -> bool:
    """Whether every part between commas and conjunctions runs the conversation, is a courtesy, or is too short to say more.

    >>> is_about_chat("I'm going to end the chat now, take care.")
    True
    >>> is_about_chat("I have cancelled your order, is there anything else I can help you with?")
    False
    """
    if n_words(sentence) > MAX_WORDS or _ABOUT_CHAT.search(sentence) is None:
        return False
    return all(map(_says_nothing, _PARTS.split(sentence)))


def _says_nothing(part: str) -> bool:
    if _ABOUT_CHAT.search(part) is not None:
        return True
    return not substance(part) or (n_words(part) <= _MAX_OTHER_WORDS and not any(map(str.isdigit, part)))
