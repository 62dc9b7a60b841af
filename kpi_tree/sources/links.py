"""Addresses as a browser shows them, and those that download the same sheet."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_SHEET = re.compile(r"/spreadsheets/(?P<key>(?:u/\d+/)?d/(?!e/)[\w-]+)(?:/(?:edit|view|preview|htmlview)?)?")
_PUBLISHED = re.compile(r"/spreadsheets/d/e/[\w-]+/pubhtml")


def download_of(url: str) -> str:
    """The address that downloads a sheet, where the one given shows it on a page; any other as it is.

    >>> download_of("https://docs.google.com/spreadsheets/d/KEY/edit?usp=sharing#gid=7")
    'https://docs.google.com/spreadsheets/d/KEY/export?format=csv&gid=7'
    >>> download_of("https://docs.google.com/spreadsheets/d/e/KEY/pubhtml?gid=7&single=true")
    'https://docs.google.com/spreadsheets/d/e/KEY/pub?gid=7&single=true&output=csv'
    >>> download_of("https://shop.sharepoint.com/:x:/g/EaB?e=9")
    'https://shop.sharepoint.com/:x:/g/EaB?e=9&download=1'
    >>> download_of("https://www.dropbox.com/s/ab/sales.csv?dl=0")
    'https://www.dropbox.com/s/ab/sales.csv?dl=1'
    >>> download_of("https://example.com/sales.csv")
    'https://example.com/sales.csv'
    """
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return url.strip()  # refused where addresses are looked at
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    if host == "docs.google.com" and (found := _SHEET.fullmatch(parts.path)):
        sheet = dict(parse_qsl(parts.fragment)).get("gid") or asked.get("gid")
        kept = {"format": "csv", **({"gid": sheet} if sheet else {})}
        return urlunsplit(
            (parts.scheme, parts.netloc, f"/spreadsheets/{found['key']}/export", urlencode(kept), "")
        )
    if host == "docs.google.com" and _PUBLISHED.fullmatch(parts.path):
        more, path = {**asked, "output": "csv"}, parts.path.removesuffix("html")
        return urlunsplit((parts.scheme, parts.netloc, path, urlencode(more), ""))
    if host.endswith(".sharepoint.com") and parts.path.startswith("/:"):
        return parts._replace(query=urlencode({**asked, "download": "1"}), fragment="").geturl()
    if host in ("dropbox.com", "www.dropbox.com") and "dl" in asked:
        return parts._replace(query=urlencode({**asked, "dl": "1"})).geturl()
    return url.strip()
