"""Small screens that ask: a command, a filter, a number, a confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import containers, screen, suggester, widgets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult


class Ask(screen.ModalScreen[str | None]):
    """One line of input; None when the user thinks better of it."""

    BINDINGS: ClassVar = [("escape", "cancel", "Cancel")]
    DEFAULT_CSS = """
    Ask { align: left bottom; background: transparent; }
    Ask > Horizontal { height: 1; background: $panel; }
    Ask Label { width: auto; color: $accent; padding: 0 0 0 1; }
    Ask Input { border: none; height: 1; padding: 0; width: 1fr; background: $panel; }
    """

    def __init__(self, sign: str, text: str = "", choices: Sequence[str] = ()) -> None:
        super().__init__()
        self._sign, self._text, self._choices = sign, text, choices

    def compose(self) -> ComposeResult:
        with containers.Horizontal():
            yield widgets.Label(self._sign, markup=False)
            yield widgets.Input(
                self._text, suggester=suggester.SuggestFromList(self._choices, case_sensitive=False) if self._choices else None
            )

    def on_input_submitted(self, event: widgets.Input.Submitted) -> None:
        self.dismiss(event.value.strip())

    def action_cancel(self) -> None:
        self.dismiss(None)


class Confirm(screen.ModalScreen[bool]):
    """A question answered by y or n; anything destructive asks here first, and Enter alone never means yes."""

    BINDINGS: ClassVar = [("y", "answer(True)", "Yes"), ("n,escape,q", "answer(False)", "No")]
    DEFAULT_CSS = """
    Confirm { align: center middle; }
    Confirm > Vertical { width: 64; max-width: 90%; height: auto; border: round $error; padding: 1 2; background: $surface; }
    Confirm Label { width: 100%; }
    """

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        with containers.Vertical():
            yield widgets.Label(self._question, markup=False)
            yield widgets.Label("\ny: yes   n: no", markup=False)

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)
