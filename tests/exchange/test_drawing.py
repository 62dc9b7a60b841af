"""Pictures of the tree: the canvas' own drawing code, run without a browser."""

from __future__ import annotations

import io
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kpi_tree.errors import Refused
from kpi_tree.exchange.bundle import bundle
from kpi_tree.exchange.drawing import Drawing, Look, boxes, to_png, to_svg
from kpi_tree.exchange.standalone import Page, to_page
from kpi_tree.exchange.themes import DARK, LIGHT, SETTINGS

ROOT = Path(__file__).resolve().parents[2]
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</text><script>alert(1)</script> "q" & 売上 🛒 مبيعات \x00\x0b'


def card(node: str, **more: Any) -> dict[str, Any]:
    return {"id": node, "name": node, "kind": "kpi", "status": "", **more}


def line(
    parent: str, child: str, kind: str = "formula", operator: str = "×", sign: int = 0
) -> dict[str, Any]:
    return {"parent": parent, "child": child, "kind": kind, "operator": operator, "sign": sign}


def small(name: str = "Sales") -> Drawing:
    views = [
        card("a", name=name, kind="kgi", status="at_risk", status_text="At risk", owner=name, attainment=0.8,
             actual_text="NOK 1.2M", target_text="NOK 1.5M", expected_share=0.9, spark=[1, None, 3],
             spark_path=[1, 2]),
        card("b", freshness_text=name), card("c", stale=True, lint=1), card("d", kind="action", name=name),
    ]  # fmt: skip
    edges = [line("a", "b"), line("a", "c", "guardrail", ""), line("a", "d", "supports", "")]
    return Drawing(views, edges, name, name)


@pytest.mark.parametrize("orientation", ["lr", "td", "list"])
@pytest.mark.parametrize("density", ["full", "compact"])
def test_every_card_and_word_is_in_the_picture_and_markup_is_text(orientation: Any, density: Any) -> None:
    svg = to_svg(small(HOSTILE), Look(orientation, density, "dark"), letters=False)
    tree = ET.fromstring(svg)
    assert not list(tree.iter(f"{SVG}script"))
    assert [g.get("data-id") for g in tree.iter(f"{SVG}g") if g.get("data-id")] == ["a", "b", "c", "d"]
    words = " ".join("".join(found.itertext()) for found in tree.iter(f"{SVG}title"))
    assert "</text><script>alert(1)</script>" in words
    assert "売上 🛒 مبيعات" in words


def test_names_that_do_not_fit_end_in_an_ellipsis_and_stay_inside_the_card() -> None:
    drawn = Drawing([card("a", name="W" * 200), card("b", name="ありがとう" * 30)], [])
    shown = [found.text or "" for found in ET.fromstring(to_svg(drawn, letters=False)).iter(f"{SVG}text")]
    long = [text for text in shown if text.endswith("…")]
    assert len(long) == 2
    assert max(len(text) for text in long) < 30  # 233 pixels hold 17 wide Latin letters, 16 Japanese ones


def test_levels_close_what_is_deeper_and_say_how_much() -> None:
    chain = [card(node) for node in "abcd"]
    edges = [line(*pair) for pair in ("ab", "bc", "cd")]
    assert [box["id"] for box in boxes(Drawing(chain, edges), Look(levels=1))] == ["a", "b"]
    svg = to_svg(Drawing(chain, edges), Look(levels=1), letters=False)
    assert "2" in [found.text for found in ET.fromstring(svg).iter(f"{SVG}text")]


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_no_two_cards_overlap(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 14))
    nodes = [
        card(f"n{i}", kind=data.draw(st.sampled_from(["kpi", "kpi", "action"])) if i else "kgi")
        for i in range(n)
    ]
    edges = [line(f"n{data.draw(st.integers(0, i - 1))}", f"n{i}") for i in range(1, n)]
    look = Look(
        data.draw(st.sampled_from(["lr", "td", "list"])), data.draw(st.sampled_from(["full", "compact"]))
    )
    found = boxes(Drawing(nodes, edges), look)
    for at, one in enumerate(found):
        for other in found[at + 1 :]:
            apart = (
                one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
                or one["y"] + one["full"] <= other["y"] or other["y"] + other["full"] <= one["y"]
            )  # fmt: skip
            assert apart, (one, other)


def test_a_png_has_the_size_of_its_picture_and_the_colours_of_its_theme() -> None:
    svg = to_svg(small("売上"), Look(theme="dark"))
    picture = Image.open(io.BytesIO(to_png(svg, 1)))
    head = ET.fromstring(svg)
    assert picture.size == (round(float(head.get("width", 0))), round(float(head.get("height", 0))))
    assert len({picture.getpixel((x, y)) for x in range(0, picture.width, 3) for y in (50, 200, 300)}) > 5
    assert max(picture.convert("RGB").getpixel((2, 2))) < 0x30  # type: ignore[type-var]


def test_a_tall_tree_becomes_a_smaller_png_not_a_broken_one() -> None:
    views = [card("r", kind="kgi"), *(card(f"n{i}") for i in range(60))]
    drawn = Drawing(views, [line("r", f"n{i}") for i in range(60)])
    picture = Image.open(io.BytesIO(to_png(to_svg(drawn, letters=False), 2)))
    assert 15_000 < max(picture.size) <= 16_001


def test_nothing_to_draw_and_too_much_are_refused_in_words() -> None:
    with pytest.raises(Refused, match="empty"):
        to_svg(Drawing([], []))
    with pytest.raises(Refused, match="5,001"):
        to_svg(Drawing([card(f"n{i}") for i in range(5001)], []))


def test_the_colours_are_those_of_the_app() -> None:
    settings_file = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    for name, theme in (("light", LIGHT), ("dark", DARK)):
        said = settings_file["theme"][name]
        assert {key: said[option] for key, option in SETTINGS.items()} == theme


def test_a_page_of_its_own_lets_nothing_in_and_its_data_cannot_end_their_element() -> None:
    page = to_page(Page(small(HOSTILE), {"a": [("Notes", HOSTILE)]})).decode()
    assert "default-src 'none'" in page
    assert "<script>alert" not in page
    assert page.count("<script") == 2
    assert page.count("</script>") == 2
    assert "http://" not in page.replace("http://www.w3.org/", "")
    assert "https://" not in page.replace("https://github.com/d3/d3-hierarchy", "")


def test_the_bundle_refuses_what_it_does_not_read() -> None:
    assert bundle("alone.js").count("modules['dom.js'] =") == 1
    with pytest.raises(ValueError, match="export default"):
        bundle("index.js")


def test_what_a_value_is_compared_with_stands_in_the_picture() -> None:
    view = card("a", actual_text="NOK 1.2M", then_text="was 1.1M", change_text="+9.1%", attainment=0.8)
    svg = to_svg(Drawing([view], []), letters=False)
    assert "was 1.1M" in svg
    assert "+9.1%" in svg
    assert "80%" not in svg


@pytest.mark.parametrize(("orientation", "widest"), [("lr", 14.0), ("td", 14.0), ("list", 7.0)])
def test_a_line_is_as_wide_as_its_weight(orientation: Any, widest: float) -> None:
    views = [card(name) for name in ("top", "much", "little", "none")]
    edges = [
        {**line("top", child, operator="+"), **more}
        for child, more in (("much", {"weight": 1.0}), ("little", {"weight": 0.0}), ("none", {}))
    ]
    tree = ET.fromstring(to_svg(Drawing(views, edges), Look(orientation), letters=False))
    widths = [one.get("stroke-width") for one in tree.iter(f"{SVG}path") if one.get("d", "").count("C") == 1
              or one.get("d", "").count("Q") == 1]  # fmt: skip
    assert float(max(widths, key=lambda width: float(width or 0)) or 0) == widest
    assert widths.count("1.6") == 2
