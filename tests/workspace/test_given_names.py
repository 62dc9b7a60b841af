"""Names that a template or the sample plan gave follow the reader; names that a person typed stay."""

from __future__ import annotations

from kpi_tree.plan.model import Node
from kpi_tree.workspace.base.naming import name_of, own_names


def test_a_given_name_follows_the_reader_and_a_typed_one_stays() -> None:
    given = name_of(Node("sold", name="Sold after discounts"), {})
    assert [given.in_language(lang) for lang in ("en", "nb", "ja")] == [
        "Sold after discounts",
        "Solgt etter rabatter",
        "割引後の販売額",
    ]
    assert own_names(Node("sold", name="割引後の販売額"), {})["en"] == "Sold after discounts"
    assert own_names(Node("sold", name="Sold, my way"), {}) == {}
