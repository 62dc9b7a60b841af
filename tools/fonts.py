"""Make what pictures need of Inter: still fonts of two weights, and the width of every letter.

The page's own files are variable fonts in WOFF2, which no renderer outside a browser reads.
Run once after the files in ``kpi_tree/ui/fonts`` change, with fonttools
and brotli installed: ``python tools/fonts.py``.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parent.parent / "kpi_tree"
SOURCES = ("inter-latin-wght-normal.woff2", "inter-latin-ext-wght-normal.woff2")
WEIGHTS = {400: "Regular", 600: "SemiBold"}
HEAD = "// Widths of Inter's letters in thousandths of an em, by weight and first letter: tools/fonts.py.\n\n"


def still(source: Path, weight: int, folder: Path) -> Path:
    """One weight of a variable font, without what drawing does not use."""
    font = instantiateVariableFont(TTFont(source), {"wght": weight})
    options = Options(layout_features=["kern", "mark", "mkmk", "ccmp"], name_IDs=["*"], hinting=False)
    keep = Subsetter(options)
    keep.populate(unicodes=font.getBestCmap())
    keep.subset(font)
    font.flavor = None
    out = folder / f"{source.stem}-{weight}.ttf"
    font.save(out)
    return out


def merged(weight: int, name: str) -> TTFont:
    """All letters of one weight, under the name that pictures ask for."""
    with tempfile.TemporaryDirectory() as folder:
        parts = [still(ROOT / "ui" / "fonts" / one, weight, Path(folder)) for one in SOURCES]
        font = Merger().merge([str(part) for part in parts])
    for record in font["name"].names:
        said = {1: "Inter", 2: name, 4: f"Inter {name}", 6: f"Inter-{name}", 16: "Inter", 17: name}
        if record.nameID in said:
            record.string = said[record.nameID]
    font["OS/2"].usWeightClass = weight
    return font


def runs(font: TTFont) -> list[list[object]]:
    """First letter and widths of every run of letters; a gap of a few is filled with zeros."""
    scale = 1000 / font["head"].unitsPerEm
    wide = {code: round(font["hmtx"][glyph][0] * scale) for code, glyph in font.getBestCmap().items()}
    made: list[list[object]] = []
    last = -99
    for code in sorted(wide):
        if code - last > 4:
            made.append([code, []])
        else:
            made[-1][1].extend([0] * (code - last - 1))
        made[-1][1].append(wide[code])
        last = code
    return made


def main() -> None:
    """Write the fonts and the widths."""
    target = ROOT / "exchange" / "fonts"
    target.mkdir(exist_ok=True)
    widths = {}
    for weight, name in WEIGHTS.items():
        font = merged(weight, name)
        font.save(target / f"Inter-{name}.ttf")
        widths[weight] = runs(font)
    text = {weight: json.dumps(found, separators=(",", ":")) for weight, found in widths.items()}
    lines = ",\n".join(f"  {weight}: {found}" for weight, found in text.items())
    (ROOT / "ui" / "canvas" / "assets" / "widths.js").write_text(
        f"{HEAD}export const WIDTHS = {{\n{lines},\n}};\n"
    )


if __name__ == "__main__":
    main()
