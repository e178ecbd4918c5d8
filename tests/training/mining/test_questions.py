"""What of a customer's words says what is needed, in the languages of the logs."""

from __future__ import annotations

import pytest

from training.mining.questions import need_of


@pytest.mark.parametrize(
    "sent",
    [
        "Meine Bestellnummer ist [order_number:4F7K]",
        "ok. [name:AAAA], c/o [name:BBBB], [address:CCCC]",
        "sí, el número de pedido es 48213",
        "oui c'est le numéro 48213",
        "हाँ, मेरा ऑर्डर नंबर 48213 है",
        "注文番号は48213です",
        "我的订单号是48213",
        "رقم الطلب هو 48213",
    ],
)
def test_data_alone_is_no_need(sent: str) -> None:
    assert need_of(sent) == ""


@pytest.mark.parametrize(
    ("sent", "need"),
    [
        ("Bestellung 48213 stornieren", "Bestellung stornieren"),
        ("取消订单48213", "取消订单"),
        ("الغاء الطلب 48213", "الغاء الطلب"),
        ("मेरा ऑर्डर 48213 कहाँ है", "मेरा ऑर्डर कहाँ है"),
        ("Hi, order 48213. Where is it?", "Where is it?"),
    ],
)
def test_what_is_wanted_stays_without_the_value(sent: str, need: str) -> None:
    assert need_of(sent) == need
