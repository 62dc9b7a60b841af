"""Names after an @, against a plain reading of the text written apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tree.plan.mentions import mentions

PEOPLE = ["Kari", "Kari Nordmann", "田中", "田中 美咲", "Åse"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("nobody", ()),
        ("@Kari look", ("Kari",)),
        ("@kari nordmann: look", ("Kari Nordmann",)),
        ("@Karin, look", ("Karin",)),
        ("ask @Ola-Marie and @Ola.", ("Ola-Marie", "Ola")),
        ("@Ola @Ola @OLA", ("Ola", "OLA")),
        ("kari@shop.example", ()),
        ("kari@shop.example, @åse", ("Åse",)),
        ("@田中さん、見てください", ("田中",)),
        ("@田中 美咲さん", ("田中 美咲",)),
        ("(@Kari)", ("Kari",)),
        ("@ Kari", ()),
        ("@@Kari", ()),
    ],
)
def test_who_is_spoken_to(text: str, found: tuple[str, ...]) -> None:
    assert mentions(text, PEOPLE) == found


@given(st.lists(st.sampled_from(PEOPLE), max_size=5), st.sampled_from([" ", ", ", "\n", " – "]))
def test_a_text_made_of_names_names_them(names: list[str], between: str) -> None:
    text = between.join(f"@{name};" for name in names)
    assert mentions(text, PEOPLE) == tuple(dict.fromkeys(names))
