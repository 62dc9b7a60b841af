"""Experiments from files and from records of exposures: the same figures, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from scipy import stats

from kpi_tree import workspace
from kpi_tree.analysis.guarding import guardrail
from kpi_tree.errors import KpiTreeError, NotFound, Refused
from kpi_tree.i18n import translate
from kpi_tree.store import Home
from kpi_tree.workspace import Asker
from kpi_tree.workspace.acting.sizing import summary

COUNTS = b"variant;visitors;orders\nA;1 000;100\nB;1 010;130\n"


def read(home: Home, owner: Asker, file: bytes, **more: Any) -> dict[str, Any]:
    return workspace.experiment(home, owner, "test.csv", file=file, **more).to_dict()


def test_counts_an_arm(home: Home, owner: Asker) -> None:
    found = read(home, owner, COUNTS)
    assert [arm["units"] for arm in found["arms"]] == [1000, 1010]
    assert found["absolute"] == pytest.approx(130 / 1010 - 0.1)
    assert found["p_value"] == pytest.approx(
        stats.chi2_contingency([[100, 900], [130, 880]], correction=False).pvalue
    )
    assert found["interval"][0] < found["absolute"] < found["interval"][1]
    back = read(home, owner, COUNTS, control="B")
    assert back["absolute"] == pytest.approx(-found["absolute"])


def test_a_row_a_unit_says_the_same_as_counts(home: Home, owner: Asker) -> None:
    rows = ["gruppe,konvertert,beløp"]
    rows += ["A,ja,100" if n < 100 else "A,nei," for n in range(1000)]
    rows += ["B,ja,90" if n < 130 else "B,nei," for n in range(1010)]
    found = read(home, owner, "\n".join(rows).encode())
    assert found["p_value"] == pytest.approx(read(home, owner, COUNTS)["p_value"])
    value = found["comparisons"][1]
    assert (value["metric"], value["test"]) == ("value", "welch")
    assert value["absolute"] == pytest.approx(130 * 90 / 1010 - 10)
    assert value["p_adjusted"] >= value["p_value"]


def test_from_the_records_of_exposures(home: Home, owner: Asker, put: Callable[..., Any]) -> None:
    at = datetime(2026, 2, 1, 12, tzinfo=UTC)
    rows = [
        {
            "experiment": "Checkout",
            "unit_id": f"{arm}{n}",
            "arm": arm,
            "exposed_at": at,
            "converted": n < hits,
        }
        for arm, units, hits in (("A", 1000, 100), ("B", 1010, 130))
        for n in range(units)
    ]
    rows.append({**rows[0], "arm": "B", "exposed_at": at.replace(hour=13)})  # one unit saw both
    put({"exposures": rows})
    found = workspace.experiment(home, owner, "Checkout").to_dict()
    units = [arm["units"] for arm in found["arms"]]
    # A later row of a unit replaces the earlier one (its key), so that it stands in one arm only.
    assert sum(units) == 2010
    assert len(found["comparisons"]) == 1  # no values were recorded
    with pytest.raises(NotFound, match="Did you mean Checkout"):
        workspace.experiment(home, owner, "Chekout")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"a;b\n1;2\n", "No column names the arm"),
        (b"arm;color\nA;red\nB;blue\n", "nothing that arms could be compared"),
        (b"arm;units;conversions\nA;10;2\n", "needs two arms"),
        (b"arm;units;conversions\nA;10;2\nB;0;0\n", "has nobody in it"),
        (b"arm;units;conversions\nA;10;2\nB;10;11\n", "11 conversions of 10"),
        (b"arm;units;conversions\nA;10;2\nB;10;many\n", "many in row 2"),
        (b"arm;converted\nA;yes\nB;perhaps\n", "perhaps in row 2"),
    ],
)
def test_a_file_that_says_too_little(home: Home, owner: Asker, file: bytes, said: str) -> None:
    with pytest.raises(KpiTreeError, match=said):
        read(home, owner, file)


def test_a_split_that_is_no_accident(home: Home, owner: Asker) -> None:
    found = read(home, owner, b"arm;units;conversions\nA;5000;500\nB;5600;560\n")
    assert found["srm_p"] < 0.001
    assert "too unevenly" in " ".join(found["notes"])
    meant = read(home, owner, b"arm;units;conversions\nA;9000;900\nB;1000;100\n", shares=[0.9, 0.1])
    assert meant["srm_p"] == pytest.approx(1)
    with pytest.raises(Refused, match="3 shares"):
        read(home, owner, COUNTS, shares=[1, 1, 1])
    with pytest.raises(NotFound, match="no arm C"):
        read(home, owner, COUNTS, control="C")


def test_converted_beside_the_size_of_an_arm_is_a_count(home: Home, owner: Asker) -> None:
    found = read(home, owner, b"variant,users,converted\nA,10000,300\nB,10000,360\n")
    assert [arm["total"] for arm in found["arms"]] == [300, 360]


def test_a_mean_an_arm_is_not_enough(home: Home, owner: Asker) -> None:
    with pytest.raises(Refused, match="how much its units differ"):
        read(home, owner, b"arm,exposures,value\nA,1000,50\nB,1000,53\n")


GUARDED = b"variant,users,conversions,refunds,complaints\nA,10000,500,200,100\nB,10000,620,290,101\n"


@pytest.mark.parametrize(
    ("rails", "states", "said"),
    [
        ((), [], "B is better than A, beyond chance."),
        (("refunds:down",), ["broken"], "at a cost: this got worse, beyond chance: refunds"),
        (("complaints:down",), ["open"], "Not settled is whether this got worse: complaints"),
        (("complaints:down:50%",), ["held"], "and every guardrail held"),
        (("refunds",), ["held"], "and every guardrail held"),
    ],
)
def test_a_guardrail_changes_the_advice(home: Home, owner: Asker, rails, states, said) -> None:
    read_out = workspace.experiment(
        home, owner, "test.csv", file=GUARDED, guardrails=[guardrail(one) for one in rails]
    )
    assert [one.state for one in read_out.guarded] == states
    assert said in translate(summary(read_out), "en")
    assert [one["metric"] for one in read_out.to_dict()["guardrails"]] == [one.split(":")[0] for one in rails]
    assert len(read_out.questions) == 1  # guardrails are no questions: nothing is shared out among them


def test_guardrails_of_units_and_those_that_cannot_be(home: Home, owner: Asker) -> None:
    rows = ["arm,converted,value,minutes"]
    rows += [
        f"{'AB'[n % 2]},{'yes' if n % 7 == 0 else 'no'},{n % 5},{10 + n % 2 + n % 3}" for n in range(600)
    ]
    file = "\n".join(rows).encode()
    found = workspace.experiment(
        home, owner, "t.csv", file=file, guardrails=[guardrail("minutes:down"), guardrail("value")]
    )
    minutes = found.guarded[0]
    assert (minutes.rail.metric, minutes.found.test, minutes.state) == ("minutes", "welch", "broken")
    assert [one.metric for one in found.questions] == ["conversion"]
    with pytest.raises(NotFound, match="Did you mean minutes"):
        workspace.experiment(home, owner, "t.csv", file=file, guardrails=[guardrail("minuts")])
    with pytest.raises(Refused, match="asks nothing"):
        workspace.experiment(home, owner, "t.csv", file=GUARDED, guardrails=[guardrail("conversion")])
    with pytest.raises(Refused, match="cannot be read"):
        guardrail("refunds:sideways")
