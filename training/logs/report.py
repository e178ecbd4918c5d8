"""How many rows came from where, and what was left out: counts for a person to read, nothing of the texts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from training.logs.dialogues import Fault
from training.redaction.personal import Kind

N_FAULTS_KEPT = 20


@dataclass(slots=True)
class Report:
    """Counts of one reading.

    Attributes:
        n_dialogues: conversations read.
        n_turns: their turns.
        n_reviewed: classifier rows with a label that a person reviewed.
        n_confirmed: classifier rows with the model's own guess, borne out by the conversation.
        n_from_agents: pairs whose answer a person wrote.
        n_from_bot: pairs whose answer was a template that the bot said.
        n_masked: values replaced in these rows, by kind.
        n_left_out: rows that could have been, by the reason why they are none.
        n_faults: rows of the source that could not be read.
        faults: the first of them.
    """

    n_dialogues: int = 0
    n_turns: int = 0
    n_reviewed: int = 0
    n_confirmed: int = 0
    n_from_agents: int = 0
    n_from_bot: int = 0
    n_masked: Counter[Kind] = field(default_factory=Counter)
    n_left_out: Counter[str] = field(default_factory=Counter)
    n_faults: int = 0
    faults: list[Fault] = field(default_factory=list)

    def add_fault(self, fault: Fault) -> None:
        """Counts it, and keeps it while there are few."""
        self.n_faults += 1
        if len(self.faults) < N_FAULTS_KEPT:
            self.faults.append(fault)

    def lines(self) -> list[str]:
        """The counts in words, then the first faults."""
        masked = ", ".join(f"{self.n_masked[kind]} {kind.value}" for kind in Kind if self.n_masked[kind]) or "none"
        left_out = ", ".join(f"{n} {reason}" for reason, n in sorted(self.n_left_out.items())) or "none"
        unseen = self.n_faults - len(self.faults)
        return [
            f"conversations: {self.n_dialogues} with {self.n_turns} turns",
            f"classifier rows: {self.n_reviewed} reviewed, {self.n_confirmed} confirmed by the conversation",
            f"question and answer pairs: {self.n_from_agents} by agents, {self.n_from_bot} by templates",
            f"personal values masked: {masked}",
            f"left out: {left_out}",
            f"unreadable rows: {self.n_faults}",
            *(f"  {fault}" for fault in self.faults),
            *([f"  and {unseen} more"] if unseen else []),
        ]
