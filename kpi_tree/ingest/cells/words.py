"""Words that stand in cells instead of values: nothing, yes and no, months, totals."""

# ruff: noqa: E501, SIM905 - word lists and patterns read better unbroken
from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from kpi_tree import yamlfiles

NULLS = frozenset(
    (
        "|-|--|---|–|—|―|‐|ー|?|??|.|..|...|…|n/a|n.a.|na|#n/a|#na|null|nil|none|nan|(null)|(none)|"
        "(blank)|(empty)|(not set)|<null>|\\n|#div/0!|#ref!|#value!|#name?|#num!|#null!|#error!|"
        "not stocked|not available|ikke tilgjengelig|ikke oppgitt|ukjent|ingen|i/t|k.a.|k. a.|"
        "keine angabe|nicht verfügbar|ej tillgängligt|saknas|s.o.|n.d.|nd|non disponible|inconnu|"
        "unknown|unbekannt|okänd|なし|無し|該当なし|不明|未設定|未定|#i/t|#nv|#saknas!|not applicable|#div/0|"
        "#division/0!|#verdi!|#værdi!|#värdefel!|#wert!|#valeur!|#bezug!|#referens!|#navn?|#namn?|#nom?|"
        "#tall!|#zahl!|#nombre!|#ogiltigt!|#null|#spill!|#calc!|#err!|no data|no value|ingen data|"
        "∅|<na>|missing|mangler|fehlt|-/-|- -|––|n / a|undefined|ikke satt|ikke angitt|nicht angegeben|manquant|"
        "non renseigné|欠損|空欄|未入力|[null]|#n/d|not provided|ikkje oppgitt|ej angivet|"
        "ingen verdi|keine daten|kein wert|aucune donnée|データなし|値なし|tbd|tba|"
        "n/d|s/o|n.v.t.|nvt|n.b.|sin datos|sin dato|no disponible|no aplica|desconocido|sans objet|"
        "geen|onbekend|niet beschikbaar|ukendt|okänt|uppgift saknas|ej tillämpligt|ikke relevant|entfällt|"
        "not in stock|ikke på lager|ej i lager|inte i lager|nicht auf lager|pas en stock|no en stock|"
        "niet op voorraad|在庫なし|取扱なし|(leer)|(vide)|(tom)|(tomt)|(leeg)|(vacío)|(en blanco)|(空白)|"
        "leer|vide|tom|tomt|leeg|vacío|无|暂无|未知|无数据|不适用|未填写"
    ).split("|")
)
"""Cells (trimmed, lower case) that say "no value" in a column of numbers, dates or yes and no."""

SOLD_OUT = frozenset(
    (
        "sold out|sold-out|out of stock|out-of-stock|oos|discontinued|on order|backorder|backordered|utsolgt|tomt på lager|utgått|"
        "restnotert|i bestilling|slutsåld|slutsålt|slut i lager|utgången|udsolgt|udgået|ausverkauft|nicht lieferbar|vergriffen|"
        "épuisé|en rupture|rupture|rupture de stock|agotado|sin stock|esaurito|non disponibile|uitverkocht|niet leverbaar|"
        "esgotado|indisponível|loppu|loppuunmyyty|ei varastossa|wyprzedane|brak|niedostępny|vyprodáno|"
        "在庫切れ|品切れ|品切|売切れ|売り切れ|売切|欠品|完売|入荷待ち|缺货|售罄|无货|품절"
    ).split("|")
)
"""Words that stand in counts of stock where nothing is counted; headers may be such words too."""

TRUE_WORDS = frozenset(
    (
        "true|t|yes|y|ja|j|sant|sann|sand|oui|o|vrai|wahr|richtig|sí|si|verdadero|はい|真|有|あり|有り|○|◯|〇|✓|"
        "✔|☑|on|1|subscribed|kyllä|x|有効|是|真|tak|sim|sì|vero|waar"
    ).split("|")
)
FALSE_WORDS = frozenset(
    (
        "false|f|no|n|nei|nej|usant|usann|falsk|falskt|non|faux|nein|falsch|falso|いいえ|偽|無|なし|無し|×|✗|✘|☐|off|0|"
        "unsubscribed|ei|無効|否|假|没有|nie|não|nee|onwaar"
    ).split("|")
)
"""Words (trimmed, lower case) for yes and no, also as spreadsheets write them in each language."""

ZONES = {
    "z": 0,
    "utc": 0,
    "gmt": 0,
    "ut": 0,
    "pst": -480,
    "pdt": -420,
    "mst": -420,
    "mdt": -360,
    "cst": -360,
    "cdt": -300,
    "est": -300,
    "edt": -240,
    "cet": 60,
    "cest": 120,
    "mez": 60,
    "mesz": 120,
    "wet": 0,
    "west": 60,
    "eet": 120,
    "eest": 180,
    "bst": 60,
    "jst": 540,
    "aest": 600,
    "aedt": 660,
}
"""Zone names that vendors write after a time, in minutes east of UTC."""

LANGUAGES = (
    *(
        "en",
        "nb",
        "nn",
        "sv",
        "da",
        "de",
        "fr",
        "es",
        "it",
        "nl",
        "pt",
        "fi",
        "pl",
        "cs",
        "sk",
        "sl",
        "hu",
        "ro",
    ),
    *("tr", "et", "lv", "lt", "is", "ru", "uk", "bg", "el", "id"),
)
"""Whose months and weekdays are read; weekdays of Japanese too. Not Croatian, whose *listopad* is October and not
November."""
_EXTRA_MONTHS = {
    "sept": 9,
    "juli": 7,
    "juni": 6,
    "mai": 5,
    "maj": 5,
    "mei": 5,
    "okt": 10,
    "des": 12,
    "dez": 12,
    "dec": 12,
    "déc": 12,
    "fevr": 2,
    "févr": 2,
    "fév": 2,
    "fev": 2,
    "aout": 8,
    "août": 8,
    "avr": 4,
    "mär": 3,
    "mrz": 3,
    "mrt": 3,
    "jän": 1,
    "jänner": 1,
    "feber": 2,
    "juil": 7,
    "decembre": 12,
    "fevrier": 2,
    "maerz": 3,
    "juin": 6,
    "mars": 3,
    "mar": 3,
    "jan": 1,
    "janv": 1,
}


@lru_cache(maxsize=1)
def _calendar() -> dict[str, Any]:
    found: dict[str, Any] = yamlfiles.load(Path(__file__).with_name("calendar_words.yaml"))
    return found


@lru_cache(maxsize=1)
def months() -> dict[str, int]:
    """Month names and their short forms, lower case without a trailing dot, to 1..12.

    >>> [months()[name] for name in ("may", "mai", "maj", "märz", "jänner", "août", "des", "okt", "sept")]
    [5, 5, 5, 3, 1, 8, 12, 10, 9]
    """
    found = {name: number for number, names in _calendar()["months"].items() for name in names}
    found.update(_EXTRA_MONTHS)
    return found


@lru_cache(maxsize=1)
def weekdays() -> frozenset[str]:
    """Names of weekdays and their short forms, lower case without a trailing dot.

    >>> {"monday", "mandag", "mån", "月曜日", "火"} <= weekdays()
    True
    """
    return frozenset({*_calendar()["weekdays"], "tues", "weds", "thur", "thurs"})


_TOTAL = (
    r"(?:grand |sub|sub-|sub )?total(?:s|t|e|en|sum|summe)?|subtotaal|total(?:t)? ?sum|overall total|overall|sum|summa|summe|"
    r"gesamt(?:summe|ergebnis|betrag)?|insgesamt|zwischensumme|totalt|delsum|delsumma|delresultat|i alt|sum totalt|"
    r"totalsum|totalbeløp|sluttsum|alle|all|total g[ée]n[ée]ral|sous-total|ensemble|somme|totaal|eindtotaal|loppusumma|slutsumma|totale|yhteensä|"
    r"suma|razem|totales|totais|celkem|összesen|toplam|总计|小计|итого|всего|合计|총계|소계|합계|ukupno|σύνολο|samtals|kokku|mellomsum|mellansumma|합 계|合計|総計|小計|総合計|累計|計|全体|トータル"
)
_SUMMARY = (
    r"average|avg\.?|mean|median|minimum|maximum|gjennomsnitt|snitt|gjennomsnittlig|genomsnitt|medel|medelvärde|gennemsnit|"
    r"(?:opening|closing|starting|ending) balance|(?:inn?|ut)g(?:ående|\.) saldo|(?:anfangs|end|schluss)saldo|saldo (?:iniziale|finale|inicial|final)|"
    r"solde (?:initial|final)|ingående saldo|primosaldo|ultimosaldo|前月繰越|次月繰越|繰越残高|"
    r"durchschnitt|mittelwert|moyenne|media|promedio|gemiddelde|keskiarvo|平均|平均値|中央値|最大値?|最小値?"
)
"""What says something of all rows without being their sum."""
_TOTAL_LABEL = re.compile(
    rf"^[\s*=\-_>]*(?:{_TOTAL}|{_SUMMARY})[\s*=\-_<]*(?:$|[:：\-–(].*$)"
    r"|^\s*(?:sum|summa|summe|somme|suma|gesamt) (?:for|alle|av|der|aller|von|of|du|de|des|i)\b.{1,40}$",
    re.IGNORECASE,
)
_SURE_LABEL = re.compile(
    r"^\s*(?:(?:grand |sub|sub-|sub )?totals?|grand totals?|gesamt(?:summe|ergebnis)?|totalt|totalsum|summe|summa|(?:sub|eind)?totaal|sous-total|suma total|"
    r"total g[ée]n[ée]ral|zwischensumme|delsum|delsumma|小计|总计|合计|合計|総計|小計|総合計)\s*(?:[:：].*)?$",
    re.IGNORECASE,
)
_NAMED_TOTAL = re.compile(
    r"^\s*(?:(?:sub|grand )?total|gesamt|totalt|sum|summe|summa|合計|小計)\s*[:：\-–]\s*\S.*$|^\s*\S.{0,40}\s(?:(?:sub)?total|totalt|gesamt|delsum|delsumma|zwischensumme)\s*$|^\s*(?:sub-?total|sous-total|delsum|delsumma|zwischensumme|subtotaal|subtotale|välisumma|小計|小计)\s\S.*$|^.{1,20}(?:合計|小計|計)$",
    re.IGNORECASE,
)


_TOTAL_WORDS = (
    r"sum|summa|summe|somme|suma|totals?|totalt|totale|totaal|totalsum|gesamt|ergebnis|resultat|resultaat|subtotals?|"
    r"delsum|delsumma|zwischensumme|mellomsum|yhteensä|razem|итого"
)
_OF_GROUP = re.compile(
    rf"^(?:{_TOTAL_WORDS})\s*[:\-–]?\s+(\S.*)$|^(.*\S)\s*[:\-–]?\s+(?:{_TOTAL_WORDS})$|^(.*\S)\s?(?:合計|小計|小计|計|계)$",
    re.IGNORECASE,
)
_TAX_LABEL = re.compile(
    r"^\W*(?:(?:herav|hvorav|derav|davon|dont|of which|incl?\.?|inkl?\.?|including|var av|waarvan|うち)\s+)?"
    r"(?:moms|mva|merverdiavgift|vat|(?:sales )?tax|mwst|ust|umsatzsteuer|tva|iva|btw|alv|gst|消費税|内税)\b",
    re.IGNORECASE,
)


def group_of_total(text: str) -> str:
    """The group whose total a label names, when it is one: ``Sum Oslo`` of ``Oslo``; empty otherwise.

    >>> [group_of_total(text) for text in ("Sum Oslo", "Oslo Ergebnis", "渋谷計", "Sumatra")]
    ['Oslo', 'Oslo', '渋谷', '']
    """
    found = _OF_GROUP.match(text.strip())
    return next((part for part in found.groups() if part), "") if found else ""


def is_tax_label(text: str) -> bool:
    """Whether a label is that of a tax, as it stands below a total.

    >>> is_tax_label("Moms 25%"), is_tax_label("herav MVA"), is_tax_label("Taxi")
    (True, True, False)
    """
    return bool(_TAX_LABEL.match(text))


def is_total_label(text: str) -> bool:
    """Whether a cell reads like the label of a total row, in one of many languages.

    >>> [is_total_label(t) for t in ("Total", "Total: Account", "Gesamt: Konto", "小計", "Totalt", "Total War: Rome II")]
    [True, True, True, True, True, True]
    >>> [is_total_label(t) for t in ("Totally Spies", "Summer", "Sumatra", "Alle kjoler")]
    [False, False, False, False]
    """
    return bool(_TOTAL_LABEL.match(text) or _NAMED_TOTAL.match(text) or text.lower().startswith("total "))


def is_sure_total_label(text: str) -> bool:
    """Whether a cell is nothing but the word for a total.

    >>> is_sure_total_label("Grand total"), is_sure_total_label("Total War")
    (True, False)
    """
    return bool(_SURE_LABEL.match(text))
