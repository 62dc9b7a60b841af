"""The words around the number: which way, to or by, against what; in English, Norwegian and Japanese."""
# ruff: noqa: E501 - a pattern broken over lines is harder to read than a long one

from __future__ import annotations

import re

UP = re.compile(
    r"\b(?:increas\w*|grow\w*|rais\w*|boost\w*|lift\w*|more|gain\w*|expand\w*|higher|rise|rising|up|add\w*|extra"
    r"|additional|maximi[sz]e\w*|øk|øke|øker|økt|økning|øking|hev|heve|hever|voks\w*|vekst\w*|veks\w*|opp|løft\w*|flere|mer|høyere"
    r"|exceed\w*|surpass\w*|grew|scale up|auk\w*|strengthen\w*|styrk\w*|bygg\w*)\b"
    r"|増や|増加|増え|増|上げ|上昇|伸ば|伸び|アップ|拡大|成長|高め|引き上げ|引上げ"
)
DOWN = re.compile(
    r"\b(?:reduc\w*|decreas\w*|cut\w*|lower\w*|drop\w*|shrink\w*|fewer|less|minimi[sz]e\w*|bring\w* down|declin\w*"
    r"|trim\w*|down|slash\w*|shorten\w*|reduser\w*|reduksjon\w*|senk\w*|kutt\w*|ned|mindre|færre|minsk\w*|forkort\w*|lavere|få ned"
    r"|halv\w*)\b"
    r"|減ら|減少|減|下げ|削減|低減|抑え|ダウン|短縮|引き下げ|半減|縮小"
)
BETTER = re.compile(
    r"\b(?:improv\w*|better\w*|enhanc\w*|optimi[sz]e\w*|forbedr\w*|bedre\w*|optimaliser\w*)\b|改善|向上|良く|最適化"
)
REACH = re.compile(
    r"\b(?:reach\w*|hit\w*|achiev\w*|attain\w*|get (?:us )?to|be at|arriv\w* at|nå|når|nådd|oppnå\w*|treffe\w*|kom\w* (?:opp |ned )?(?:til|på)"
    r"|land\w* på|have|ha|deliver\w*|make|tjen\w*|earn\w*|sell\w* for|selg\w* for|bring in|keep\w*|hold\w*|target\w*|mål\w* (?:er|på))\b|達成|到達|目指|目標|にする|とする|維持|保つ"
)
_TO_BEFORE = re.compile(
    r"(?:\b(?:to|til|at|på|of at least|at least|at most|minst|høyst|maks\w*|max|min|under|below|above|beneath|over|more than|less than|"
    r"fewer than|mer enn|mindre enn|færre enn|lavere enn|høyere enn|no more than|not more than|up to|opp til|opptil|ned til|down to|"
    r"exceeding|exceed|reach|hit|achieve|attain|nå|oppnå|be|er|target of|mål om|level of|nivå på|is|=|→|->|keep|hold)|最低|最大|=)[ :]*$"
)
_BY_BEFORE = re.compile(
    r"(?:\b(?:by|with|med|another|ytterligere|enda|additional|extra|up|down|opp|ned|plus|minus)|さらに|あと)[ :]*$"
)
_TO_AFTER = re.compile(
    r"^ ?(?:件|人|個|点|回|名|本|台)?(?:以上|以下|未満|程度)?(?:に(?!対|比)|まで|へ|を達成|達成|を目指|を目標|以上|以下|未満|にする|とする|を維持)"
)
_BY_AFTER = re.compile(
    r"^ ?(?:の|を|だけ|ほど|程度|ずつ|くらい)?(?:増|減|上げ|下げ|伸|アップ|ダウン|向上|改善|削減|低減|上昇|引き上|引き下|拡大|短縮|成長)"
    r"|^ ?(?:more|fewer|less|higher|lower|extra|additional|new|up|down|better|faster|increase|growth|reduction|decrease|uplift|lift"
    r"|drop|cut|flere|færre|mer|mindre|høyere|lavere|nye|økning|vekst|reduksjon|nedgang|bedre|opp|ned|raskere)\b"
)
FROM_TO = re.compile(
    r"\b(?:from|fra)\b(?P<a>[^§]{1,40}?)\b(?:to|til)\b(?P<b>.{1,40})|(?P<c>[\d.,%万億千円割 ]{1,20})から(?P<d>.{1,30})"
)

KEEP = re.compile(
    r"\b(?:keep\w*|hold\w*|stay\w*|maintain\w*|remain\w*|lie|holde?s?|ligge\w*|være|forbli)\b|保|維持|収め|おさめ|キープ|とどめ"
)
TERM = re.compile(r"(?:(?P<ahead>来期|次期|翌期)|今期|当期)(?!末)(?:には|中に|に|の|は|で)?")
"""A term: the next quarter in one company, half a year in another, the fiscal year in a third."""

AT_MOST = re.compile(
    r"\b(?:below|under|less than|fewer than|at most|no more than|mindre enn|færre enn|høyst|maks)\b|以下|未満"
)
AT_LEAST = re.compile(r"\b(?:above|over|more than|at least|mer enn|minst|exceed\w*)\b|以上")

LAST_YEAR = re.compile(
    r"\b(?:(?:when |as )?(?:compared (?:to|with)|versus|vs\.?|relative to|against|over|from|than|on)(?: the)? )?"
    r"(?:(?:same|corresponding) (?:period|quarter|month|week|time|days?)(?: of| in)?(?: the)? (?:last|previous|prior) year)\b"
    r"|\b(?:compared (?:to|with)|versus|vs\.?|relative to|against|over|from|than|on)(?: the)? (?:last|previous|prior) year(?:'s)?(?: level| result)?\b"
    r"|\byear[- ](?:on|over)[- ]year\b|\byoy\b|\by/y\b"
    r"|\b(?:sammenlignet med|sammenliknet med|mot|i forhold til|fra|enn|målt mot|over)(?: i)? ?(?:i fjor|fjoråret|fjorårets nivå"
    r"|samme (?:periode|kvartal|måned|uke|tid) (?:i fjor|året før|i fjoråret|forrige år)|forrige år)\b"
    r"|\bår(?:et)? (?:over|mot|for) år(?:et)?\b"
    r"|(?:対)?前年(?:同期|同月|同四半期|同週)?(?:比で?|対比で?|と比べて|に比べて|より|から|に対して)|(?:昨年|去年)(?:同期|同月)?(?:比で?|より|から|と比べて|に比べて)"
)
PREVIOUS = re.compile(
    r"\b(?:compared (?:to|with)|versus|vs\.?|relative to|against|from|than|on|over)(?: the)? "
    r"(?:(?:previous|prior|preceding) (?:period|quarter|month|week)|last (?:quarter|month|week|period)|this (?:quarter|month|week)"
    r"|today(?:'s level)?|now|(?:the )?(?:current|present)(?: level)?)\b"
    r"|\b(?:quarter|month|week)[- ](?:on|over)[- ](?:quarter|month|week)\b|\b(?:qoq|mom|wow)\b"
    r"|\b(?:sammenlignet med|sammenliknet med|mot|i forhold til|fra|enn|målt mot)(?: i)? ?(?:forrige (?:periode|kvartal|måned|uke)"
    r"|dette kvartalet|denne måneden|denne uken|i dag|dag(?:ens nivå)?|nå|nåværende(?: nivå)?)\b"
    r"|(?:前期|前月|前四半期|先月|前週|先週|今月|今四半期|現在|今|現状)(?:比で?|より|と比べて|に比べて|から|に対して)"
)
COMPARED = re.compile(
    r"\b(?:compared (?:to|with)|versus|vs\.?|relative to|against|sammenlignet med|sammenliknet med|målt mot|mot"
    r"|i forhold til) (?:the )?"
)
PER = re.compile(
    r"(?:\b(?:per|a|each|every|hver|pr\.?|om|i(?= (?:uka|\w+e[nt])\b)) (?P<one>day|week|month|dag|dagen|døgn|uke|uka|uken|måned|måneden)\b"
    r"|\b(?P<two>daily|weekly|monthly|daglig|ukentlig|månedlig)\b|(?P<three>1日|一日|毎日|毎週|毎月|日|週|月)(?:あたり|当たり|に(?=\d)|(?<=毎.)|(?<=週)(?=\d)))"
)
PER_DAYS = {
    "day": 1, "dag": 1, "dagen": 1, "døgn": 1, "daily": 1, "daglig": 1, "1日": 1, "一日": 1, "毎日": 1, "日": 1,
    "week": 7, "uke": 7, "uka": 7, "uken": 7, "weekly": 7, "ukentlig": 7, "週": 7, "毎週": 7,
    "month": 30.4375, "måned": 30.4375, "måneden": 30.4375, "monthly": 30.4375, "månedlig": 30.4375, "月": 30.4375,
    "毎月": 30.4375,
}  # fmt: skip

_JAPANESE = re.compile(r"[぀-ヿ㐀-鿿]")
_NORWEGIAN = re.compile(
    r"[æøå]|\b(?:og|til|med|innen|neste|salget?|i løpet av|prosent|kvartal\w*|flere|færre|vi|vil|skal|ned|opp|av|kutt"
    r"|reduser\w*|halver\w*|doble?r?|året|måned\w*|uke\w*|forbedr\w*|millioner|besøk\w*|kunde\w*|ordre\w*|rate?n|senk\w*|omsetning\w*)\b"
)


def language_of_sentence(text: str) -> str:
    """The language a plain sentence is written in: ``en``, ``nb`` or ``ja``.

    >>> [language_of_sentence(x) for x in ("increase sales 10%", "doble trafikken neste kvartal", "売上を10%増やす")]
    ['en', 'nb', 'ja']
    """
    if _JAPANESE.search(text):
        return "ja"
    return "nb" if _NORWEGIAN.search(text) else "en"


def says_level(before: str, after: str) -> bool | None:
    """Whether a number is a level to reach (True) or a change (False), by the words beside it; else None."""
    if _BY_AFTER.search(after) or _BY_BEFORE.search(before):
        return False
    if _TO_BEFORE.search(before) or _TO_AFTER.search(after):
        return True
    return None
