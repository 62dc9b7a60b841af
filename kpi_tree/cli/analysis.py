"""Commands that look ahead: forecast."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import click

from kpi_tree.cli.face import Day, Face, common
from kpi_tree.i18n import Quantity, format_percent, msg


@click.command()
@click.argument("kpi_id", metavar="ID")
@click.option("--to", "end", type=Day(end=True), required=True, help="Last day forecast; it belongs to it.")
@click.option("--at", type=Day(end=True), help="As seen on this day (default: today).")
@click.option("--level", type=float, default=0.8, show_default=True, help="Share of outcomes it should hold.")
@click.option("--method", default=None, help="Take this method instead of the one that erred least.")
@common
@click.pass_obj
def forecast(face: Face, kpi_id: str, end: date, at: date | None, level: float, method: str | None) -> None:
    """The next days of the indicator or node ID, with an interval, and how well the method did before."""
    from kpi_tree import workspace
    from kpi_tree.workspace.judged.futures import kpi_forecast

    home = face.open()
    day = at or workspace.today_of(home)
    found = kpi_forecast(
        home,
        face.who,
        kpi_id,
        end=end + timedelta(days=1),
        at=day,
        level=level,
        method=method,
        lang=face.lang,
    )
    face.answer(found, lambda: _show(face, found))


def _show(face: Face, found: dict[str, Any]) -> None:
    if found["rows"]:
        share = format_percent(found["level"], face.lang, decimals=0)
        head = [
            msg("Period"),
            msg("Value"),
            msg("Low ({share})", share=share),
            msg("High ({share})", share=share),
        ]

        def row(name: Any, values: dict[str, Any]) -> list[Any]:
            return [
                name,
                *(
                    Quantity(values[n], found["unit"], found.get("currency"))
                    for n in ("value", "low", "high")
                ),
            ]

        face.table(head, [row(each["period"], each) for each in found["rows"]])
        face.table(head, [row(msg("All days"), found["total"])])
        face.say(found["method"])
    if found["withheld"]:
        face.say(found["withheld"])
    if found["backtest"]:
        _show_trial(face, found["backtest"])


def _show_trial(face: Face, trial: dict[str, Any]) -> None:
    """The methods tried on earlier days, the chosen one first."""

    def percent(value: float | None) -> str:
        return "" if value is None else format_percent(value, face.lang, decimals=0)

    face.say(trial["words"])
    head = [msg("Method"), msg("Error beside repeating last week"), msg("Off by"), msg("Intervals that held")]
    face.table(
        head,
        [
            [one["name"], format_percent(one["mase"], face.lang, decimals=0), percent(one["error"]),
             percent(one["coverage"])]
            for one in trial["tried"]
        ],
    )  # fmt: skip


COMMANDS = (forecast,)
