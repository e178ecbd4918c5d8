"""What a table's columns hold, and what such columns and roles are usually called, in the languages we speak.

Names are compared by `folded`: case, spaces and signs do not count. Earlier names win where a table has several.
"""

from __future__ import annotations

from enum import Enum

from training.logs.dialogues import Role


class Field(str, Enum):
    """What of a conversation a column holds; the values are what `--map` takes."""

    TEXT = "text"
    ROLE = "role"
    CONVERSATION = "conversation"
    CUSTOMER = "customer"
    AGENT = "agent"
    AT = "at"
    LANGUAGE = "language"
    CHANNEL = "channel"
    RATING = "rating"
    RESOLVED = "resolved"
    TAGS = "tags"
    CUSTOMER_ID = "customer_id"


ALIASES = {"question": Field.CUSTOMER, "answer": Field.AGENT}

_NAMES = {
    Field.TEXT: (
        "text message body content message_text message_body utterance plain_body body_text nachricht texto mensaje mensagem"
        " messaggio testo bericht tekst wiadomość mesaj metin сообщение текст رسالة نص संदेश 消息 内容 文本 メッセージ 本文"
    ),
    Field.ROLE: (
        "role sender speaker author_role author_type sender_type author direction rolle absender rôle auteur expéditeur rol"
        " remitente autor ruolo mittente remetente afzender rola nadawca gönderen отправитель роль المرسل प्रेषक 角色 发送者"
        " 发送人 送信者"
    ),
    Field.CONVERSATION: (
        "conversation_id conversation dialogue_id dialog_id chat_id ticket_id thread_id session_id doc_id case_id ticket"
        " ticket_number unterhaltung gespräch_id vorgang ticketnummer id_conversación id_conversa id_conversazione gesprek_id"
        " id_rozmowy konuşma_id диалог id_диалога معرف_المحادثة 会话id 对话id 工单号 会話id チケット番号"
    ),
    Field.CUSTOMER: (
        "customer question customer_message customer_text user_message request query inquiry frage anfrage kundennachricht"
        " pregunta consulta domanda richiesta pergunta vraag klantvraag pytanie zapytanie soru вопрос запрос سؤال प्रश्न 问题"
        " 提问 質問 お問い合わせ内容"
    ),
    Field.AGENT: (
        "agent answer reply response agent_reply agent_message agent_text resolution_text antwort lösung réponse respuesta"
        " risposta resposta antwoord odpowiedź cevap yanıt ответ جواب إجابة رد उत्तर 回答 答案 回复 答复 返信"
    ),
    Field.AT: (
        "at timestamp created_at sent_at date_time datetime date time created zeitpunkt zeitstempel datum gesendet_am erstellt_am"
        " horodatage créé_le fecha creado data creato criado aangemaakt tarih дата время تاريخ दिनांक 时间 日期 创建时间 日時"
    ),
    Field.LANGUAGE: (
        "language lang locale source_language language_code sprache langue idioma lingua taal język dil язык لغة भाषा 语言 言語"
    ),
    Field.CHANNEL: "channel source_channel via kanal canal canale kanaal kanał канал قناة चैनल 渠道 チャネル",
    Field.RATING: (
        "rating csat satisfaction satisfaction_rating score stars bewertung note_client évaluation valoración valutazione"
        " avaliação beoordeling ocena puan оценка تقييم रेटिंग 评分 評価"
    ),
    Field.RESOLVED: (
        "resolved is_resolved solved status state gelöst résolu statut resuelto estado risolto stato resolvido opgelost"
        " rozwiązane çözüldü durum решено статус الحالة स्थिति 已解决 状态 解決済み"
    ),
    Field.TAGS: "tags labels tag label category schlagworte étiquettes etiquetas etichette etykiety etiketler метки 标签 タグ",
    Field.CUSTOMER_ID: (
        "customer_id user_id requester_id contact_id customer_email requester_email email kundennummer kunden_id id_client"
        " id_cliente klant_id id_klienta müşteri_id id_клиента 客户id 顧客id"
    ),
}
_ROLES = {
    Role.CUSTOMER: (
        "customer client user visitor end-user enduser requester contact buyer guest inbound incoming in kunde kundin nutzer"
        " cliente usuario usuário utente utilisateur client-e klant klient klientka müşteri клиент покупатель пользователь عميل"
        " ग्राहक 客户 用户 顾客 顧客 お客様"
    ),
    Role.AGENT: (
        "agent operator admin administrator support staff employee representative human advisor outbound outgoing out"
        " mitarbeiter mitarbeiterin berater agente operatore operador atendente conseiller conseillère medewerker konsultant"
        " temsilci оператор агент поддержка وكيل موظف एजेंट 客服 坐席 オペレーター 担当者"
    ),
    Role.BOT: "bot system assistant chatbot virtual-assistant robot automation sistema système sistem бот система 机器人 ボット",
}


def folded(name: str) -> str:
    """Letters and digits in one case.

    >>> folded(" Conversation-ID ") == folded("conversation_id")
    True
    """
    return "".join(one for one in name.casefold() if one.isalnum())


USUAL_NAMES = {field: tuple(map(folded, names.split())) for field, names in _NAMES.items()}
USUAL_ROLES = {folded(name): role for role, names in _ROLES.items() for name in names.split()}
