"""What was said once to one customer, told from what can be said to all: by words of fourteen languages.

A sentence is one-off where the agent reports what they did or will do, looked up or found for this customer ("I have
cancelled it for you", "I can see your order"), where it says how one order stands ("your parcel is in our depot"), where it
names a day or an hour, or where it only makes sense in its chat ("as I said", "thank you for the photos").
"""

from __future__ import annotations

import re
from enum import Enum

from training.mining.first_person import ASKS_FOR, SPEAKS_OF_SELF


class OneOff(str, Enum):
    """Why a sentence cannot be said to everybody."""

    REPORT = "reports what was done for one customer"
    STATE = "says how one order stands"
    DATED = "names a day or an hour"
    ASKS = "asks the customer for something"
    ASIDE = "makes sense in its chat only"


_REPORT = re.compile(
    r"\b(?:we(?:['’]ve| have) (?:now |just |already )?(?:re-?\w+|sent|issued|refunded"
    r"|cancelled|arranged|raised|placed|passed|booked|processed|credited)"
    r"|(?:has|have) (?:now |just |already |been )+(?:re-?ordered|raised|cancelled"
    r"|refunded|issued|processed|arranged|placed|booked|escalated)"
    r"|my (?:colleague|manager|supervisor))\b"
    r"|\bich (?:habe|hab|werde|sehe|sah|kann sehen|konnte|prüfe|schaue|schicke"
    r"|sende|veranlasse|erstatte|leite|melde mich|muss)\b"
    r"|\b(?:habe|werde|sehe|veranlasse|prüfe|schaue|leite) ich\b|\bwir haben (?:Ihnen"
    r"|Ihre?n?|das|die|den|es|nun|jetzt|soeben|bereits)\b"
    r"|\bmein(?:e)? Kolleg\w+"
    r"|\bj['’](?:ai|avais)\b|\bje (?:vois|vais|viens|vous (?:ai|envoie|rembourse"
    r"|confirme)|peux voir|procède|transmets|dois|reviens)\b"
    r"|\bnous (?:vous )?avons (?:bien )?\w+é|\bmon collègue|\bma collègue"
    r"|\b(?:he|hemos) (?:\w+ado|\w+ido|hecho|visto|puesto|abierto|escrito|resuelto|devuelto)\b"
    r"|\b(?:voy|vamos) a\b|\bacab(?:o|amos) de \w+r\b"
    r"|\bveo que\b|\bpuedo ver\b|\bmi compañer\w+|\ble (?:envío|confirmo|reembolso)\b"
    r"|\b(?:ho|abbiamo) (?:\w+ato|\w+uto|\w+ito|fatto|visto|messo|chiesto)\b"
    r"|\b(?:vedo|verifico|controllo|provvedo|procedo) (?:che|subito|ora)?|\bposso vedere\b"
    r"|\b(?:il mio|la mia) colleg\w+"
    r"|\b(?:já |acabei de |vou |estou )(?:\w+)|\b(?:enviei|fiz|verifiquei|vi"
    r"|cancelei|solicitei|abri|encaminhei|consegui)\b|\bvejo que\b|\b(?:o meu"
    r"|a minha|meu|minha) colega\b"
    r"|\bik (?:heb|zal|ga|zie|kan zien|stuur|regel|kijk|meld|moet)\b|\b(?:heb"
    r"|zal|zie) ik\b|\bwe hebben (?:het|uw|je|dit|de|nu|al)\b|\bmijn collega"
    r"|\b(?:sprawdziłam|sprawdziłem|wysłałam|wysłałem|zleciłam|zleciłem|anulowałam"
    r"|anulowałem|przekazałam|przekazałem|zrobiłam|zrobiłem|widzę|zaraz|już \w+(?:łam"
    r"|łem|liśmy))\b|\bm(?:ój|oja) koleg\w+|\bmoja koleżanka"
    r"|\b(?:görüyorum|ilettim|gönderdim|iptal ettim|oluşturdum|kontrol ettim"
    r"|baktım|yaptım|başlattım|aktardım|ileteceğim|göndereceğim)\b"
    r"|\bя (?:вижу|проверил\w*|отправил\w*|отменил\w*|передал\w*|сделал\w*|уточнил\w*"
    r"|оформил\w*|сейчас|уже|передам|свяжусь|отправлю)\b|\b(?:вижу|проверила"
    r"|проверил|передала|передал|оформила|оформил), ?(?:что|в)?|\bмы (?:уже )?(?:отправили"
    r"|оформили|отменили|вернули|передали)\b|\bмо(?:й|я) коллег\w+"
    r"|(?:قمت|قمنا) ب|لقد (?:أرسل|ألغ|قم|حو|تحق)\w*|(?:سأقوم|سوف أقوم|سأرسل"
    r"|أرى أن|تحققت|تم (?:إلغاء|إرسال|تحويل|رفع) (?:طلبك|طلبكم))|زميل(?:ي|تي)"
    r"|मैंने|हमने|मैं (?:अभी|आपका|आपके|चेक|देख|भेज|कर)|मुझे दिख|(?:कर|भेज|बना) (?:दिया"
    r"|दी) (?:है|गया)|मेरे (?:सहकर्मी|साथी)"
    r"|我(?:已经?|刚|这边|帮您|会|看到|查到|马上|现在)|已(?:经)?为您|已帮您|我们已|我的同事"
    r"|(?:いた|致)しました|(?:確認|手配|送信|送付|返金|キャンセル|処理|発送)(?:を)?(?:いた|し)(?:ました|ております)|拝見し|担当の者|折り返し",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"\byour (?:\w+ ){0,3}(?:order|parcel|package|item|items|refund|replacement"
    r"|delivery|payment|case|request|table|sofa|account)s? (?:\w+ ){0,1}"
    r"(?:is (?:currently|now|still|in|at|on|with|being|scheduled|due)|was|has"
    r"|have|had|were|will be (?:delivered|dispatched|with|there))\b"
    r"|\bIhr(?:e|er|en)? (?:\w+ )?(?:Bestellung|Paket|Sendung|Artikel|Erstattung"
    r"|Ersatz|Lieferung|Ware|Retoure) (?:ist (?:gerade|derzeit|aktuell|noch"
    r"|bereits|jetzt|im|in|bei|am)|wurde|war|hat|befindet|liegt|steht)\b"
    r"|\bvotre (?:commande|colis|article|remboursement|livraison) (?:est (?:actuellement"
    r"|en|bien|arrivé\w*|parti\w*)|a été|sera livré\w*|se trouve)\b"
    r"|\bsu (?:pedido|paquete|artículo|reembolso|envío) (?:está|fue|ha sido|se encuentra|llegará el|salió)\b"
    r"|\b(?:il suo|la sua|il tuo) (?:ordine|pacco|articolo|rimborso|spedizione) (?:è (?:stat[oa]"
    r"|in|attualmente)|si trova|risulta|arriverà)\b"
    r"|\b(?:o seu|a sua|seu|sua) (?:pedido|encomenda|artigo|reembolso|entrega) (?:está"
    r"|foi|encontra-se|saiu|chegará|já)\b"
    r"|\b(?:uw|je) (?:bestelling|pakket|artikel|terugbetaling|levering) (?:is (?:nu"
    r"|momenteel|nog|onderweg|bij|in|al)|werd|was|ligt|staat)\b"
    r"|\b(?:Pani|Pana|Państwa) (?:zamówienie|paczka|przesyłka|zwrot) (?:jest|został\w*|znajduje|czeka)\b"
    r"|\b(?:siparişiniz|kargonuz|paketiniz|iadeniz|ürününüz) (?:şu anda|şu an"
    r"|yola çıktı|dağıtım\w*|teslim edildi|kargoya verildi|onaylandı)"
    r"|\bваш(?:а|е)? (?:заказ|посылка|возврат|товар) (?:сейчас|уже|находится"
    r"|был\w*|отправлен\w*|доставлен\w*|в пути)"
    r"|(?:طلبك|طلبكم|شحنتك|طردك) (?:الآن|حاليا|قيد|في الطريق|وصل|موجود|تم)|आपका (?:ऑर्डर"
    r"|पार्सल|रिफ़ंड|सामान) (?:अभी|कल|आज|रास्ते|डिलीवर)"
    r"|您的(?:订单|包裹|退款|快递)(?:目前|现在|已经|已|正在|在)|お客様の(?:ご注文|お荷物|商品|ご返金)は(?:現在|ただいま|本日|昨日)",
    re.IGNORECASE,
)
_MONTHS = (
    r"jan(?:uary|uar|vier|eiro|uari)?|feb(?:ruary|ruar|ruari)?|f[ée]vrier|fevereiro"
    r"|mar(?:ch|zo|ço|s)|märz|maart|apr(?:il|ile)?|avril|abril|may|mai|mayo"
    r"|maio|mei|maggio"
    r"|june?|juni|juin|junio|junho|giugno|july?|juli|juillet|julio|julho|luglio"
    r"|aug(?:ust|ustus)?|août|agosto|sep(?:t(?:ember|embre)?)?|septiembre|setembro"
    r"|settembre"
    r"|o[ck]t(?:ober|obre|ubre)?|outubro|ottobre|nov(?:ember|embre|iembre|embro)?"
    r"|de[cz](?:ember|embre|iembre|embro)?|décembre|dicembre|diciembre"
    r"|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października"
    r"|listopada|grudnia|ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos"
    r"|eylül|ekim|kasım|aralık"
    r"|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября"
    r"|декабря|يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر"
    r"|نوفمبر|ديسمبر"
    r"|जनवरी|फ़रवरी|फरवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर|अक्टूबर|नवंबर|दिसंबर"
)
_DAYS = (
    r"today|tomorrow|yesterday|tonight|this (?:morning|afternoon|evening|week)"
    r"|next (?:week|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    r"|(?:on |by |until )(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|heute|morgen(?! ist)|gestern|übermorgen|(?:am |bis |nächsten )(?:montag"
    r"|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)|diese woche|nächste woche"
    r"|aujourd['’]hui|demain|ce (?:matin|soir)|(?:lundi|mardi|mercredi"
    r"|jeudi|vendredi|samedi|dimanche) (?:prochain|dernier)|cette semaine|hoy"
    r"|mañana|ayer|esta (?:semana|tarde)|oggi|domani|ieri|questa settimana|hoje"
    r"|amanhã|ontem|esta semana"
    r"|vandaag|(?<!goede)morgen|gisteren|deze week|volgende week|dzisiaj|dziś"
    r"|jutro|wczoraj|w tym tygodniu|bugün|yarın|dün|bu hafta|сегодня|завтра"
    r"|вчера|на этой неделе|اليوم|غدا|غدًا|أمس|आज|कल|इस हफ़्ते"
)
_FRENCH_YESTERDAY = re.compile(r"\bhier\b", re.IGNORECASE)
"""In German it means here."""
_DATED = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th|\.|er|º|ª)?[\s/-]{{0,2}}(?:of |de |d['’])?(?:{_MONTHS})\b"
    rf"|\b(?:{_MONTHS})\s\d{{1,2}}\b|\b(?:{_DAYS})\b"
    r"|(?<!\d)\d{1,2}[./-]\d{1,2}[./-](?:20)?\d\d(?!\d)|(?<!\d)20\d\d-\d\d-\d\d(?!\d)"
    r"|(?<![\d/])(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?![\d/])|\b\d{1,2}:\d\d\b|\d{1,2}月\d{1,2}[日号]|今天|明天|昨天|今日|明日|昨日|本日",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\bas (?:I|we) (?:said|mentioned)|thank(?:s| you) for (?:the|your|confirming"
    r"|sending|letting|providing|that|bearing|waiting)|no response|are you (?:still )?there"
    r"|sorry (?:to hear|for|about)"
    r"|wie (?:gesagt|erwähnt|besprochen)|danke für (?:die|das|den|ihre?)|tut mir (?:sehr )?leid|entschuldig"
    r"|comme (?:je|indiqué|convenu)|merci (?:pour|de|d['’])|désolée?|como (?:le )?(?:dije"
    r"|comenté|mencion)|gracias por|lamento|lo siento|come (?:detto|le dicevo)"
    r"|grazie per|mi (?:dispiace|scuso)"
    r"|como (?:disse|falei|mencion)|obrigad[oa] por|lamento|sinto muito|desculpe"
    r"|zoals (?:gezegd|besproken)|bedankt voor|excuses|jak (?:mówiłam|mówiłem"
    r"|wspominał)|dziękuj[ęe](?:my)? za|przepraszam"
    r"|(?:dediğim|belirttiğim) gibi|için teşekkür|üzgün|kusura|как я (?:говорил"
    r"|писал)|спасибо за|извините|приношу|كما (?:ذكرت|قلت)|شكرا? على|نعتذر|जैसा (?:मैंने"
    r"|कि मैंने)|के लिए (?:धन्यवाद|माफ़ी|क्षमा)"
    r"|如(?:我|前)所说|感谢您(?:的|提供)|抱歉|先ほど|申し訳|ご連絡ありがとう|お写真",
    re.IGNORECASE,
)


def one_off(sentence: str, language: str = "") -> OneOff | None:
    """Why a sentence is no answer to everybody, None where nothing speaks against it.

    `language` (ISO 639-1, "" where unknown) brings that language's pronouns: what agents say of themselves is about one case.

    >>> one_off("I have cancelled the order for you.", "en").value
    'reports what was done for one customer'
    >>> one_off("Refunds take 5 working days.", "en") is None
    True
    """
    if _DATED.search(sentence) or (language == "fr" and _FRENCH_YESTERDAY.search(sentence)):
        return OneOff.DATED
    if language in SPEAKS_OF_SELF and SPEAKS_OF_SELF[language].search(sentence):
        return OneOff.REPORT
    if language in ASKS_FOR and ASKS_FOR[language].search(sentence):
        return OneOff.ASKS
    found = ((OneOff.REPORT, _REPORT), (OneOff.STATE, _STATE), (OneOff.ASIDE, _ASIDE))
    return next((reason for reason, pattern in found if pattern.search(sentence)), None)
