"""What a person's hands do on a page, counted as the Keystroke-Level Model does, so that no clock is needed.

K a key, P pointing with the mouse, B a click, H from mouse to keyboard or back, M making up one's mind.
Source: Card, Moran and Newell (1980); the times are those of an average typist who is no expert.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

#: Seconds per operator.
SECONDS = {"K": 0.28, "P": 1.1, "B": 0.2, "H": 0.4, "M": 1.35}
MOUSE, KEYS = "mouse", "keys"


@dataclass(slots=True)
class Hands:
    """Acts and counts. `steps`: what was done, one word each; `counts`: operators."""

    page: Page
    at: str = MOUSE
    steps: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SECONDS, 0))

    def click(self, what: Locator, *, thought: bool = True) -> None:
        """Point at it and click. `thought`: whether it takes a decision."""
        self._on(MOUSE)
        self._count("P", "B", *(["M"] if thought else []))
        self.steps.append("click")
        what.click()

    def choose(self, what: Locator, value: str) -> None:
        """Open a list and take a value of it."""
        self._on(MOUSE)
        self._count("P", "B", "M", "P", "B")
        self.steps.append("choose")
        what.select_option(value)

    def write(self, what: Locator, text: str) -> None:
        """Click into a field and type."""
        self.click(what)
        self._on(KEYS)
        self._count(*["K"] * len(text))
        self.steps[-1] = "write"
        what.press_sequentially(text)

    @property
    def seconds(self) -> float:
        """The estimate."""
        return sum(SECONDS[name] * number for name, number in self.counts.items())

    def table(self) -> str:
        """The counts and their times as a table."""
        lines = [f"| {name} | {number} | {SECONDS[name] * number:.1f} |" for name, number in self.counts.items()]
        head = "| Handeling | Aantal | Seconden |\n|---|---|---|\n"
        return head + "\n".join(lines) + f"\n| samen | {sum(self.counts.values())} | {self.seconds:.0f} |\n"

    def _on(self, where: str) -> None:
        if self.at != where:
            self._count("H")
            self.at = where

    def _count(self, *operators: str) -> None:
        for name in operators:
            self.counts[name] += 1
