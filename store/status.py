"""The status of an answer template, as the contract has it; both the database and the index speak of it."""

from __future__ import annotations

from enum import Enum


class Status(str, Enum):
    """Only APPROVED templates are served unless a setting lets MINED ones through."""

    MINED = "mined"
    APPROVED = "approved"
    RETIRED = "retired"
