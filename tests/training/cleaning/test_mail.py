"""Earlier mails, signatures and texts of programs go in fourteen languages; what the author wrote stays, wherever it stands."""

from __future__ import annotations

import pytest

from training.cleaning.mail import written_part

ATTRIBUTIONS = {
    "en": "On Tue, Mar 4, 2025 at 9:30 AM Anna Berg <anna@shop.example> wrote:",
    "de": "Am Di., 4. März 2025 um 09:30 Uhr schrieb Anna Berg <anna@shop.example>:",
    "fr": "Le mar. 4 mars 2025 à 09:30, Anna Berg <anna@shop.example> a écrit :",
    "es": "El mar, 4 mar 2025 a las 9:30, Anna Berg (<anna@shop.example>) escribió:",
    "it": "Il giorno mar 4 mar 2025 alle ore 09:30 Anna Berg <anna@shop.example> ha scritto:",
    "pt": "Em ter., 4 de mar. de 2025 às 09:30, Anna Berg <anna@shop.example> escreveu:",
    "nl": "Op di 4 mrt 2025 om 09:30 schreef Anna Berg <anna@shop.example>:",
    "pl": "W dniu 4.03.2025 o 09:30, Anna Berg pisze:",
    "tr": "Anna Berg <anna@shop.example>, 4 Mar 2025 Sal, 09:30 tarihinde şunu yazdı:",
    "ru": "вт, 4 мар. 2025 г. в 09:30, Anna Berg <anna@shop.example> написал(а):",
    "ar": "في الثلاثاء، 4 مارس 2025 في 9:30 ص تمت كتابة ما يلي بواسطة Anna Berg <anna@shop.example>:",
    "hi": "मंगल, 4 मार्च 2025 को 9:30 am बजे को Anna Berg <anna@shop.example> ने लिखा:",
    "zh": "Anna Berg <anna@shop.example> 于2025年3月4日周二 09:30写道：",
    "ja": "2025/03/04 9:30、Anna Berg <anna@shop.example>のメール:",
    "en, no address": "On 04.03.2025 09:30, Anna Berg wrote:",
    "de, no address": "Am 04.03.25 um 09:30 schrieb Anna Berg:",
    "ja, no verb": "2025年3月4日(火) 9:30 Anna Berg <anna@shop.example>:",
    "two lines": "On Tue, Mar 4, 2025 at 9:30 AM Anna Berg\n<anna@shop.example> wrote:",
}
HEADERS = {
    "en": "From: Anna Berg\nSent: Tuesday\nTo: Shop\nSubject: RE: lamp",
    "de": "Von: Anna Berg\nGesendet: Dienstag\nAn: Shop\nBetreff: AW: Lampe",
    "fr": "De : Anna Berg\nEnvoyé : mardi\nÀ : Shop\nObjet : RE: lampe",
    "es": "De: Anna Berg\nEnviado el: martes\nPara: Shop\nAsunto: RE: lámpara",
    "it": "Da: Anna Berg\nInviato: martedì\nA: Shop\nOggetto: R: lampada",
    "pt": "De: Anna Berg\nEnviado: terça\nPara: Shop\nAssunto: RE: candeeiro",
    "nl": "Van: Anna Berg\nVerzonden: dinsdag\nAan: Shop\nOnderwerp: RE: lamp",
    "pl": "Od: Anna Berg\nWysłano: wtorek\nDo: Shop\nTemat: RE: lampa",
    "tr": "Kimden: Anna Berg\nGönderildi: Salı\nKime: Shop\nKonu: RE: lamba",
    "ru": "От: Anna Berg\nОтправлено: вторник\nКому: Shop\nТема: RE: лампа",
    "ar": "من: Anna Berg\nتاريخ الإرسال: الثلاثاء\nإلى: Shop\nالموضوع: مصباح",
    "hi": "प्रेषक: Anna Berg\nदिनांक: मंगलवार\nप्रति: Shop\nविषय: लैंप",
    "zh": "发件人： Anna Berg\n发送时间： 周二\n收件人： Shop\n主题： 台灯",
    "ja": "差出人: Anna Berg\n送信日時: 火曜日\n宛先: Shop\n件名: ランプ",
    "bold": "*From:* Anna Berg\n*Date:* Tuesday\n*To:* Shop\n*Subject:* lamp",
    "no subject": "From: Anna Berg <anna@shop.example>\nSent: Tuesday\nTo: Shop",
    "ruled": "________________________________\nFrom: Anna Berg\nSent: Tuesday\nSubject: lamp",
}
SEPARATORS = [
    "-----Original Message-----",
    "----- Ursprüngliche Nachricht -----",
    "-------- Message d'origine --------",
    "-----Mensaje original-----",
    "---------- Messaggio inoltrato ---------",
    "-----Mensagem original-----",
    "-----Oorspronkelijk bericht-----",
    "-----Wiadomość oryginalna-----",
    "-----Orijinal Mesaj-----",
    "-------- Исходное сообщение --------",
    "-----الرسالة الأصلية-----",
    "-----मूल संदेश-----",
    "------------------ 原始邮件 ------------------",
    "-----元のメッセージ-----",
    "Begin forwarded message:",
    "##- Please type your reply above this line -##",
    "##- Bitte geben Sie Ihre Antwort oberhalb dieser Zeile ein. -##",
]


@pytest.mark.parametrize(
    "mark", ["Anna <anna@shop.example> wrote:", *ATTRIBUTIONS.values(), *HEADERS.values(), *SEPARATORS]
)
def test_what_follows_an_earlier_mail_s_header_goes(mark: str) -> None:
    assert written_part(f"Where is it?\nI wait.\n\n{mark}\n\nIt left on Monday.\nAnna") == "Where is it?\nI wait."


@pytest.mark.parametrize("mark", [*ATTRIBUTIONS.values(), "Anna wrote:", "Zitat von Anna <anna@shop.example>:"])
def test_answers_below_and_between_quoted_lines_stay(mark: str) -> None:
    mail = f"{mark}\n> Which lamp is it?\n> And which colour?\n\nThe tall one.\n> And your address please?\nAs before."
    assert written_part(mail) == "The tall one.\nAs before."


@pytest.mark.parametrize("mark", ATTRIBUTIONS.values())
def test_an_author_s_line_that_begins_with_a_date_is_no_part_of_the_attribution(mark: str) -> None:
    assert written_part(f"On 3 May I ordered\n{mark}\n> Which lamp is it?") == "On 3 May I ordered"


@pytest.mark.parametrize("mark", [*HEADERS.values(), *SEPARATORS[:14]])
def test_a_mail_that_only_forwards_stays_whole(mark: str) -> None:
    assert written_part(f"{mark}\n\nIt left on Monday.") == f"{mark}\n\nIt left on Monday."


def test_a_reply_line_with_nothing_above_it_goes_alone() -> None:
    assert written_part(f"{SEPARATORS[-2]}\nWhere is it?") == "Where is it?"


def test_a_device_s_line_above_a_forwarded_mail_is_not_all_that_is_left() -> None:
    mail = f"Sent from my iPhone\n\nBegin forwarded message:\n\n{HEADERS['en']}\n\nWhere is it?"
    assert written_part(mail).endswith("Where is it?")


@pytest.mark.parametrize(
    "text",
    [
        "From: Berlin\nTo: Munich\nDate: 3 May\nHow much is it?",
        "Hello\nFrom: Berlin\nTo: Munich\nDate: 3 May\nHow much is it?",
        'Hi\nOn 3 May your colleague wrote:\n"we refund"\nWhere is my money?',
        "Hi\nI ordered at 9:30 on 4.3.2025 and your colleague wrote: soon.\nWhere is it?",
        "> 5 kg parcel, how much?\nThank you",
        "Please go to\n> Settings\n> Account\n> Save",
        "I am sad >:( and\n>:( again",
        "> Which lamp is it?\n> The tall one?",
        "Here is my original message: it is late",
        "Please type above this line",
    ],
)
def test_what_only_resembles_a_quote_stays(text: str) -> None:
    assert written_part(text) == text


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Get Outlook for Android",
        "Von meinem iPhone gesendet",
        "Gesendet mit der GMX Mail App",
        "Envoyé de mon iPhone",
        "Télécharger Outlook pour iOS",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Enviado do meu telemóvel Samsung",
        "Verzonden vanaf mijn iPhone",
        "Wysłane z iPhone'a",
        "iPhone'umdan gönderildi",
        "Отправлено с iPhone",
        "أرسلت من iPhone",
        "मेरे iPhone से भेजा गया",
        "发自我的iPhone",
        "從我的 iPhone 傳送",
        "iPhoneから送信",
    ],
)
def test_the_line_of_a_device_goes(line: str) -> None:
    assert written_part(f"Where is it?\n\n{line}") == "Where is it?"
    assert written_part(line) == line


def test_what_was_sent_from_a_town_stays() -> None:
    text = "Hi\nSent from Berlin on 3 May by courier\nSent from my iPhone, did you get it?"
    assert written_part(text) == text


@pytest.mark.parametrize(
    "notice",
    [
        "This e-mail and any attachments are confidential and intended solely for the person to whom it is addressed.",
        "Disclaimer: the contents of this message are confidential and may not be passed on to any other person at all.",
        "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, löschen Sie sie bitte.",
        "Ce message est confidentiel et destiné exclusivement à son destinataire ; merci de le détruire en cas d'erreur.",
        "Este mensaje es confidencial y va dirigido únicamente a su destinatario; si lo ha recibido por error, bórrelo.",
        "Questo messaggio è riservato ed è destinato solo alla persona indicata; se non è per voi vi preghiamo di eliminarlo.",
        "Esta mensagem é confidencial e destina-se apenas ao destinatário; se a recebeu por engano, elimine-a por favor.",
        "Dit bericht is vertrouwelijk en alleen bestemd voor de geadresseerde; hebt u het per ongeluk ontvangen, verwijder het.",
        "Ta wiadomość jest poufna i przeznaczona tylko dla adresata; jeśli nie są Państwo adresatem, prosimy ją usunąć.",
        "Bu e-posta gizli bilgiler içerir ve yalnızca alıcısı içindir; yanlışlıkla aldıysanız lütfen hemen silip bildiriniz.",
        "Это сообщение конфиденциально и предназначено только для его получателя; если вы получили его по ошибке, удалите.",
        "هذه الرسالة سرية ومخصصة فقط للشخص المرسل إليه وإذا وصلتك عن طريق الخطأ فيرجى حذفها وإبلاغنا بذلك",
        "यह ईमेल गोपनीय है और केवल प्राप्तकर्ता के लिए है; यदि यह आपको गलती से मिला है तो कृपया इसे हटा दें",
        "本邮件含有保密信息，仅限于收件人使用。如果您误收了本邮件，请立即删除。",
        "このメールには機密情報が含まれています。誤って受信された場合は削除してください。",
        "Please consider the environment before printing this e-mail.",
    ],
)
def test_legal_notices_go(notice: str) -> None:
    assert written_part(f"Where is it?\n\n{notice}") == "Where is it?"


def test_a_question_about_a_confidential_mail_stays() -> None:
    text = "Hello\n\nThis e-mail is confidential and I would like to know whether your company keeps it for long?"
    assert written_part(text) == text


@pytest.mark.parametrize(
    ("mail", "left"),
    [
        ("Where is it?\n-- \nAnna Berg\nShop", "Where is it?"),
        ("Where is it?\n--\nAnd can I return it?", "Where is it?\n--\nAnd can I return it?"),
        ("-- \nAnna", "-- \nAnna"),
        (
            "Where is it?\n\nViele Grüße\nAnna Berg\nTel.: +49 30 1234567\nanna@mail.example\nwww.agora.example",
            "Where is it?\n\nViele Grüße\nAnna Berg",
        ),
        ("Where is it?\nThanks,\nAnna\norder 48213\nanna@mail.example\n+49 30 1234567",) * 2,
        ("My number changed:\nTel.: +49 30 1234567\nanna@mail.example",) * 2,
        ("Thanks,\nAnna\nanna@mail.example",) * 2,
    ],
)
def test_a_signature_goes_and_what_an_author_tells_stays(mail: str, left: str) -> None:
    assert written_part(mail) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("[image: logo.png]\nTicket #4711\nWhere is it? [A1B2C3-D4E5]", "Where is it?"),
        ("Where is it? ref:_00D201abc._500201xyz:ref", "Where is it?"),
        ("CAUTION: This email originated from outside of the organization.\nWhere is it?", "Where is it?"),
        ("Where is it?\nThis email is a service from Agora. Delivered by Zendesk", "Where is it?"),
        ("Where is it?\n\nVirenfrei. www.avast.com", "Where is it?"),
        ("Ticket #4711", "Ticket #4711"),
        ("My ticket #4711 is open\nwhy?", "My ticket #4711 is open\nwhy?"),
        ("Anfrage #4711\nWann kommt sie?", "Wann kommt sie?"),
        ("Hi [see the picture: it is broken]\nbye", "Hi [see the picture: it is broken]\nbye"),
    ],
)
def test_texts_of_ticket_systems_go(text: str, left: str) -> None:
    assert written_part(text) == left
