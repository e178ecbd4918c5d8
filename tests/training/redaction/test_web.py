"""Links that carry a secret go whole, links to a page stay; IP addresses are those that the standard library reads."""

from __future__ import annotations

import pytest

from tests.training.redaction.found import found
from training.redaction.personal import Kind
from training.redaction.web import is_secret


@pytest.mark.parametrize(
    "link",
    [
        "https://shop.example/reset?token=abc123",
        "https://shop.example/u?email=k%40web.de",
        "http://shop.example/login?next=/&session=9f8e7d",
        "https://anna:geheim@shop.example/",
        "https://shop.example/i/3f2a9c71-55d0-4b7e-9a10-6d2f0c8b1e44",
        "www.shop.example/r/aZ93kQx81LmT04",
        "https://shop.example/unsubscribe/9d8a7c6b5e",
    ],
)
def test_a_link_with_a_secret_is_found_whole(link: str) -> None:
    assert found(f"hier: {link}, danke", Kind.URL) == [link]


@pytest.mark.parametrize(
    "link",
    [
        "https://shop.example/returns",
        "https://shop.example/shoes/air-runner-2024?colour=red&size=42",
        "https://shop.example/help/how-do-i-change-my-delivery-address",
        "www.shop.example",
    ],
)
def test_a_link_to_a_page_stays(link: str) -> None:
    assert not is_secret(link)
    assert found(link, Kind.URL) == []


@pytest.mark.parametrize("address", ["203.0.113.9", "2001:db8::8a2e:370:7334", "fe80::1"])
def test_ip_addresses_are_found(address: str) -> None:
    assert found(f"from {address}.", Kind.IP_ADDRESS) == [address]
    assert found(f"登录{address}异常", Kind.IP_ADDRESS) == [address]


@pytest.mark.parametrize("text", ["version 1.2.3.4", "v10.0.0.1", "1.2.3.400", "10:30:45", "ratio 3::", "am 1.2.2024"])
def test_versions_times_and_days_are_no_ip_addresses(text: str) -> None:
    assert found(text, Kind.IP_ADDRESS) == []
