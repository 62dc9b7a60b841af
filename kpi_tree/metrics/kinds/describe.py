"""How a definition is computed, in words: what stands beside its number where nobody wrote more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpi_tree.catalogue.model import Kpi
from kpi_tree.catalogue.own.model import Checked
from kpi_tree.i18n import LANGUAGES, Msg, msg, translate


def formula_words(checked: Checked, kpis: Mapping[str, Kpi]) -> dict[str, str]:
    """The formula in each language."""
    return {lang: translate(_words(checked, kpis, lang), lang) for lang in LANGUAGES}


def _words(checked: Checked, kpis: Mapping[str, Kpi], lang: str) -> Msg | str:
    spec: Mapping[str, Any] = checked.spec

    def name(kpi: Any) -> str:
        return kpis[str(kpi)].text("name", lang) if str(kpi) in kpis else str(kpi)

    kept = _kept(spec)
    match checked.kind:
        case "derived":
            return str(spec["formula"])
        case "ratio":
            above, below = (_side(spec[side]) for side in ("numerator", "denominator"))
            return Msg("{text}", params={"text": f"{above} ÷ {below}{kept}"})
        case "cumulative":
            what = name(spec["of"]) if spec.get("of") else f"{spec['value']}{kept}"
            return msg("{what}, {window}", what=what, window=spec["window"])
        case "offset":
            show = str(spec.get("show") or "value")
            words = {
                "value": msg("{kpi}, {length} before", kpi=name(spec["of"]), length=spec["by"]),
                "difference": msg(
                    "{kpi} less that of {length} before", kpi=name(spec["of"]), length=spec["by"]
                ),
                "change": msg("{kpi} ÷ that of {length} before − 1", kpi=name(spec["of"]), length=spec["by"]),
            }
            return words[show]
        case "stock":
            return msg(
                "last {value} of each {item}, added up{kept}",
                value=spec["value"],
                item=_listed(spec["per"]),
                kept=kept,
            )
        case "conversion":
            return msg(
                "{visits} followed by {conversions} within {window}",
                visits=spec["visits"]["table"],
                conversions=spec["conversions"]["table"],
                window=spec["window"],
            )
        case "cohort" if spec.get("value"):
            return msg("{value} of each {entity} within {days} of the first{kept}", value=spec["value"],
                       entity=spec["entity"], days=spec["within"], kept=kept)  # fmt: skip
        case "cohort":
            return msg(
                "{entity} back within {days} ÷ {entity}{kept}",
                entity=spec["entity"],
                days=spec["within"],
                kept=kept,
            )
    return Msg("{text}", params={"text": f"{spec['value']}{kept}"})


def _side(side: Any) -> str:
    return str(side.get("value")) if isinstance(side, Mapping) else str(side)


def _listed(names: Any) -> str:
    return names if isinstance(names, str) else " + ".join(str(one) for one in names)


def _kept(spec: Mapping[str, Any]) -> str:
    """Which rows: the table and the condition."""
    table = f" · {spec['table']}" if spec.get("table") else ""
    return f"{table} · {spec['filter']}" if spec.get("filter") else table
