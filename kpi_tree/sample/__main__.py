"""``python -m kpi_tree.sample``: writes the sample shop as files of the systems such a shop uses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from kpi_tree.errors import KpiTreeError
from kpi_tree.sample.cut import write_cut
from kpi_tree.sample.generate import DAYS, SEED, generate
from kpi_tree.sample.vendor import export_vendor


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path), default=Path("data/sample"))
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="Export whole records up to the day before this one."
)
@click.option("--days", type=int, default=DAYS, show_default=True, help="How many days back, with --until.")
@click.option(
    "--seed", type=int, default=SEED, show_default=True, help="Another seed is another shop, with --until."
)
def main(directory: Path, until: date | None, days: int, seed: int) -> None:
    """Write the small cut that ships with the project to DIRECTORY; with --until, everything."""
    try:
        if until is None:
            written = write_cut(directory)
        else:
            day = date(until.year, until.month, until.day)
            written = export_vendor(generate(day, days=days, seed=seed), directory)
    except KpiTreeError as error:
        raise click.ClickException(error.text("en")) from error
    for path in written:
        click.echo(path)


if __name__ == "__main__":
    main()
