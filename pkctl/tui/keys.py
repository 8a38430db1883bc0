"""The keys of the monitor, as k9s has them: one row each, for bindings and for the help page alike."""

from __future__ import annotations

BROWSE = (
    ("colon", ":", "command", "Go to a kind, `:ns NAME`, or `:q`"),
    ("slash", "/", "filter", "Filter rows"),
    ("enter", "Enter", "open", "Go to what this object owns or runs"),
    ("escape", "Esc", "back", "Clear the filter, or go back"),
    ("d", "d", "describe", "Describe"),
    ("y", "y", "yaml", "YAML"),
    ("l", "l", "logs", "Logs"),
    ("p", "p", "previous_logs", "Logs of the container before the last restart"),
    ("s", "s", "shell", "Shell (pods), scale (workloads)"),
    ("e", "e", "edit", "Edit"),
    ("ctrl+d", "Ctrl-D", "delete", "Delete, after confirmation"),
    ("w", "w", "wide", "Wide columns"),
    ("0", "0", "all_namespaces", "All namespaces"),
    ("ctrl+r", "Ctrl-R", "reload", "Read again"),
    ("question_mark", "?", "help", "This help"),
    ("q", "q", "quit", "Quit"),
)
"""(Textual's name of the key, as shown, action, what it does)."""

READ = (
    ("escape", "Esc", "leave", "Back"),
    ("q", "q", "leave", "Back"),
    ("slash", "/", "search", "Search"),
    ("n", "n", "next_match", "Next match"),
    ("N", "N", "previous_match", "Previous match"),
    ("f", "f", "follow", "Follow the end (logs)"),
    ("g", "g", "top", "To the start"),
    ("G", "G", "bottom", "To the end"),
)
