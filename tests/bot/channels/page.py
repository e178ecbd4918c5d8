"""What the tests of the chat page do on it."""

from __future__ import annotations

from playwright.sync_api import Page


def say(page: Page, text: str) -> None:
    page.locator("#input").fill(text)
    page.locator("#input").press("Enter")


def bubbles(page: Page, of: str = "bot") -> list[str]:
    return page.locator(f"#log .{of} .bubble").all_inner_texts()
