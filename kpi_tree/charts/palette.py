"""Colours of a chart, by what they mean. Charts have no background of their own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """One colour for each meaning; status colours are for status only.

    Attributes:
        actual: what was measured. path: what is expected. forecast: what is likely to come.
        target: the goal itself. baseline: where it started. muted: axis texts and quiet marks.
        grid: lines behind. text: labels. good, bad: gaps on the right and on the wrong side.
        series: further series side by side. last_year: the same days a year before.
        ground: what a picture of its own stands on.
    """

    actual: str
    path: str
    forecast: str
    target: str
    baseline: str
    muted: str
    grid: str
    text: str
    good: str
    bad: str
    series: tuple[str, ...]
    last_year: str = "#b98a52"
    ground: str = "#ffffff"


LIGHT = Palette(
    actual="#4353c4",
    path="#66707f",
    forecast="#8a96e6",
    target="#1c2430",
    baseline="#a0a8b4",
    muted="#525c6a",
    grid="#e3e7ed",
    text="#1c2430",
    good="#1f7a4d",
    bad="#b8323c",
    series=("#4353c4", "#c7803a", "#3c8f86", "#a2558f", "#7c8696", "#8a9a3b", "#4f8bc1"),
)

DARK = Palette(
    actual="#9da8ff",
    path="#9aa5b5",
    forecast="#7480e0",
    target="#e4e8ee",
    baseline="#6d7888",
    muted="#aab4c2",
    grid="#2e3643",
    text="#e4e8ee",
    good="#4fbf88",
    bad="#ea6a72",
    series=("#9da8ff", "#e0a060", "#5cb8ad", "#cf86bd", "#a3adbb", "#b4c463", "#84bdf0"),
    last_year="#b08a5c",
    ground="#12161d",
)


def palette_for(dark: bool) -> Palette:
    """The palette of the theme in use."""
    return DARK if dark else LIGHT
