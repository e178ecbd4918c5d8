"""Words before a number that say what it is, in fourteen languages; matched in text of `training.redaction.shapes.folded`.

Between the words and the number stands what `NEAR` allows: signs and up to three short words ("ist die", "is:").
"""

from __future__ import annotations

import re

from training.redaction.shapes import BLANK, UNSPACED

_SIGN = rf"[^\w?!#{BLANK}]"
NEAR = rf"{_SIGN}{{0,4}}(?:[^\W\d_]{{1,12}}{_SIGN}{{1,4}}){{0,3}}?[{UNSPACED}]{{0,6}}{_SIGN}{{0,3}}"
_NO = r"(?:number|num|no|nr|nummer|id|code)"


def _cues(*patterns: str) -> re.Pattern[str]:
    """Latin, Cyrillic and Arabic cues begin a word; Chinese and Japanese ones stand anywhere."""
    begins = rf"(?<![^\W_{UNSPACED}])"
    return re.compile("|".join(f"{begins}(?:{pattern})" for pattern in patterns))


CUSTOMER_CUE = _cues(
    r"(?:customer|client|account|contract|member(?:ship)?|ticket|case|policy|user|loyalty|subscri(?:ber|ption)"
    rf"|acct)(?:'s)?(?:[ -]?{_NO}\b|(?= ?#\d))",
    r"(?:kunden|kd\.?|vertrags?|ticket|konto|mitglieds?|vorgangs?|fall|benutzer|versicherten)[- ]?(?:nummer|nr"
    r"|id|kennung)\b",
    r"(?:num[ée]ro|n[°ºo.]|r[ée]f(?:[ée]rence)?\.?|identifiant|code|id) ?(?:de |d'|du )?(?:mon |votre )?"
    r"(?:client|compte|contrat|dossier|ticket|adh[ée]rent|membre|abonn[ée]|fid[ée]lit[ée])\w*",
    r"(?:n[uú]mero|n[°º.]|nro\.?|n[uú]m\.?|c[oó]digo|id) ?(?:de |del |da |do )?(?:mi |meu |minha )?"
    r"(?:clientes?|cuenta|contrato|soci[oa]|s[oó]cio|t[ií]cket|caso|usu[aá]rio|incidencia|reclamaci[oó]n|conta"
    r"|chamado|utilizador|protocolo|afiliado)\b",
    r"(?:numero|n[°º.]|codice|id) ?(?:di |del |della )?(?:mio |mia )?(?:cliente|conto|contratto|tessera|ticket"
    r"|pratica|utente|socio|segnalazione)\b",
    r"protocolo(?: n[°º.o]?)?\b",
    r"(?:klant(?:en)?|contract|account|rekening|lid(?:maatschaps?)?|ticket|polis|dossier|zaak|relatie)[- ]?"
    r"(?:nummer|nr|id|code)\b",
    r"(?:numer\w*|nr\.?|id) (?:mojego |mój )?(?:klient\w*|kont[ao]|umowy|zg[łl]oszenia|sprawy|u[żz]ytkownika|karty)\b",
    r"(?:m[üu][şs]teri|hesap|s[öo]zle[şs]me|abone|[üu]yelik|[üu]ye|talep|bilet|destek|kullan[ıi]c[ıi]) ?(?:no"
    r"|numara|id|kod)\w*",
    r"(?:номер\w*|№|id|код\w*) (?:моего |вашего )?(?:клиент\w*|договор\w*|(?:лицевого )?сч[её]та|обращени\w+"
    r"|тикета|заявки|карты|абонента|аккаунта)",
    r"(?:клиентск\w+ номер\w*|лицев\w+ сч[её]т\w*)",
    r"رقم (?:ال)?(?:عميل|زبون|حساب|عقد|عضوي|تذكر|شكو|مشترك|بلاغ|اشتراك)\w*",
    r"(?:ग्राहक|खाता|खाते|अनुबंध|टिकट|सदस्यता|सदस्य|शिकायत|कस्टमर|अकाउंट|मेंबरशिप|मेंबर|क्लाइंट) ?(?:की |का )?"
    r"(?:संख्या|नंबर|नम्बर|क्रमांक|आईडी)",
    r"(?:grahak|khata|khate|customer) ?(?:ka |ki )?(?:sankhya|number)",
)
_UNSPACED_CUSTOMER = (
    r"(?:客户|顾客|会员|用户|账户|帐户|合同|工单|客戶|會員|合約|会员卡)(?:编号|編號|号码|號碼|号|號|卡号|id)|账号|帐号|帳號"
    r"|(?:お客[様さ]ま?|顧客|会員|契約|アカウント|口座|チケット|お?問い?合わせ|受付|登録|整理)(?:管理)?(?:番号|id|no\.?|コード|ナンバー)"
)
UNSPACED_CUSTOMER_CUE = re.compile(_UNSPACED_CUSTOMER)
ORDER_CUE = _cues(
    rf"(?:order|parcel|tracking|invoice|booking|reservation|confirmation)[ -]?{_NO}\b",
    r"(?:bestell|auftrags|sendungs|rechnungs|liefer(?:schein)?|paket|buchungs)[- ]?(?:nummer|nr|id)\b",
    r"(?:num[ée]ro|n[°ºo.]|r[ée]f(?:[ée]rence)?\.?) ?(?:de |d')?(?:ma |votre |la )?(?:commande|suivi|facture|colis)",
    r"(?:n[uú]mero|n[°º.]|nro\.?|c[oó]digo) ?(?:de |del |da |do )?(?:mi |meu |minha )?(?:pedido|env[ií]o"
    r"|factura|encomenda|fatura|compra|rastreio)",
    r"(?:numero|n[°º.]|codice) ?(?:di |dell['a ]|del )?(?:mio )?(?:ordine|spedizione|fattura|tracciamento)",
    r"(?:bestel|order|factuur|track(?:ing|-and-trace)?|pakket)[- ]?(?:nummer|nr|code)\b",
    r"(?:numer\w*|nr\.?) (?:mojego )?(?:zam[óo]wienia|przesy[łl]ki|faktury|paczki)",
    r"(?:sipari[şs]|kargo|takip|fatura) ?(?:no|numara|kod)\w*",
    r"(?:номер\w*|№) (?:моего )?(?:заказа|посылки|сч[её]та|отправления)",
    r"رقم (?:ال)?(?:طلب|شحن|فاتور|تتبع)\w*",
    r"(?:ऑर्डर|आर्डर|पार्सल|बिल|ट्रैकिंग) ?(?:का |की )?(?:संख्या|नंबर|नम्बर|आईडी|क्रमांक)",
)
UNSPACED_ORDER_CUE = re.compile(
    r"(?:订单|訂單|运单|快递|物流|发票)(?:编号|編號|号码|号|號)|单号|單號|(?:ご?注文|追跡|伝票|受注|請求書)(?:番号|id|no\.?)"
)
ID_CUE = re.compile(
    r"(?<![^\W_])(?:steuer-?id\w*|steuer-?identifikationsnummer|steuernummer|steuer-nr|(?:sozial"
    r"|renten)versicherungsnummer|svnr|sv-n(?:umme)?r"
    r"|ahv(?:-?n(?:umme)?r)?|(?:personal)?ausweis(?:nummer|nr)?|(?:reise)?pass(?:nummer|nr)|passport(?: number"
    r"| no)?|national id\w*(?: card)?(?: number)?"
    r"|id card(?: number)?|ssn|social security(?: number)?|national insurance(?: number)?|nino|ni number|itin"
    r"|driv\w+ licen[cs]e(?: number)?|tax id|tfn"
    r"|s[ée]cu(?:rit[ée] sociale)?|carte d'identit[ée]|passeport|nir|dni|nie|nif|c[ée]dula|curp|rfc"
    r"|documento de identidad|pasaporte"
    r"|codice fiscale|cod\. ?fisc\w*|c\.f\.|carta d'identit[àa]|passaporte|passaporto|cart[ãa]o de cidad[ãa]o"
    r"|contribuinte|cpf|cnpj|rg"
    r"|bsn(?:-?nummer)?|burgerservicenummer|paspoort(?:nummer)?|pesel\w*|dow[óo]d\w*(?: osobist\w+)?|paszport\w*|nip"
    r"|t\.?c\.? ?(?:kimlik)?(?: no| numara\w*)?|tckn|kimlik(?: no| numara\w*)?|pasaport(?: no)?|инн|снилс\w*|паспорт\w*"
    r"|(?:ال)?هوي[ةه](?: الوطني[ةه])?|رقم هويت\w*|(?:رقم )?(?:ال)?إقام\w+|جواز(?: سفر\w*| السفر)?|الرقم القومي"
    r"|a{1,2}dh?a{1,2}r(?: card| number| no)*"
    r"|pan(?: card| number| no)+)(?![^\W_])|आधार|पैन(?: कार्ड)?|पासपोर्ट|身份证\w{0,2}?"
    r"|身分證|护照|護照|マイナンバー|個人番号|パスポート|免許証"
)
PHONE_CUE = re.compile(
    r"(?:(?<![^\W_])(?:tel(?:efon\w*|ephone|[ée]fono|efone|efoon\w*)?|t[ée]l(?:[ée]phone)?|phone|mobile"
    r"|mobil\w*|cell(?:ulare|ulari)?|handy\w*|ph|fax|whats ?app"
    r"|portable|m[óo]vil|celular|telem[óo]vel|gsm|kom[óo]rk\w*|cep|тел(?:ефон\w*)?|моб\w*|call|rufen?|ruf"
    r"|llam\w+|appel\w+|ligu?e\w*|bel|zadzwo\w+|звон\w+|позвон\w+)"
    r"|هاتف|جوال|موبايل|फ़?ोन|फोन|मोबाइल|电话|手机|電話|携帯)[^\w+(]{0,3}(?:[^\W\d_]{1,12}[^\w+(]{1,3}){0,2}?"
    rf"[{UNSPACED}]{{0,4}}[:：]? ?$"
)
