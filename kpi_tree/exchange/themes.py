"""The colours that a drawn tree takes from the theme, for pictures made without a browser.

The same values as in ``.streamlit/config.toml``; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping

LIGHT: Mapping[str, str] = {
    "ink": "#1c2430",
    "ground": "#ffffff",
    "side": "#f3f5f8",
    "accent": "#4353c4",
    "good": "#1f7a4d",
    "warn": "#b3650b",
    "bad": "#b8323c",
    "calm": "#1f6fb5",
    "dull": "#66707f",
    "goodInk": "#17623d",
    "warnInk": "#8a4d05",
    "badInk": "#9b2530",
    "calmInk": "#175a94",
}
DARK: Mapping[str, str] = {
    "ink": "#e4e8ee",
    "ground": "#12161d",
    "side": "#1b212b",
    "accent": "#5c6ae6",
    "good": "#4fbf88",
    "warn": "#e29a45",
    "bad": "#ea6a72",
    "calm": "#5aa9e6",
    "dull": "#8f99a8",
    "goodInk": "#7fd8aa",
    "warnInk": "#f0b878",
    "badInk": "#f4989e",
    "calmInk": "#8fc5f0",
}
THEMES: Mapping[str, Mapping[str, str]] = {"light": LIGHT, "dark": DARK}
SETTINGS: Mapping[str, str] = {
    "ink": "textColor",
    "ground": "backgroundColor",
    "side": "secondaryBackgroundColor",
    "accent": "primaryColor",
    "good": "greenColor",
    "warn": "orangeColor",
    "bad": "redColor",
    "calm": "blueColor",
    "dull": "grayColor",
    "goodInk": "greenTextColor",
    "warnInk": "orangeTextColor",
    "badInk": "redTextColor",
    "calmInk": "blueTextColor",
}
"""Each colour's name in the theme's settings."""


def css_variables(theme: Mapping[str, str]) -> str:
    """The theme as the variables that the canvas' style sheet reads.

    >>> css_variables({"good": "#fff", "goodInk": "#eee"})
    '--st-green-color:#fff;--st-green-text-color:#eee;'
    """
    return "".join(f"--st-{_dashed(SETTINGS[name])}:{color};" for name, color in theme.items())


def _dashed(name: str) -> str:
    return "".join(f"-{char.lower()}" if char.isupper() else char for char in name)
