"""Words around a person's name that give it away, in fourteen languages: data, no code."""

from __future__ import annotations

INTRODUCTIONS = (
    r"my (?:full )?name is|my name's|(?:the )?name is|i am called|i'm called|name on (?:the )?(?:order|account"
    r"|parcel|card)(?: is)?|speaking with|this is(?= [A-Z])",
    r"ich hei(?:ß|ss)e|mein (?:voller )?name (?:ist|lautet)|mein name[: ]|hier (?:spricht|schreibt)|name lautet",
    r"je m['’]appelle|mon (?:nom|pr[ée]nom) (?:complet )?est|je suis (?:m(?:onsieur|adame|me|lle)|mr)\.?",
    r"me llamo|mi nombre (?:completo )?es",
    r"mi chiamo|il mio nome [èe']+|(?:sono )?(?:il signor|la signora)|nome completo",
    r"meu nome(?: completo)? [ée]|(?:eu )?me chamo|chamo-me|o meu nome [ée]|quem fala [ée]",
    r"mijn (?:volledige )?naam is|ik heet|u spreekt met|je spreekt met",
    r"nazywam si[ęe]|mam na imi[ęe]|moje (?:imi[ęe]|nazwisko)(?: i nazwisko)? to",
    r"(?:benim )?ad[ıi]m(?: soyad[ıi]m)?|(?:benim )?ismim",
    r"меня зовут|мо[её] имя|моя фамилия",
)
"""Behind these a name follows, also in lower case."""
ON_BEHALF = (
    r"registered to|addressed to|account holder(?: is)?|in the name of|c/o|attn\.?|fao",
    r"auf den namen|lautet auf(?: den namen)?|unter dem namen|z\. ?hd\.?|zu händen",
    r"au nom de|[àa] l['’]attention de",
    r"a nombre de|(?:le|te) (?:atiende|saluda|escribe)|habla con|a la atención de",
    r"intestat[oa] a|a nome di|all['’]attenzione di|presso",
    r"em nome d[eao]|aos cuidados de|a/c",
    r"op naam van|t\.?a\.?v\.?|p/a",
    r"na nazwisko|z tej strony|do rąk",
    r"на имя|вас приветствует|с вами|это говорит|беспокоит",
    r"باسم",
)
"""Behind these a name follows, with a capital where its script has any."""
UNSPACED_INTRODUCTIONS = (
    r"我叫做?|我的名字是|我的名字叫|名字是|名叫|我姓|本人姓名是?|收件人是|收货人是|名前は|氏名は|申します"
)
MARKED_INTRODUCTIONS = r"(?:اسمي(?: الكامل)?(?: هو)?|أنا اسمي|الاسم الكامل|मेरा (?:पूरा )?नाम|मेरा नाम|mera naam)"
FIELDS = (
    r"(?:full |first |last |sur|given |family |customer(?:'s)? |recipient(?:'s)? |card ?holder(?:'s)? "
    r"|contact )?name|recipient|card ?holder|contact(?: person)?|customer|signed|attn",
    r"(?:vor|nach|zu|familien|kunden)name|vor- und nachname|empf[äa]nger(?:in)?|kunde|kundin|ansprechpartner"
    r"(?:in)?|kontoinhaber(?:in)?|besteller",
    r"nom(?: complet| et pr[ée]nom| de famille| du client)?|pr[ée]nom|destinataire|titulaire|client",
    r"nombre(?: completo| y apellidos?)?|apellidos?|destinatario|titular|cliente",
    r"nome(?: e cognome| completo)?|cognome|destinatario|intestatario|cliente",
    r"sobrenome|apelido|destinat[áa]rio|titular",
    r"(?:voor|achter)?naam|voor- en achternaam|ontvanger|klant|rekeninghouder",
    r"imi[ęe](?: i nazwisko)?|nazwisko|odbiorca|klient|adresat",
    r"ad[ıi]?(?: ?[/-]? ?soyad[ıi]?)?|soyad[ıi]?|isim(?: soyisim)?|al[ıi]c[ıi]|m[üu][şs]teri",
    r"имя(?: и фамилия)?|фамилия(?:,? имя)?|фио|ф\.и\.о\.?|получатель|клиент|отчество",
    r"الاسم(?: الكامل| الأول)?|اسم (?:العميل|المستلم|العائلة)|المستلم|العميل|नाम|पूरा नाम|ग्राहक|प्राप्तकर्ता|naam",
    r"姓名|名字|收件人|收货人|联系人|客户|お?名前|氏名|宛名|受取人|ご契約者様?|フリガナ|ふりがな",
)
"""Behind these and a colon a name follows."""
TITLES = (
    r"mr|mrs|ms|mx|miss|dr|prof|sir|madam|mister",
    r"herrn?|frau|fräulein|hr|fr",
    r"m|mm|mme|mmes|mlle|monsieur|madame|mademoiselle",
    r"sr|sra|srta|señor|señora|señorita|don|doña",
    r"sig\.ra|sig\.na|dott\.ssa|sig|signor|signora|signorina|dott|dottssa|dottore|dottoressa|avv",
    r"senhor|senhora|dona|seu",
    r"dhr|mevr|mw|mevrouw|meneer|de heer",
    r"pan|pani|panu|panią|panem|pana|państwo|państwa",
    r"sayın|sn|bay|bayan",
    r"г-н|г-жа|г-ну|г-же|г-на|г-жи|г-ном|господин\w*|госпож\w+|гражданин\w*",
    r"السيد|السيدة|الأستاذ|الأستاذة|أستاذ|أستاذة|الآنسة|श्री|श्रीमती|सुश्री|कुमारी|shri|smt",
)
"""Before these (also with a full stop) a capitalised name follows."""
TITLES_BEHIND = r"bey(?:['’]?\w{0,4})?|hanım(?:['’]?\w{0,4})?|beyefendi|hanımefendi"
MARKED_TITLES_BEHIND = r"जी|साहब|ji"
HONORIFICS = r"(?:さん|さま|様|殿|氏|くん|ちゃん)"
CHINESE_TITLES = r"(?:先生|女士|小姐|太太|经理|老师|師傅|师傅)"
NOT_BEFORE_HONORIFIC = (
    r"(?:お?客|お子|皆|者|員|手|長|方|社|店|屋|お?[母父兄姉爺婆嬢孫]|奥|娘|息子|医|先|役|仕|上|源|当|弊|御|達|人|業|家|隣|何|王子|王女|神|仏|貴|他|別|同|一|様|団|部|課"
    r"|係|友|主|旦那)$"
)
NOT_BEFORE_CHINESE_TITLE = (
    r"(?:这位|那位|一位|各位|客服|尊敬的?|亲爱的?|您好|你好|谢谢|这个|那个|快递|配送|物流|送货|店|的|位|大)$"
)
GREETINGS = (
    r"dear|hi|hello|hey|hiya|good (?:morning|afternoon|evening)|thanks?|thank you",
    r"liebe[rs]?|hallo|hi|sehr geehrte[rs]?|guten (?:tag|morgen|abend)|servus|moin|danke",
    r"bonjour|bonsoir|salut|ch[eè]re?|coucou|merci",
    r"hola|estimad[oa]s?|querid[oa]|buen[oa]s (?:d[ií]as|tardes|noches)|gracias",
    r"ciao|gentile|car[oa]|egregio|buongiorno|buonasera|salve|grazie",
    r"ol[áa]|oi|prezad[oa]s?|car[oa]|bom dia|boa (?:tarde|noite)|obrigad[oa]",
    r"beste|hoi|geachte|lieve|goede(?:morgen|middag|avond|ndag)|dag|bedankt",
    r"cze[śs][ćc]|szanown[yia]|drog[ia]|witam|witaj|dzie[ńn] dobry|dzi[ęe]kuj[ęe]",
    r"merhaba|selam|sevgili|say[ıi]n|iyi g[üu]nler|g[üu]nayd[ıi]n|te[şs]ekk[üu]rler",
    r"здравствуйте|привет|уважаем\w+|дорог\w+|добрый (?:день|вечер)|доброе утро|спасибо",
)
MARKED_GREETINGS = r"مرحبا|مرحباً|أهلا|أهلاً|عزيزي|عزيزتي|السلام عليكم|नमस्ते|नमस्कार|प्रिय|आदरणीय"
SIGN_OFFS = (
    r"(?:kind|best|warm|warmest|many)? ?regards|best(?: wishes)?|(?:yours )?(?:sincerely|faithfully|truly)"
    r"|thanks(?: (?:a lot|again|in advance))?|thank you(?: (?:very much|so much|again|in advance))?|many thanks"
    r"|cheers|respectfully",
    r"(?:viele|liebe|beste|freundliche|herzliche|sch[öo]ne)n? gr[üu](?:ß|ss)e|mit (?:freundlichen|besten"
    r"|lieben) gr[üu](?:ß|ss)en|(?:freundliche|lg|mfg|vg|gr[üu](?:ß|ss)e|gru(?:ß|ss))|danke(?: im voraus)?"
    r"|vielen dank|hochachtungsvoll",
    r"cordialement|bien [àa] vous|(?:bien )?cordialement|salutations(?: distingu[ée]es)?|sinc"
    r"[èe]res salutations|merci(?: d'avance| beaucoup)?|respectueusement|[àa] bient[ôo]t",
    r"(?:un )?(?:cordial )?saludos?(?: cordial(?:es)?)?|atentamente|(?:muchas )?gracias|un abrazo",
    r"(?:cordiali|distinti) saluti|cordialmente|saluti|grazie(?: mille)?|in fede",
    r"atenciosamente|(?:com os melhores )?cumprimentos|abra[çc]os?|(?:muito )?obrigad[oa]|att\.?|grat[oa]|sauda"
    r"[çc][õo]es",
    r"met vriendelijke groet(?:en)?|vriendelijke groet(?:en)?|groet(?:en|jes)?|mvg|(?:alvast )?bedankt|hoogachtend",
    r"(?:serdecznie )?pozdrawiam(?: serdecznie)?|z powa[żz]aniem|pozdrowienia|dzi[ęe]kuj[ęe]|z wyrazami szacunku",
    r"sayg[ıi]lar[ıi]m(?:[ıi]z)?la|sayg[ıi]lar|te[şs]ekk[üu]r(?:ler| ederim)|iyi (?:g[üu]nler|[çc]al[ıi]"
    r"[şs]malar)|sevgiler",
    r"с уважением|с наилучшими пожеланиями|спасибо|заранее (?:спасибо|благодарю)|всего доброго|благодарю",
    r"مع (?:خالص )?(?:التحية|تحياتي|الشكر)|تحياتي|وشكرا|شكرا(?: جزيلا)?|مع الاحترام|سادر|सादर|धन्यवाद"
    r"|शुभकामनाएं|शुभकामनाओं सहित|भवदीय|आपका|आपकी",
    r"此致|敬礼|祝好|谢谢|敬上|顺祝商祺|よろしくお願い(?:いた|致)?します|以上|敬具",
)
"""Behind these a line with nothing but a name may follow."""
_PARTICLES = "von van de der den da di do dos das del della du la le el al bin ibn ben abu ter ten zu y e und"
PARTICLES = frozenset(_PARTICLES.split())
"""Small words within a name; in lower case."""
_NO_NAMES = """
auf wiedersehen martens
team all everyone everybody there customer customers sir madam support service sirs again friend folks guys back
both you ladies gentlemen whom agent colleague colleagues zusammen kunde kundin kundenservice damen herren liebes
leute ihr euer ihnen alle tous toutes madame monsieur messieurs client cliente équipe beaucoup votre todos todas
señor señora señores equipo amigo amiga servicio buenas buenos muchas tutti signore signora signori staff assistenza
servizio mille senhor senhora equipe equipa prezado suporte allemaal klant klanten meneer mevrouw heer medewerker
iedereen klantenservice państwo państwa panie pani pan panu kliencie klientko wszystkim zespół zespole obsługo
arkadaşlar müşterimiz müşteri yetkili ekip ilgili hocam коллеги все всем клиент покупатель друзья команда поддержка
господа العميل عميل فريق الجميع دعم ग्राहक टीम सभी सर मैडम महोदय महोदया not nicht pas no non não niet nie değil не
ليس नहीं is ist est es jest wrong falsch on in at the a an der die das le la el il o de het wieder also noch it this
that my mein meine mon ma mi mio minha meu mijn mój moja benim мой моя spelled misspelled missing incorrect written
different i ich je yo io eu ik ja ben я we wir and und et y e en ve и or what how why when where who was wie warum
wann wo wer misspelt only just so very much please bitte por s'il per för for für pour para voor dla için для with
mit avec con com met z ile с to zu à al alla ao aan do bir bu shown listed under but aber mais pero mas maar ale ama
но still been has have had will can could would should calling writing contacting नमस्ते नमस्कार श्रीमान भाई वकील
डॉक्टर माता दीदी भैया हाँ हां ठीक जी मैं आप मुझे मेरा मेरी मेरे हम क्या कृपया आपका आपकी और है हैं हूँ हूं था थी के
का की में से पर को ने नाम गणेश साइज़ बीच मत في من على الى إلى أنا انا يعني هو هي مع عن بعد والدي كان هذا رقم عندي و
لم لا لكن مكتوب موجود غلط خطأ غداً المدير المحترم المحترمة директора доставки получателя завтра сегодня bye goodbye
ciao tschüss adios adiós chau grüße gruß regards geom ing dipl pfarrerin pfarrer sommelier directeur direktor
direktorin director doktor professor professorin grupo group yazılı kayıtlı siparişi
"""
NO_NAMES = frozenset(_NO_NAMES.split())
"""What stands behind a cue and is no name; in lower case."""
