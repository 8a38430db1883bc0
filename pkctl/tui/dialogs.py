"""Small screens that ask: a command, a filter, a number, one of several, a confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import binding, containers, screen, suggester, widgets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.app import ComposeResult


class Line(widgets.Input):
    """A line of text that takes keys in the order in which they come; Textual alone lets a letter overtake a deletion before it."""

    EDITS: ClassVar[dict[str, str]] = {
        key: each.action for each in widgets.Input.BINDINGS if isinstance(each, binding.Binding) for key in each.key.split(",")
    }

    async def on_key(self, event: events.Key) -> None:
        if event.key in self.EDITS:
            event.stop()
            event.prevent_default()
            await self.run_action(self.EDITS[event.key])


class Ask(screen.ModalScreen[str | None]):
    """One line of input at the foot; None when the user thinks better of it.

    `choices` are suggested as they fit, `before` are earlier answers to come back to, `typing` is told of every change.
    """

    BINDINGS: ClassVar[list[Any]] = [
        ("escape", "cancel", "Cancel"),
        binding.Binding("tab", "complete", "Complete", priority=True),
        ("up", "recall(-1)", "Earlier"),
        ("down", "recall(1)", "Later"),
    ]
    DEFAULT_CSS = """
    Ask { align: left bottom; background: transparent; }
    Ask > Vertical { height: auto; }
    Ask #choices { height: 1; width: 100%; padding: 0 1; background: $panel; color: $text-muted; text-wrap: nowrap; }
    Ask Horizontal { height: 1; background: $panel; }
    Ask Horizontal Label { width: auto; color: $accent; padding: 0 0 0 1; }
    Ask Input, Ask Input:focus { border: none; height: 1; padding: 0; width: 1fr; background: $panel; }
    """

    def __init__(
        self,
        sign: str,
        text: str = "",
        choices: Sequence[str] = (),
        *,
        before: Sequence[str] = (),
        typing: Callable[[str], None] = lambda _: None,
    ) -> None:
        super().__init__()
        self._sign, self._text, self._choices, self._before, self._typing = sign, text, choices, before, typing
        self._at = len(before)

    def compose(self) -> ComposeResult:
        with containers.Vertical():
            if self._choices:
                yield widgets.Label("", id="choices", markup=False)
            with containers.Horizontal():
                yield widgets.Label(self._sign, markup=False)
                first = suggester.SuggestFromList(self._choices, case_sensitive=False) if self._choices else None
                yield Line(self._text, suggester=first, select_on_focus=not self._choices and self._sign != "/")

    def on_mount(self) -> None:
        self._show_choices(self._text)

    def on_input_changed(self, event: widgets.Input.Changed) -> None:
        self._show_choices(event.value)
        self._typing(event.value)

    def _show_choices(self, text: str) -> None:
        if self._choices:
            wanted = text.strip().lower()
            shown = [word for word in self._choices if word.startswith(wanted)] if " " not in text.strip() else []
            self.query_one("#choices", widgets.Label).update("  ".join(shown))

    def on_input_submitted(self, event: widgets.Input.Submitted) -> None:
        self.dismiss(event.value.strip())

    def action_complete(self) -> None:
        self.query_one(widgets.Input).action_cursor_right()

    def action_recall(self, step: int) -> None:
        if self._before:
            self._at = max(0, min(self._at + step, len(self._before)))
            box = self.query_one(widgets.Input)
            box.value = self._before[self._at] if self._at < len(self._before) else ""
            box.cursor_position = len(box.value)

    def action_cancel(self) -> None:
        self.dismiss(None)


class Choose(screen.ModalScreen[str | None]):
    """One of several words; None when the user thinks better of it."""

    BINDINGS: ClassVar[list[Any]] = [("escape,q", "cancel", "Cancel"), ("j", "step(1)", "Down"), ("k", "step(-1)", "Up")]
    DEFAULT_CSS = """
    Choose { align: center middle; }
    Choose > Vertical { width: 48; max-width: 90%; height: auto; max-height: 80%; border: round $primary; background: $surface; }
    Choose OptionList, Choose OptionList:focus { height: auto; max-height: 12; border: none; background: $surface; }
    Choose Label { padding: 0 1; }
    """

    def __init__(self, title: str, words: Sequence[str]) -> None:
        super().__init__()
        self._title, self._words = title, list(words)

    def compose(self) -> ComposeResult:
        with containers.Vertical():
            yield widgets.Label(self._title, markup=False)
            yield widgets.OptionList(*self._words, markup=False)

    def on_option_list_option_selected(self, event: widgets.OptionList.OptionSelected) -> None:
        self.dismiss(self._words[event.option_index])

    def action_step(self, step: int) -> None:
        options = self.query_one(widgets.OptionList)
        options.action_cursor_down() if step > 0 else options.action_cursor_up()

    def action_cancel(self) -> None:
        self.dismiss(None)


class Confirm(screen.ModalScreen[bool]):
    """A question answered by y or n; anything destructive asks here first, and Enter alone never means yes."""

    BINDINGS: ClassVar[list[Any]] = [("y", "answer(True)", "Yes"), ("n,escape,q", "answer(False)", "No")]
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
