"""The keys of the monitor, as k9s has them: one row each, for bindings and for the help page alike."""

from __future__ import annotations

BROWSE = (
    ("colon", ":", "command", "Go to a kind (:deploy demo), :ns NAME, :q"),
    ("slash", "/", "filter", "Filter rows; !x for all others, -l a=b for labels"),
    ("enter", "Enter", "open", "Go to what this object owns or runs"),
    ("escape", "Esc", "back", "Clear the filter, or go back"),
    ("d", "d", "describe", "Describe"),
    ("y", "y", "yaml", "YAML"),
    ("l", "l", "logs", "Logs"),
    ("p", "p", "previous_logs", "Logs of the container before its last restart"),
    ("s", "s", "shell", "Shell (pods), scale (workloads)"),
    ("e", "e", "edit", "Edit"),
    ("r", "r", "restart", "Restart the pods of a workload, after confirmation"),
    ("x", "x", "decode", "Show a Secret's values"),
    ("ctrl+d", "Ctrl-D", "delete", "Delete, after confirmation"),
    ("w,ctrl+w", "w", "wide", "Wide columns, uncut"),
    ("0", "0", "namespace(0)", "All namespaces"),
    ("1,2,3,4,5,6,7,8,9", "1-9", "namespace", "The namespace of that number"),
    ("N", "Shift-N", "sort('NAME')", "Sort by name; again: the other way round"),
    ("A", "Shift-A", "sort('AGE')", "Sort by age"),
    ("S", "Shift-S", "sort('STATUS')", "Sort by status"),
    ("ctrl+r", "Ctrl-R", "reload", "Read again"),
    ("question_mark", "?", "help", "This help"),
    ("q", "q", "quit", "Quit, as Ctrl-C does"),
)
"""(Textual's name of the key, as shown, action, what it does)."""

MOVE = (
    ("up,k", "k Up", "up", "A row up"),
    ("down,j", "j Down", "down", "A row down"),
    ("left,h", "h Left", "left", "To the left"),
    ("right", "Right", "right", "To the right"),
    ("pageup,ctrl+b", "PgUp", "page(-1)", "A page up"),
    ("pagedown,ctrl+f,space", "PgDn", "page(1)", "A page down"),
    ("home,g", "g Home", "top", "To the start"),
    ("end,G", "G End", "bottom", "To the end"),
)
"""In rows and texts alike."""

READ = (
    ("escape", "Esc", "back", "Clear the search, or go back"),
    ("q", "q", "leave", "Back"),
    ("slash", "/", "search", "Search"),
    ("n", "n", "match(1)", "Next match"),
    ("N", "N", "match(-1)", "Previous match"),
    ("w", "w", "wrap", "Wrap long lines"),
    ("ctrl+r", "Ctrl-R", "reload", "Read again"),
    ("question_mark", "?", "help", "This help"),
)

LOG = (
    ("f,s", "f", "follow", "Follow the end"),
    ("p", "p", "previous", "The container before its last restart, or the present one"),
    ("t", "t", "timestamps", "Timestamps"),
    ("c", "c", "container", "Another container"),
)
"""In logs, beside those of texts."""

HINTS = ": kind  / filter  d describe  y yaml  l logs  s shell  e edit  ^D delete  ? help"
READ_HINTS = "Esc back  / search  n N matches  w wrap  ? help"
LOG_HINTS = "Esc back  / search  f follow  w wrap  t times  p previous  c container  ? help"


def page() -> str:
    """The help: every key and what it does."""
    groups = (("Rows", BROWSE), ("Moving", MOVE), ("Texts", READ), ("Logs", LOG))
    width = max(len(shown) for _, rows in groups for _, shown, _, _ in rows)
    lines: list[str] = []
    for title, rows in groups:
        lines += [*([""] if lines else []), f"{title}:", *(f"  {shown:<{width}}  {text}" for _, shown, _, text in rows)]
    return "\n".join(lines)
