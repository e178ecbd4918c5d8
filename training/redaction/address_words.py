"""How an address is written in each country: words for streets, and patterns made of them. Data, no code."""

from __future__ import annotations

_NO = r"\d{1,5}(?!\d)(?:[ ]?[a-zA-Z](?![\w]))?(?:[ ]?[-/][ ]?\d{1,4}[a-zA-Z]?(?!\w))*"
_CAP = r"[A-ZÀ-ÖØ-ÞĀ-ŽƏİŞĞŁŚŻŹĆ]"
_W = r"[^\W\d_]"
_WORD = rf"{_CAP}(?:{_W}|['’.-])*"
_ANYWORD = rf"{_W}(?:{_W}|['’.-])*"
_LINK = (
    r"(?:de|la|las|los|el|du|des|da|do|dos|das|di|del|della|dei|degli|van|der|den|von|y|e|the|of|le|les|en|am"
    r"|im|an|in|zum|zur|auf|sur|sous|lès|ob)"
)
_SEP = r"(?:[ \t]*[,;][ \t]*|[ \t]*\r?\n[ \t]*|[ \t]+|[ \t]+-[ \t]+)"
CITY = (
    rf"(?:{_CAP}(?:{_W}|['’./-])*(?:[ -](?:{_LINK}[ -]|d['’]|l['’])*{_CAP}(?:{_W}|['’./-])*){{0,3}}(?:[ ]?\("
    rf"[A-Za-z]{{2}}\))?(?:[ ]?[/,][ ]?[A-Z]{{2}}\b)?)"
)
_LOWCITY = rf"(?:{CITY}|{_W}{{3,20}})"
_POSTCODE = r"(?:(?:[A-Z]{1,2}-)?\d{4,5}(?:-\d{3,4})?|\d{2}-\d{3}|\d{5}-?\d{3}|\d{4} ?[A-Za-z]{2}\b)"
_STATE = r"(?:[A-Z]{2,5}[ ])?"
_TAIL = (
    rf"(?:(?:{_SEP}{CITY}){{0,2}}{_SEP}(?:(?:cp|c\.p\.|plz|cap|cep)[ .:]*)?{_STATE}{_POSTCODE}(?!\d)"
    rf"(?:{_SEP}{CITY})?|,[ ]?{CITY})?"
)
_FLAT = (
    r"(?:(?:[ ]?,?[ ]|,|[ ]?-[ ]?)(?i:appartamento|apt|apto?|apartment|apartamento|flat|unit|suite|ste|bldg|fl"
    r"(?:oor)?|wohnung|whg|og|eg|etage|top|st(?:iege)?|tür|bât(?:iment)?|esc(?:alier|alera)?|appt|app|étage|bte"
    r"|bis|ter|piso|puerta|pta|planta|bajo|izq(?:da)?|"
    r"dcha|int(?:erno|erior)?|scala|sc|piano|andar|bloco|bl|casa|lote|bus|hs|m|kat|daire|d|blok|no|kv|edif"
    r"|depto|andar)\b\.?[ ]?[\w]{0,4}\b|,?[ ]\d{1,2}[º°ª.](?:[ ]?[A-Za-z]{1,4}\b)?){0,4}"
)

_NOT_IN = (
    r"(?!(?i:à|la|le|les|de|du|tout|x|of|to|for|in|on|at|and|or|the|my|your|his|her|our|a|an|more|days?|weeks?"
    r"|hours?|minutes?|years?|times?|items?|is|was|it|by|from|with|per|pcs|pieces?|pairs?|o|i|e|y)\b)"
)
_CORE = (
    r"street|st|road|rd|avenue|ave|lane|ln|drive|dr|court|ct|boulevard|blvd|close|crescent|terrace|square|sq"
    r"|parkway|pkwy|highway|hwy|way|gardens|grove|mews|circle|nagar|marg"
)
_WIDE = (
    r"place|pl|hill|row|cir|trail|path|walk|green|view|colony|sector"
    r"|enclave|vihar|chowk|layout|cross|main|quay|wharf|yard|park|heights|ridge"
    r"|loop|alley|plaza|pike|turnpike|bypass|mount|fold|croft|rise|parade|esplanade"
    r"|turn|run|bend|points?|crossing|station|extension|summit|track|junctions?|forks?|mills?"
    r"|cove|keys?|pass|ville|fields?|meadows?|springs?|manor|center|shores?|island|isle"
    r"|harbor|haven|knolls?|glen|orchard|camp|cape|ford|forest|gateway|light|overpass"
    r"|underpass|parkways|ports?|prairie|ranch|rapid|river|rue|spur|stravenue|stream|throughway"
    r"|trafficway|tunnel|union|unions|valley|viaduct|village|vista|wall|well|wells|burgs?"
    r"|bluffs?|bridge|brook|brooks|creek|divide|drives|estates?|falls|flats?|freeway|garden"
    r"|hollow|inlet|lakes?|land|landing|lodge|locks?|motorway|mountain|neck|oval|plains?"
    r"|radial|roads|route|shoal|skyway|squares|streets|trace|walks|ways|passages?|club"
    r"|coves|views|circles|pines|mountains|corners|via"
)
_EN_TAIL = (
    rf"(?:,?[ ](?i:apt|apartment|suite|ste|unit|flat|floor|fl|#)\.?[ ]?\w{{1,5}})?(?:{_SEP}{CITY}){{0,2}}"
    rf"(?:{_SEP}[A-Z]{{2}})?(?:{_SEP}(?:\d{{5}}(?:-\d{{4}})?\b|[A-Z]{{1,2}}\d[A-Z\d]?[ ]?\d[A-Z]{{2}}\b|-?"
    rf"[ ]?\d{{6}}\b))?"
)
_ROMANCE = (
    r"calle|c/|c\.|avenida|avda\.?|av\.?|paseo|pº|plaza|pza\.?|carrer|carretera|ctra\.?|travesía|callejón"
    r"|glorieta|calzada|cañada|rambla"
    r"|bulevar|periférico|andador|circunvalación|pasadizo|prolongación|viale|v\.le|piazza|p\.zza|piazzale|c\.so"
    r"|vicolo|lungomare|lungotevere"
    r"|lungarno|rua|r\.|travessa|trav\.?|praça|pça\.?|estrada|rodovia|beco|ladeira|praceta|calçada|viela"
    r"|urbanização|azinhaga|passarela"
    r"|loteamento|condomínio"
)
_ROMANCE_COMMON = (
    r"via|vía|vial|camino|ronda|pasaje|alameda|cerrada|privada|corso|largo|strada|contrada|borgo|canale|rotonda"
    r"|salita|quinta|recanto|vale"
    r"|viaduto|retorno|stretto|incrocio|costa|piazzetta"
)
_ROMANCE_RARE = (
    r"Diagonal|Continuación|Acceso|Cuesta|Vereda|Circuito|Eje|Viaducto|Ampliación|Corredor|Praia|Sítio|Colônia"
    r"|Parque|Jardim|Vila|Quadra|Área"
    r"|Campo|Chácara|Fazenda|Setor|Conjunto|Pátio|Lagoa|Morro|Núcleo|Residencial|Trecho|Trevo|Feira|Esplanada"
    r"|Estação|Favela|Aeroporto|Distrito"
)
_ROMANCE_TAIL = (
    rf"(?:[ ](?:(?i:{_LINK}|\d{{1,2}})[ ])*(?!(?i:n[º°.]|nº|num)){_ANYWORD}){{0,4}}?,?[ ]"
    rf"(?:(?i:n[º°.]?[ ]?|núm\.?[ ]|numero[ ]))?(?:{_NO}(?:[ ]\d{{1,4}}(?=[, ]|$))?|(?i:s/n)){_FLAT}{_TAIL}"
)
LATIN = (
    # de, nl: the kind of street ends the word (Hauptstr. 5), or stands by itself behind another (Lange Straße 12).
    rf"(?:{_W}|['’.-]){{2,}}(?i:stra(?:ß|ss)e|str\.?|weg|platz|allee|gasse|ring|damm|ufer|steig|stieg|chaussee"
    r"|promenade|steg|graben|berg|hof|markt|"
    r"straat|laan|gracht|plein|kade|singel|dreef|dijk|steeg|hof|pad|park|baan|boulevard|markt|kamp|brink"
    rf"|dwarsstraat|wal|plantsoen|poort|hage|oord|dam|akker)[ ]{_NO}{_FLAT}{_TAIL}",
    rf"(?:(?:{_WORD}|{_LINK})[ -]){{1,4}}(?:Stra(?:ß|ss)e|Str\.?|Weg|Platz|Allee|Gasse|Ring|Damm|Ufer|Steig"
    rf"|Promenade|Chaussee)[ ]{_NO}{_FLAT}{_TAIL}",
    rf"(?:Straße|Platz|Allee)[ ](?:des|der|am)[ ](?:\d+\.[ ])?{_WORD}[ ]{_NO}{_FLAT}{_TAIL}",
    # fr: number, kind, name.
    rf"(?:\d{{1,4}}(?:[ ]?(?i:bis|ter|quater|[a-d]))?,?[ ])?(?i:\b(?:rue|avenue|av\.?|boulevard|bd\.?|blvd\.?"
    r"|chemin|impasse|allée|all\.?|place|pl\.?|quai|cours|route|passage|square|faubourg|sentier|ruelle"
    r"|résidence|lotissement))"
    rf"[ ](?:(?i:{_LINK}|d['’]|l['’])[ ]?)*{_ANYWORD}(?:[ -](?:(?i:{_LINK})[ -])*{_WORD}){{0,4}}{_FLAT}"
    rf"(?:{_SEP}\d{{5}}(?!\d)(?:{_SEP}{_LOWCITY})?|,[ ]?{CITY})",
    rf"\d{{1,4}}(?:[ ]?(?i:bis|ter|quater|[a-d]))?,?[ ](?i:rue|avenue|av\.?|boulevard|bd\.?|blvd\.?|chemin"
    rf"|impasse|allée|place|quai|cours|route|passage|square|faubourg|sentier|ruelle)[ ](?:(?i:{_LINK}|d['’]|l"
    rf"['’])[ ]?)*{_ANYWORD}(?:[ -](?:(?i:{_LINK})[ -])*{_WORD}){{0,4}}",
    # es, it, pt: kind, name, number. A kind that is also a common word wants a name with a capital, or a single word.
    rf"(?i:{_ROMANCE})(?:(?<=[./])[ ]?|[ ])(?:(?i:{_LINK}|dell['’]|d['’]|l['’])[ ]?)*{_ANYWORD}{_ROMANCE_TAIL}",
    rf"(?:(?i:{_ROMANCE_COMMON})|{_ROMANCE_RARE})[ ](?:(?i:{_LINK}|dell['’]|d['’]|l['’])[ ]?)*{_WORD}{_ROMANCE_TAIL}",
    rf"(?i:via|corso|viale|piazza|largo)[ ](?!(?i:{_LINK}|app|e-?mail|mail|chat|sms)\b){_W}{{3,}},?"
    rf"[ ]{_NO}{_FLAT}{_TAIL}",
    # pl
    r"(?:(?i:ul|ulica|ulicy|ulicę|aleja|alei|alejach|aleje|plac|placu|osiedle|osiedlu|rondo|skwer|bulwar)(?:\."
    rf"[ ]?|[ ])(?:\d{{1,2}}[ ])?{_ANYWORD}"
    rf"|(?i:al|pl|os)\.[ ]?(?:\d{{1,2}}[ ])?{_ANYWORD}|(?:[aA]l|[pP]l|[oO]s)[ ]{_WORD})(?:"
    rf"[ ]{_ANYWORD}){{0,3}}?[ ]{_NO}(?:[ ]?(?:m\.?|lok\.?)[ ]?\d+)?{_TAIL}",
    # tr: name, kind; No: 5, D: 3
    rf"(?:{_WORD}[ ]){{1,3}}(?i:mah(?:allesi|\.)?|cad(?:desi|\.)?|sok(?:a[kğ]ı?|\.)?|bulvar[ıi]|blv\.?|sitesi)"
    rf"[,]?[ ](?:[^\n?!]{{0,60}}?(?i:\bno|\bkat|\bdaire|\bd|\bk)[ ]?[:.]?[ ]?\d+(?:[/-]\d+)?[ ,]*){{1,3}}(?:"
    rf"[ ,/-]{{0,3}}\d{{5}})?(?:[ ,/]{{0,2}}{_WORD}(?:[ ]?/[ ]?{_WORD})?)?",
    rf"(?:{_ANYWORD}[ ]){{1,3}}(?i:cad(?:desi|\.)|sok(?:ak|ağı|\.)|mah(?:allesi|\.)|bulvarı)[ ](?i:no[ ]?[:.]?"
    rf"[ ]?)?\d{{1,4}}(?:[/-]\d+)?{_TAIL}",
    # en: number, name, kind; with a unit before or behind, a town, a state, a postcode. Rarer kinds need a capital.
    rf"(?:(?i:flat|apt\.?|apartment|unit|suite|studio|room)[ ]\w{{1,4}},?[ \n])?\d{{1,5}}[A-Za-z]?"
    rf"(?:-\d{{1,4}})?,?[ ](?:(?:[NSEW]|North|South|East|West)\.?[ ])?(?:{_NOT_IN}(?:{_ANYWORD}|\d{{1,3}}(?:st"
    rf"|nd|rd|th))[ ]){{1,3}}?"
    rf"(?i:{_CORE})\b\.?{_EN_TAIL}",
    rf"(?:(?i:flat|apt\.?|apartment|unit|suite|studio|room)[ ]\w{{1,4}},?[ \n])?\d{{1,5}}[A-Za-z]?"
    rf"(?:-\d{{1,4}})?,?[ ](?:(?:[NSEW]|North|South|East|West)\.?[ ])?(?:{_WORD}[ ]){{1,3}}?"
    rf"(?=[A-Z])(?i:{_WIDE})\b\.?{_EN_TAIL}",
    # any country: number, name, town, postcode; name, number, town, postcode; name, number, postcode, city; and a box.
    rf"\d{{1,5}}[ ](?:{_WORD}[ ]?){{1,4}}(?:[ ]?(?:Apt\.|Suite)[ ]\d{{1,4}})?(?:{_SEP}{CITY}){{1,2}},?[ \n](?:"
    rf"[A-Z]{{2}}[ ])?(?:\d{{5}}(?:-\d{{4}})?(?!\d)|[A-Z]{{1,2}}\d[A-Z\d]?[ ]?\d[A-Z]{{2}}\b)",
    rf"{_WORD}(?:[ -](?:{_LINK}[ -])*{_WORD}){{0,4}},?[ ]{_NO}{_FLAT}(?:[ ]?,[ ]{CITY}){{1,2}},?"
    rf"[ ]{_STATE}{_POSTCODE}(?!\d)(?:{_SEP}{CITY})?",
    rf"{_WORD}(?:[ -](?:{_LINK}[ -])*{_WORD}){{0,4}},?[ ]{_NO}{_FLAT}(?:[ ]?,[ ]?|[ ]|[ ]?\n)(?:[A-Z]{{1,2}}-)?"
    rf"(?:\d{{4}}[ ]?[A-Z]{{2}}|\d{{2}}-\d{{3}}|\d{{4}}-\d{{3}}|\d{{4,5}})(?:,?[ ]|[ ]?\n){CITY}",
    r"(?i:p\.?[ ]?o\.?[ ]?box|postfach|boîte[ ]postale|b\.?p\.|apartado(?:[ ]de[ ]correos)?|casella[ ]postale"
    r"|caixa[ ]postal|postbus|skrytka[ ]pocztowa|posta[ ]kutusu)[ ]?(?:nr\.?[ ]?|no\.?[ ]?|n[º°.]"
    rf"[ ]?)?\d{{1,6}}(?:{_SEP}(?:[A-Z]{{1,2}}-)?{_POSTCODE}(?:{_SEP}{CITY})?)?",
    # postcodes that nothing else looks like.
    r"\b[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[ABD-HJLNP-UW-Z]{2}\b",
    r"\b[1-9]\d{3}(?!SA|SD|SS|MB|GB|KB|TB|KM|KG|MM|CM|ML|HD|PS|EU|UK|US|PM|AM|MAH|HZ|RPM)[A-Z]{2}\b",
    rf"\b[1-9]\d{{3}}[ ](?!SA|SD|SS|MB|GB|KB|TB|KM|KG|MM|CM|ML|HD|PS|EU|UK|US|PM|AM)[A-Z]{{2}}\b[ ,]+{CITY}",
    r"(?:(?i:\bplz|\bpostleitzahl|\bcode[ ]postal|\bc\.?p\.?|\bcódigo[ ]postal|\bcap|\bcep|\bpostcode|\bpostal"
    r"[ ]code|\bzip(?:[ ]code)?|\bpin[ -]?code|\bkod[ ]pocztowy|\bposta[ ]kodu)(?:[ ](?:ist|is|est|es|è|é|to"
    rf"|lautet))?[ ]?[:.]?[ ]?)(?P<code>{_POSTCODE}|\d{{3}}[ ]?\d{{3}})(?![\d])(?:{_SEP}{CITY})?",
    rf"(?:(?<=\n)|(?<=, ))(?:[A-Z]{{1,2}}-)?(?:\d{{5}}|\d{{2}}-\d{{3}}|\d{{4}}-\d{{3}}|\d{{5}}-\d{{3}})"
    rf"[ ]{CITY}(?=\s*(?:$|\n|[.,]))",
)
_RU_SEP = r"[ ]?,?[ ]?"
CYRILLIC = (
    r"(?:\d{6},?[ ])?(?:(?:г|гор|город|обл|область|р-н|пос|с|д|дер)\.?[ ]?[А-ЯЁ][а-яё-]+(?:[ ]область|"
    r"[ ]обл\.?)?,?[ ])*(?i:\b(?:ул|улица|улице|улицы|пр|пр-т|просп|проспект|проспекте|пер|переулок|ш|шоссе|наб"
    r"|набережная|б-р|бул|бульвар|пл|площадь|проезд|туп|тупик|мкр|микрорайон|аллея))\.?[ ]"
    r"(?:\d{1,3}[- ](?:я|й|го|лет)?[ ]?)?[А-ЯЁа-яё-]+(?:[ ][А-ЯЁ][А-ЯЁа-яё.-]*){0,2}"
    + _RU_SEP
    + r"(?i:д(?:ом)?\.?[ ]?)?\d{1,4}[а-яА-Я]?(?:[/-]\d{1,4})?"
    r"(?:[ ]?,?[ ]?(?i:к|корп|корпус|стр|строение|литер|лит|кв|квартира|оф|офис|под|подъезд|эт|этаж)\.?"
    r"[ ]?\d{1,4}[а-яА-Я]?(?:/\d+)?)*(?:,[ ]?(?:г\.[ ]?)?[А-ЯЁ][а-яё-]+)?(?:,?[ ]\d{6}\b)?",
    r"[А-ЯЁ][а-яё-]+(?:[ ][А-ЯЁ][а-яё-]+)?[ ](?:ул|улица|проспект|пр-т|переулок|шоссе|бульвар|набережная"
    r"|площадь|проезд)\.?,?[ ]?(?:д(?:ом)?\.?[ ]?)?\d{1,4}[а-я]?(?:[/-]\d{1,4})?(?:[ ]?,?[ ]?(?:к|корп|стр|кв"
    r"|квартира|оф)\.?[ ]?\d{1,4})*",
    r"(?:г|с|д|п|пос|ст|клх|к)\.[ ]?[А-ЯЁ][а-яё-]+(?:[ -][А-ЯЁ(][а-яё.)-]+)*,[ ](?:ул|пр|пер|ш|наб|бул|алл)\."
    r"[ ][А-ЯЁ0-9][^\n,]{1,40},[ ]?д\.[ ]?\d+(?:/\d+)?(?:[ ](?:к|стр|корп)\.[ ]?\d+(?:/\d+)?)?(?:,[ ]?\d{6})?",
    r"\bкв\.?[ ]?\d{1,4}(?=\W|$)|(?<=индекс )\d{6}|(?<=индекс: )\d{6}",
)
UNSPACED_FORMS = (
    # zh: province, city, district, road, number, room.
    r"(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区|市|特别行政区))?(?:[\u4e00-\u9fff]{1,7}?[市区县州旗])*(?:[\u4e00-\u9fff\d]{1,8}?"
    r"(?:街道|镇|乡|村))?[\u4e00-\u9fff\d]{1,8}?(?:路|街|大道|巷|弄|胡同|里)(?:[东南西北]段)?"
    r"[\dA-Za-z一二三四五六七八九十百]{1,5}(?:号|弄|座|巷)(?:楼|院)?(?:[-\u4e00-\u9fffA-Za-z\d]{0,10}?(?:号楼|栋|幢|座|单元|层|楼|室|房"
    r"|户))*(?:[A-Za-z]?\d{1,4}(?:室|号)?)?(?:[ ,，]{0,2}\d{6}(?!\d))?",
    r"[\u4e00-\u9fff]{2,8}?(?:省|自治区|市)[\u4e00-\u9fff]{1,10}?(?:市|区|县)[\u4e00-\u9fff]{0,12}?(?:路|街|道|巷|村|小区|花园|苑"
    r"|城|广场|大厦)[A-Za-z\d号座栋幢单元室楼层-]{0,16}(?:[ ,，]{0,2}\d{6}(?!\d))?",
    r"[\u4e00-\u9fff]{2,8}(?:小区|花园|公寓|大厦|新村|家园|苑|广场)[A-Za-z]?\d{1,3}(?:号楼|栋|幢|座|号)(?:\d{1,2}单元)?(?:"
    r"[A-Za-z]?\d{1,4}(?:室|号|房)?)?",
    r"\d{1,3}(?:号楼|栋|幢)(?:\d{1,2}单元)?\d{2,4}(?:室|号|房)?|(?<=邮编)[:：]?\d{6}|(?<=邮政编码)[:：]?\d{6}",
    # ja: postcode, prefecture, ward or city, block numbers, building.
    r"(?:〒 ?\d{3}-?\d{4}[ ,、\n]*)?(?:北海道|東京都|京都府|大阪府|[\u4e00-\u9fff]{2,3}県)"
    r"[\u4e00-\u9fff\u3041-\u3096\u30a1-\u30faヶケノー々]{1,20}?[ ]?(?:\d{1,4}丁目)?[ ]?\d{1,5}(?:番地?|[-‐−ー–の]\d{1,5}"
    r"|号|丁目\d*|番\d*)*(?:[ \u3000]?[\u30a1-\u30faー\u4e00-\u9fffA-Za-z]{2,20}[ ]?\d{1,4}(?:号室?)?)?",
    r"(?:〒 ?\d{3}-?\d{4}[ ,、\n]*)?[\u4e00-\u9fff\u3041-\u3096]{1,5}[市区町村郡]"
    r"[\u4e00-\u9fff\u3041-\u3096\u30a1-\u30faヶケノー々]{1,14}?(?:\d{1,3}丁目)?\d{1,4}(?:番地?\d{0,3}号?|"
    r"[-‐−ー–の]\d{1,4})+(?:[ \u3000]?[\u30a1-\u30faー\u4e00-\u9fffA-Za-z]{2,20}[ ]?\d{1,4}(?:号室?)?)?",
    r"〒 ?\d{3}-?\d{4}(?!\d)|(?<=郵便番号)[はが:： ]{0,2}\d{3}-?\d{4}(?!\d)",
)
_MARK = r"\u0900-\u0963\u0971-\u097f"
_HI = rf"[{_MARK}A-Za-z.]+"
MARKED_FORMS = (
    r"(?:(?:मकान|फ्लैट|फ़्लैट|घर|प्लॉट|दुकान|H\.? ?No\.?|House|Flat|Plot)[ ]?(?:नंबर|नं\.?|संख्या|no\.?|number"
    rf"|क्र\.?)?[ ]?:?[ ]?[A-Za-z]?-?\d[\w/-]*,?[ ])(?:{_HI}[ ,]+){{0,8}}?(?:{_HI})(?:[ ,-]{{1,3}}\d{{6}}"
    rf"(?!\d))?(?=[,।.\n]|$|[ -]+\d{{6}})(?:[ -]+\d{{6}})?",
    rf"\d{{1,5}}(?:/\d{{1,5}})?[ ,]+{_HI}(?:[ ]{_HI}){{0,2}}(?:,[ ]?|\n|[ ])(?:{_HI}[ ,]*){{1,3}}[- ]+\d{{6}}(?!\d)",
    rf"(?:{_HI}[ ]){{1,3}}(?:रोड|मार्ग|नगर|गली|कॉलोनी|सेक्टर|चौक|विहार|पथ|स्ट्रीट|एन्क्लेव)(?:[ ,]+(?:{_HI}"
    rf"[ ,]*){{0,4}}\d[\d/-]*(?!\d)|[ ,]+{_HI}[ ,-]+\d{{6}}(?!\d))",
    r"(?:पिन ?कोड|पिनकोड|pin ?code|pincode|pin)[ ]?(?:है|is)?[ :.-]{0,3}(?P<pin>[1-9]\d{2}[ ]?\d{3})(?!\d)",
    r"(?:شارع|ش\.|طريق|حي|حارة|زقاق|جادة|نهج|ميدان)[ ](?:[\u0621-\u064a\u064b-\u0652]+[ ،,]*){1,8}?(?:(?:رقم"
    r"|عمارة|عماره|مبنى|بناية|فيلا|منزل|بيت|شقة|شقه|الدور|الطابق|برج)[ :]*[\u0621-\u064a]{0,8}[ ]?\d{1,5}"
    r"[ ،,]*)+(?:[\u0621-\u064a ]{2,15}(?=[،,.\n]|$))?(?:[ ،,]*\d{5}(?!\d))?",
    r"\d{1,5}[ ]?[،,]?[ ](?:شارع|طريق|ش)[ ](?:[\u0621-\u064a\u064b-\u0652]+[ ]?){1,4}(?:[،,][ ]?(?:"
    r"[\u0621-\u064a]+[ ]?){1,3}){0,3}(?:[ ،,]*\d{5}(?!\d))?",
    r"(?:شارع|طريق|حي)[ ](?:[\u0621-\u064a\u064b-\u0652]+[ ]?){1,4}[،,]?[ ]?\d{1,5}(?:[،,][ ]?(?:"
    r"[\u0621-\u064a]+[ ]?){1,3}){0,3}(?:[ ،,]*\d{5}(?!\d))?",
    r"(?:ص\.? ?ب\.?|صندوق بريد|صندوق البريد|الرمز البريدي|رمز بريدي)[ :رقم]{0,6}\d{1,6}(?!\d)",
    r"(?:عمارة|شقة|شقه|فيلا|بناية)[ ](?:رقم[ ])?\d{1,4}",
)
