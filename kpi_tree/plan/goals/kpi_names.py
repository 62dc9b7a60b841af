"""Finding the KPI that a sentence names: catalogue names and everyday words, with the endings words take."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kpi_tree import yamlfiles
from kpi_tree.plan.goals.model import KpiLike

_ENDINGS = ("ene", "ane", "ens", "ets", "er", "en", "et", "es", "a", "e", "s")
_WORD = re.compile(r"[^\W_぀-ヿ㐀-鿿]+")  # a Latin word, also in the middle of Japanese text
_JAPANESE = re.compile(r"[぀-ヿ㐀-鿿]")


@dataclass(frozen=True)
class Mention:
    """A KPI named in a sentence: its id, where the words stand, whether they are spelt as known ones."""

    kpi: str
    start: int
    end: int
    spelt: bool = True


def plain_text(text: str) -> str:
    """A sentence in one form: full-width as plain, lower case, single blanks, e-mail as one word.

    >>> plain_text("Øk  E-mail åpningsraten １０％")
    'øk email åpningsraten 10%'
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"\be-?(mail|post)", r"e\1", plain)
    return " ".join(plain.replace("’", "'").split())


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word without its endings; crude, but the same for a word and its forms.

    >>> stem("raten") == stem("rate"), stem("orders") == stem("order"), stem("salget") == stem("salg")
    (True, True, True)
    """
    if word.endswith("'s"):
        word = word[:-2]
    shorter = True
    while shorter:
        shorter = False
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                word = word[: -len(ending)]
                shorter = True
                break
    return word


@lru_cache(maxsize=1)
def everyday_words() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """KPI id → language → what people call it."""
    loaded: dict[str, dict[str, list[str]]] = yamlfiles.load(Path(__file__).with_name("kpi_words.yaml"))
    return {kpi: {lang: tuple(map(str, words)) for lang, words in by.items()} for kpi, by in loaded.items()}


@dataclass(frozen=True)
class Lexicon:
    """Phrases to look for: stems of words → KPI id; Japanese text → KPI id; stems → the words as spelt."""

    by_stems: Mapping[tuple[str, ...], str]
    by_text: Mapping[str, str]
    longest: int
    forms: Mapping[tuple[str, ...], frozenset[tuple[str, ...]]]


def lexicon(kpis: Mapping[str, KpiLike]) -> Lexicon:
    """All phrases for the catalogue's KPIs and for those with everyday words. A catalogue name wins."""
    stems: dict[tuple[str, ...], str] = {}
    texts: dict[str, str] = {}
    forms: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    phrases = [
        (phrase, kpi) for kpi, entry in kpis.items() for phrase in (*_names(entry), kpi.replace("_", " "))
    ]
    phrases += [
        (phrase, kpi) for kpi, by in everyday_words().items() for words in by.values() for phrase in words
    ]
    for phrase, kpi in phrases:
        spelt = _add(phrase, kpi, stems, texts)
        if spelt:
            forms.setdefault(tuple(map(stem, spelt)), set()).add(spelt)
    known = {key: frozenset(found) for key, found in forms.items()}
    return Lexicon(stems, texts, max(map(len, stems), default=0), known)


def _names(entry: KpiLike) -> list[str]:
    """A catalogue name, also without what stands in brackets: ``Sales (net)`` is ``sales`` too."""
    return [form for name in entry.name.values() for form in (name, re.sub(r"[(（].*?[)）]", "", name))]


def _add(phrase: str, kpi: str, stems: dict[tuple[str, ...], str], texts: dict[str, str]) -> tuple[str, ...]:
    """Takes a phrase in; gives its words as spelt, none for Japanese."""
    plain = plain_text(phrase)
    if _JAPANESE.search(plain):
        texts.setdefault(plain.replace(" ", ""), kpi)
    spelt = tuple(_WORD.findall(plain))
    if not spelt or _JAPANESE.search(plain):
        return ()
    stems.setdefault(tuple(map(stem, spelt)), kpi)
    return spelt


_FORMS = frozenset(("", *_ENDINGS, *(f"{ending}s" for ending in _ENDINGS if not ending.endswith("s"))))


def same_word(typed: str, known: str) -> bool:
    """Whether a word is a form of a known one, and not one with letters changed round.

    >>> same_word("raten", "rate"), same_word("order's", "orders"), same_word("salse", "sales")
    (True, True, False)
    """
    typed, known = typed.removesuffix("'s"), known.removesuffix("'s")
    shared = range(min(len(typed), len(known)), 2, -1)
    return any(
        typed[:at] == known[:at] and typed[at:] in _FORMS and known[at:] in _FORMS for at in shared
    ) or (typed == known)


def mentions(text: str, known: Lexicon) -> list[Mention]:
    """The KPIs that a plain sentence names, the longest phrase winning where they overlap, left to right."""
    words = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]
    found: list[Mention] = []
    for first in range(len(words)):
        for last in range(min(first + known.longest, len(words)), first, -1):
            key = tuple(stem(word) for word, _, _ in words[first:last])
            if key in known.by_stems:
                typed = [word for word, _, _ in words[first:last]]
                spelt = any(all(map(same_word, typed, form)) for form in known.forms.get(key, ()))
                found.append(Mention(known.by_stems[key], words[first][1], words[last - 1][2], spelt))
                break
    if _JAPANESE.search(text):
        for phrase, kpi in known.by_text.items():
            for match in re.finditer(re.escape(phrase), text):
                found.append(Mention(kpi, match.start(), match.end()))
    found.sort(key=lambda mention: (mention.start - mention.end, mention.start))
    kept: list[Mention] = []
    for mention in found:
        if all(mention.end <= other.start or mention.start >= other.end for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention.start)


def nearest_kpis(text: str, known: Lexicon, limit: int = 4) -> list[str]:
    """KPIs whose words most resemble some stretch of the sentence, best first."""
    words = [word for word in _WORD.findall(text) if not word.isdigit()]
    stretches = {" ".join(words[at : at + n]) for n in (1, 2, 3) for at in range(len(words) - n + 1)}
    scores: dict[str, float] = {}
    for phrase, kpi in known.by_stems.items():
        joined = " ".join(phrase)
        for stretch in stretches:
            stems = " ".join(stem(word) for word in stretch.split())
            if abs(len(stems) - len(joined)) > 6:
                continue
            score = difflib.SequenceMatcher(None, stems, joined).ratio()
            if score > max(0.74, scores.get(kpi, 0)):
                scores[kpi] = score
    return sorted(scores, key=lambda kpi: -scores[kpi])[:limit]
