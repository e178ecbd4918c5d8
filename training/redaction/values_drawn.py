"""Personal values as people of a country write them, drawn at random: for messages with slots (`training.redaction.filling`).

Faker draws names, towns, account numbers and identity numbers with their checks; how they are written (grouped, bare, in
lower case, with a country code) is drawn here.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

CURRENCIES = {"en": "GBP", "pl": "PLN", "tr": "TRY", "ru": "RUB", "ar": "SAR", "hi": "INR", "zh": "CNY", "ja": "JPY"}
_DATES = ("short", "medium", "long")
_ONSETS = (
    "b", "d", "f", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "dr", "kl", "pl", "st", "tr", "qu", "sh",
)  # fmt: skip
_COMPANY_ENDS = (
    "24", " Shop", " Online", " Home", " Store", " Group", ".com", " & Co", " Express", " GmbH", " Ltd", " SA",
)  # fmt: skip
_SURNAME_FIRST = ("ja", "zh")
_SHOP_LINKS = (
    "https://shop.example/reset?token={}",
    "https://www.example.com/order/track?key={}&lang=en",
    "https://account.example.org/login?session={}",
    "http://example.net/u/verify/{}",
    "https://pay.example.com/i/{}?auth=1",
)


@dataclass(slots=True)
class Values:
    """Values of one message, all of one country."""

    faker: Any
    draw: random.Random
    places: Mapping[str, Sequence[str]] | None
    products: Sequence[str]
    companies: Sequence[str]
    names: Mapping[str, Sequence[str]] | None = None
    """`first` and `last` names beside Faker's: every second one is of these."""
    coins: bool = False
    """Whether every second company is a coined one."""

    def of(self, slot: str, language: str) -> str:
        """A value for a slot; raises KeyError for an unknown one."""
        return _DRAWN[slot](self, language)


def _first_name(values: Values, language: str) -> str:
    return _listed(values, "first") or str(values.faker.first_name())


def _last_name(values: Values, language: str) -> str:
    return _listed(values, "last") or str(values.faker.last_name())


def _listed(values: Values, part: str) -> str | None:
    return values.draw.choice(values.names[part]) if values.names and values.draw.random() < 0.5 else None


def _name(values: Values, language: str) -> str:
    """First and last name of one gender, in the order of the language; now and then in lower case or with an initial."""
    gender = values.draw.choice(("male", "female"))
    first = _listed(values, "first") or str(getattr(values.faker, f"first_name_{gender}")())
    last = _listed(values, "last") or str(getattr(values.faker, f"last_name_{gender}", values.faker.last_name)())
    if language in _SURNAME_FIRST:
        return f"{last}{values.draw.choice(('', ' ', '　')) if language == 'ja' else ''}{first}"
    way = values.draw.random()
    if way < 0.08:
        return f"{first[0]}. {last}"
    if way < 0.16:
        return f"{first} {last}".lower()
    return f"{last} {first}" if way < 0.22 else f"{first} {last}"


def _street(values: Values, language: str) -> str:
    if values.places:
        return _other_numbers(values.draw.choice(values.places["streets"]), values.draw)
    return " ".join(str(values.faker.street_address()).split()).rstrip(" ,")


def _city(values: Values, language: str) -> str:
    return values.draw.choice(values.places["cities"]) if values.places else str(values.faker.city())


def _postcode(values: Values, language: str) -> str:
    if values.places:
        return _other_numbers(values.draw.choice(values.places["postcodes"]), values.draw)
    return str(values.faker.postcode())


def _other_numbers(text: str, draw: random.Random) -> str:
    """Other digits of the same script: the first of a number is not 0."""

    def other(number: re.Match[str]) -> str:
        zero = ord(number[0][0]) - int(number[0][0])
        return "".join(chr(zero + draw.randrange(at == 0, 10)) for at in range(len(number[0])))

    return re.sub(r"\d+", other, text)


def _address(values: Values, language: str) -> str:
    street, city, code = (part(values, language) for part in (_street, _city, _postcode))
    if language == "ja":
        return f"{values.draw.choice((f'〒{code} ', ''))}{city}{street}"
    if language == "zh":
        return f"{city}{street}"
    if language == "ru":
        return f"{values.draw.choice((f'{code}, ', ''))}{city}, {street}"
    if language in ("en", "hi", "ar"):
        return f"{street}{'،' if language == 'ar' else ','} {city} {code}"
    return f"{street}, {code} {city}"


def _phone(values: Values, language: str) -> str:
    """Faker's, without extensions; `tr` and `ar` in the groups of their countries."""
    digits = "".join(values.draw.choice(string.digits) for _ in range(9))
    three, pairs = f"{digits[:3]} {digits[3:6]}", f"{digits[6:8]} {digits[8]}1"
    if language == "tr":
        return values.draw.choice((f"0{three} {pairs}", f"+90 5{digits[:2]} {digits[2:5]} {digits[5:7]} {digits[7:]}"))
    if language == "ar":
        saudi, egyptian = f"+966 5{digits[0]} {digits[1:4]} {digits[4:8]}", f"010{digits[:8]}"
        return values.draw.choice((f"05{digits[:8]}", saudi, egyptian))
    return str(values.faker.phone_number()).split("x")[0].strip()


def _email(values: Values, language: str) -> str:
    left = values.faker.unique.ascii_safe_email().split("@")[0]
    address = f"{left}@{values.draw.choice(('mail.example', 'example.com', 'example.org', 'post.example.net'))}"
    return address.upper() if values.draw.random() < 0.05 else address


def _iban(values: Values, language: str) -> str:
    """Grouped by fours, bare, or in lower case. Faker has no account numbers of countries without them: then a German one."""
    from faker import Faker

    written = str(values.faker.iban())
    if not written[2:4].isdigit() or written[:2] in ("RU", "GB", "BR"):
        other = Faker(values.draw.choice(("de_DE", "fr_FR", "nl_NL", "pl_PL", "it_IT", "es_ES")))
        other.seed_instance(values.draw.random())
        written = str(other.iban())
    grouped = " ".join(written[at : at + 4] for at in range(0, len(written), 4))
    return values.draw.choice((written, grouped, grouped, written.lower()))


def _card(values: Values, language: str) -> str:
    from stdnum import luhn

    body = values.draw.choice(("4", "51", "54", "2221"))
    body += "".join(values.draw.choice(string.digits) for _ in range(15 - len(body)))
    digits = body + luhn.calc_check_digit(body)
    between = values.draw.choice(("", " ", "-"))
    return between.join(digits[at : at + 4] for at in range(0, len(digits), 4))


def _national_id(values: Values, language: str) -> str:
    """The number of a person in each country, with its check."""
    faker, locale = values.faker, values.faker.locales[0]
    by_locale: dict[str, Callable[[], Any]] = {
        "en_GB": lambda: faker.ssn(),
        "en_IN": lambda: _aadhaar(values),
        "hi_IN": lambda: _aadhaar(values),
        "es_ES": lambda: faker.nif(),
        "pt_BR": lambda: faker.cpf(),
        "pt_PT": lambda: _nif(values),
        "de_DE": lambda: _tax_id(values),
        "ru_RU": lambda: _inn(values),
        "ja_JP": lambda: _my_number(values),
    }
    if language == "ar":
        return f"{values.draw.choice('12')}{''.join(values.draw.choice(string.digits) for _ in range(9))}"
    return str(by_locale.get(locale, faker.ssn)())


def _aadhaar(values: Values) -> str:
    from stdnum import verhoeff

    digits = values.draw.choice("23456789") + "".join(values.draw.choice(string.digits) for _ in range(10))
    whole = digits + verhoeff.calc_check_digit(digits)
    return f"{whole[:4]} {whole[4:8]} {whole[8:]}" if values.draw.random() < 0.7 else whole


def _nif(values: Values) -> str:
    from stdnum.pt import nif

    digits = values.draw.choice("123") + "".join(values.draw.choice(string.digits) for _ in range(7))
    return digits + str(nif.calc_check_digit(digits))


def _tax_id(values: Values) -> str:
    """A German tax identification number: one digit of the first ten twice, another missing (ISO 7064 check)."""
    from stdnum.iso7064 import mod_11_10

    digits = values.draw.sample(string.digits, 9)
    if digits[0] == "0":
        digits[0], digits[1] = digits[1], digits[0]
    place = values.draw.randrange(2, 9)
    digits.insert(place, digits[values.draw.randrange(place - 1)])
    body = "".join(digits)
    return body + str(mod_11_10.calc_check_digit(body))


def _inn(values: Values) -> str:
    from stdnum.ru import inn

    body = "77" + "".join(values.draw.choice(string.digits) for _ in range(8))
    return body + inn.calc_personal_check_digits(body)


def _my_number(values: Values) -> str:
    """Japan's individual number; its check digit by the ministry's weights."""
    body = [int(values.draw.choice(string.digits)) for _ in range(11)]
    total = sum(digit * (place + 1 if place <= 6 else place - 5) for place, digit in enumerate(reversed(body), 1))
    check = 0 if total % 11 <= 1 else 11 - total % 11
    return "".join(map(str, [*body, check]))


def _order_number(values: Values, language: str) -> str:
    digits = "".join(values.draw.choice(string.digits) for _ in range(8))
    made = (
        digits[:5],
        f"#{digits[:6]}",
        f"DE-20{digits[:2]}-{digits[2:6]}",
        f"AG{digits[:6]}",
        digits,
        f"{digits[:3]}-{digits[:7]}",
    )
    return values.draw.choice(made)


def _customer_number(values: Values, language: str) -> str:
    digits = "".join(values.draw.choice(string.digits) for _ in range(7))
    return values.draw.choice((digits, f"K-{digits[:6]}", f"C{digits[:5]}", digits[:6]))


def _ip(values: Values, language: str) -> str:
    return str(values.faker.ipv4() if values.draw.random() < 0.75 else values.faker.ipv6())


def _link(values: Values, language: str) -> str:
    token = "".join(
        values.draw.choice(string.ascii_letters + string.digits) for _ in range(values.draw.randrange(20, 36))
    )
    return values.draw.choice(_SHOP_LINKS).format(token)


def _password(values: Values, language: str) -> str:
    return str(values.faker.password(length=values.draw.randrange(8, 14), special_chars=values.draw.random() < 0.6))


def _date(values: Values, language: str) -> str:
    from babel.dates import format_date

    day = date(2026, 1, 1) - timedelta(days=values.draw.randrange(700))
    return format_date(day, values.draw.choice(_DATES), locale=language)


def _amount(values: Values, language: str) -> str:
    from babel.numbers import format_currency

    value = round(values.draw.uniform(3, 1500), 2)
    return format_currency(value, CURRENCIES.get(language, "EUR"), locale=language)


def _company(values: Values, language: str) -> str:
    return _coined(values.draw) if values.coins and values.draw.random() < 0.5 else values.draw.choice(values.companies)


def _coined(draw: random.Random) -> str:
    """A name of no meaning in Latin letters, as shops and apps have them in every country: Velora, Nimbo24, Takari Home."""
    sound = "".join(draw.choice(_ONSETS) + draw.choice("aeiou") for _ in range(draw.choice((2, 2, 3))))
    name = (sound + draw.choice(("", "", "", "n", "x", "r", "l", "s"))).capitalize()
    return name + draw.choice(("", "", "", *_COMPANY_ENDS))


def _product(values: Values, language: str) -> str:
    return values.draw.choice(values.products)


_DRAWN: Mapping[str, Callable[[Values, str], str]] = {
    "name": _name,
    "first_name": _first_name,
    "last_name": _last_name,
    "address": _address,
    "street": _street,
    "postcode": _postcode,
    "city": _city,
    "phone": _phone,
    "email": _email,
    "iban": _iban,
    "card": _card,
    "national_id": _national_id,
    "order_number": _order_number,
    "customer_number": _customer_number,
    "ip": _ip,
    "link": _link,
    "password": _password,
    "date": _date,
    "amount": _amount,
    "company": _company,
    "product": _product,
}
