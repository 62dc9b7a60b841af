"""Quotation marks in a sample of text: which of them stand around cells."""

from __future__ import annotations

import re


def around_words(sample: str) -> str:
    """The quote that stands around whole cells, in pairs, where cells stand apart by blanks; or none.

    >>> around_words('Alabama 13.2\\n"New York" 11.1\\n'), around_words("it's 3\\n")
    ('"', '')
    """
    for mark in ('"', "'"):
        pairs = len(re.findall(rf"(?<!\S){mark}[^{mark}\n]*{mark}(?!\S)", sample))
        if pairs and pairs * 2 == sample.count(mark):
            return mark
    return ""


def leads(sample: str, delimiter: str) -> bool:
    """Whether quotes open behind a delimiter and blanks, and each of them closes before the next.

    >>> leads('1, "a, b"\\n', ","), leads('1, "a" b\\n', ","), leads('1,"a"\\n', ",")
    (True, False, False)
    """
    sign = re.escape(delimiter)
    opened = len(re.findall(rf'{sign} +"', sample))
    closed = len(re.findall(rf'{sign} +"(?:[^"\\]|""|\\.)*"[ ]*(?={sign}|[\r\n]|$)', sample)) if opened else 0
    return 0 < opened == closed


def single_quoted(sample: str) -> bool:
    """Whether apostrophes stand around whole cells.

    >>> single_quoted("a,'b, c'\\n1,'d'\\n"), single_quoted("a,it's\\n1,he's\\n")
    (True, False)
    """
    found = re.findall(r"(?:^|[,;\t|])'(?:[^'\n]|'')*'(?=[,;\t|\r\n]|$)", sample, re.MULTILINE)
    return len(found) >= 2 and len(found) * 2.2 >= sample.count("'") * 0.8


def stray(sample: str) -> bool:
    """Whether quotation marks may be inches or other plain signs: none opens a cell, or one is left over.

    >>> stray('a,5" pipe\\n'), stray('a,"b"\\n')
    (True, False)
    """
    starts = len(re.findall(r'(?:^|[,;\t|])"', sample, re.MULTILINE))
    return starts == 0 or sample.count('"') % 2 == 1


def escaped(sample: str, delimiter: str, quote: str) -> bool:
    """Whether a backslash stands before a quote inside a cell; where all such cells end with it, it is part
    of a folder's name.

    >>> escaped('1,"say \\\\"hi\\\\""\\n', ",", '"'), escaped('1,"C:\\\\x\\\\",2\\n', ",", '"')
    (True, False)
    """
    return bool(re.search(rf"\\{quote}(?!{re.escape(delimiter)}|\s*$)", sample, re.MULTILINE))


def closed(lines: list[str], quote: str) -> list[str]:
    """Lines without those whose quotes stay open, where one of all their quotes is never closed.

    >>> closed(["a,b", '1,"x"', '2,"y'], '"'), closed(["a", '"x', 'y"'], '"')
    (['a,b', '1,"x"'], ['a', '"x', 'y"'])
    """
    if not quote or sum(line.count(quote) for line in lines) % 2 == 0:
        return lines
    whole = [line for line in lines if line.count(quote) % 2 == 0]
    return whole if 2 * len(whole) > len(lines) else lines
