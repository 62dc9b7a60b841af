"""The words on the canvas, translated in Python and given to the browser as plain text."""

from __future__ import annotations

from functools import cache

from kpi_tree.i18n import Msg, msg, translate

# Fields in braces are filled in by the browser, so the messages carry no values here.
TEXTS: dict[str, Msg] = {
    "tree": msg("KPI tree"),
    "keys_hint": msg(
        "Arrow keys walk the tree. Escape, then Tab, leaves it. The question mark lists all keys."
    ),
    "tools": msg("Tools for the tree"),
    "search": msg("Find a KPI or an owner"),
    "found": msg("{at} of {count}"),
    "levels": msg("Levels"),
    "level": msg("Levels: {count}"),
    "level_all": msg("All levels"),
    "levels_shown": msg("Levels shown: {count}"),
    "tool_child": msg("Add a child (Tab)"),
    "tool_undo": msg("Undo (Ctrl+Z)"),
    "tool_redo": msg("Redo (Ctrl+Shift+Z)"),
    "tool_more": msg("All that can be done with the selected card"),
    "tool_in": msg("Zoom in (+)"),
    "tool_out": msg("Zoom out (−)"),
    "tool_fit": msg("Show the whole tree (0)"),
    "tool_lr": msg("Draw from left to right"),
    "tool_td": msg("Draw from top to bottom"),
    "tool_list": msg("Draw as a list"),
    "tool_full": msg("Full cards"),
    "tool_compact": msg("Compact cards"),
    "tool_save": msg("Save the tree as it is drawn"),
    "save_svg": msg("Save as SVG, sharp at any size"),
    "save_png": msg("Save as PNG"),
    "save_failed": msg("The picture could not be made. Close some branches and try again."),
    "kind_kgi": msg("Goal"),
    "kind_kpi": msg("KPI"),
    "kind_action": msg("Action"),
    "label_of": msg("{actual} of {target}"),
    "label_owner": msg("Owner: {owner}"),
    "label_below": msg("Below it: {count}"),
    "more_actions": msg("More actions: {count}"),
    "actions_of": msg("Actions of {name}"),
    "assumption": msg("Assumed, not measured"),
    "lint": msg("There is advice on this card"),
    "unread": msg("Said in the last two weeks"),
    "selected_count": msg("Selected: {count}"),
    "opened": msg("{name} opened, children: {count}"),
    "closed": msg("{name} closed, children: {count}"),
    "read_only": msg("This tree can be read and not changed."),
    "rename_label": msg("New name for {name}"),
    "new_name": msg("Name of the new card"),
    "offers": msg("Names to choose from"),
    "menu_of": msg("What to do with {name}"),
    "menu_open": msg("Open the KPI's page"),
    "menu_close": msg("Close the branch"),
    "menu_branch": msg("Open the branch"),
    "menu_rename": msg("Rename"),
    "menu_child": msg("Add a KPI below"),
    "menu_action": msg("Add an action"),
    "menu_sibling": msg("Add one beside it"),
    "menu_earlier": msg("Move one place earlier"),
    "menu_later": msg("Move one place later"),
    "menu_move": msg("Move to another parent"),
    "menu_delete": msg("Delete"),
    "pick_parent": msg("Choose the new parent"),
    "cancel": msg("Cancel"),
    "close": msg("Close"),
    "root_stays": msg("The goal at the root of the tree stays."),
    "deleted": msg("Deleted: {name}"),
    "deleted_more": msg("Deleted: {name} and {count} below it"),
    "deleted_many": msg("Deleted: {name}, and besides: {count}"),
    "undo": msg("Undo"),
    "undo_sent": msg("Undone"),
    "redo_sent": msg("Redone"),
    "unanswered": msg("No answer yet. Changes that wait: {count}"),
    "send_again": msg("Send again"),
    "left_unsent": msg("Changes of yours that had no answer when this page was left: {count}"),
    "discard": msg("Discard"),
    "cannot_move": msg("It cannot hang there: that would close a circle, or actions cannot have children."),
    "ask_formula": msg("{name} is part of the formula of {old}. What shall it be below {parent}?"),
    "as_influence": msg("An influence on {parent}; {old} is computed without it"),
    "as_formula": msg("Part of the formula of {parent}; {old} is computed without it"),
    "as_both": msg("Both: it stays in the formula of {old} and influences {parent}"),
    "left_formula": msg("{name} left the formula of {parent}"),
    "moved": msg("{name} now hangs under {parent}"),
    "dragging": msg("Moving {name}. Escape gives up."),
    "cut": msg("Cut: {count}. Ctrl+V on the new parent puts it there."),
    "tab_free": msg("Tab now leaves the tree."),
    "keys": msg("Keys and gestures"),
    "keys_table": msg(
        "← ↑ → ↓|Walk the tree\n"
        "Space|Open or close a branch\n"
        "Enter|Rename\n"
        "Tab|Add a KPI below\n"
        "Shift+Enter|Add one beside it\n"
        "A|Add an action\n"
        "Alt+↑ Alt+↓|Move among its siblings\n"
        "Ctrl+X Ctrl+V|Move to another parent\n"
        "Delete|Delete\n"
        "Ctrl+Z Ctrl+Shift+Z|Undo, redo\n"
        "Shift+↑ Ctrl+A|Select several\n"
        "Ctrl+Enter|Open the KPI's page\n"
        "/|Find\n"
        "+ − 0|Zoom in, out, whole tree\n"
        "Shift+F10|Menu of the card\n"
        "Esc Tab|Leave the tree\n"
    ),
}


@cache
def canvas_texts(lang: str = "en") -> dict[str, str]:
    """Every word the canvas shows, in a language. Do not change the dict given back.

    >>> canvas_texts()["menu_rename"]
    'Rename'
    """
    return {key: translate(message, lang) for key, message in TEXTS.items()}
