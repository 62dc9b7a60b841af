"""Tables on their way out as CSV."""

from __future__ import annotations

import pandas as pd

from kpi_tree.ui.issuelist import harmless


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A table as CSV in UTF-8 with a byte-order mark, its texts harmless in a spreadsheet."""
    safe = frame.rename(columns=lambda name: harmless(str(name)))
    for name in safe.columns:
        if safe[name].dtype == object or isinstance(safe[name].dtype, pd.StringDtype):
            safe[name] = safe[name].map(harmless)
    return str(safe.to_csv(index=False)).encode("utf-8-sig")
