"""The arms of an experiment out of the records of exposures."""

from __future__ import annotations

from kpi_tree.metrics.engine import Engine

Row = tuple[str, int, int | None, float, float, int]
"""Arm, units, conversions (None where no row says), sum and squares of the values, units with a value."""

EACH = """
SELECT experiment, unit_id, min(arm) AS arm, count(DISTINCT arm) AS arms,
       bool_or(coalesce(converted, false)) AS converted, count(converted) AS said,
       sum(CAST(value AS DOUBLE)) AS value
FROM raw.exposures GROUP BY ALL
"""


def names(engine: Engine) -> list[str]:
    """Every experiment that somebody was exposed to."""
    if not engine.has("exposures"):
        return []
    sql = "SELECT DISTINCT experiment FROM raw.exposures ORDER BY 1"
    engine.need(sql)
    return [str(one) for one in engine.arrow(sql).column(0).to_pylist()]


def arms(engine: Engine, experiment: str) -> tuple[list[Row], int]:
    """Each arm of an experiment, and how many units saw more than one (they are left out)."""
    engine.need(EACH)
    text = experiment.replace("'", "''")
    found = engine.arrow(f"""
        SELECT arm, count(*) AS units, count(*) FILTER (converted) AS hits, sum(coalesce(value, 0)) AS total,
               sum(coalesce(value, 0) ** 2) AS squares, count(value) AS valued, sum(said) AS said
        FROM ({EACH}) WHERE experiment = '{text}' AND arms = 1 GROUP BY arm ORDER BY arm
    """)
    mixed = engine.arrow(f"SELECT count(*) FROM ({EACH}) WHERE experiment = '{text}' AND arms > 1")
    rows = [
        (str(a), int(n), int(c) if said else None, float(s), float(q), int(v))
        for a, n, c, s, q, v, said in (one.values() for one in found.to_pylist())
    ]
    return rows, int(mixed[0][0].as_py())
