"""What an address answers: a file with its name, a page to read, or a status that says why there is none."""

from __future__ import annotations

import http.client
import math
import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg, nmsg
from kpi_tree.sources.hosts import Target

ENDINGS = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/zip": ".zip",
    "application/gzip": ".gz",
}
LONGEST_WAIT = timedelta(days=1)
_FILE_NAME = re.compile(r"filename(?P<whole>\*)?=(?(whole)UTF-8'[^']*'|)\"?(?P<name>[^\";]+)", re.IGNORECASE)


class WaitError(Refused):
    """A server that says when to come again."""

    def __init__(self, message: Msg, wait: timedelta, *, place: str) -> None:
        minutes = math.ceil(wait / timedelta(minutes=1))
        remedy = nmsg(
            "It is asked again in a minute at the earliest.",
            "It is asked again in {n} minutes at the earliest.",
            minutes,
        )
        super().__init__(message, place=place, remedy=remedy)
        self.wait = wait


def refusal(message: Msg, target: Target, remedy: Msg | None = None) -> Refused:
    """A refusal of one address: its host is named, never the address, which may be a secret."""
    return Refused(message, place=target.host, remedy=remedy or msg("It is tried again with the next run."))


def refused_status(answer: http.client.HTTPResponse, target: Target) -> Refused:
    """What a status says that comes without a file."""
    status = str(answer.status)
    if answer.status in (401, 403):
        return refusal(
            msg("The address asks for a sign-in (status {status}).", status=status),
            target,
            msg("Publish the sheet so that everybody with the link can read it."),
        )
    if answer.status in (404, 410):
        return refusal(
            msg("There is nothing at this address any more (status {status}).", status=status),
            target,
            msg("Publish the sheet again, and set the new address."),
        )
    wait = wait_of(answer)
    if wait is not None and answer.status in (429, 503):
        words = msg("The server asks us to come back later (status {status}).", status=status)
        return WaitError(words, wait, place=target.host)
    if answer.status < 300:
        return refusal(msg("The address answers with nothing (status {status}).", status=status), target)
    return refusal(msg("The server answered with an error (status {status}).", status=status), target)


def wait_of(answer: http.client.HTTPResponse) -> timedelta | None:
    """How long a server asks us to wait; where it names a moment, by its own clock. At most a day."""
    said = (answer.getheader("Retry-After") or "").strip()
    if said.isdecimal():
        return timedelta(seconds=min(int(said[:9]), LONGEST_WAIT.total_seconds()))
    try:
        then, now = (parsedate_to_datetime(text) for text in (said, answer.getheader("Date") or ""))
        return min(max(then - now, timedelta(0)), LONGEST_WAIT)
    except (TypeError, ValueError):
        return None


def refuse_page(answer: http.client.HTTPResponse, out: Path, target: Target) -> None:
    """A page to read, such as a sign-in, is no data."""
    with out.open("rb") as stream:
        head = stream.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")) or (_kind(answer) == "text/html" and head[:1] == b"<"):
        raise refusal(
            msg("The address answers with a web page, not with a file."),
            target,
            msg("Publish the sheet as CSV, and set the address that downloads it."),
        )


def name_of(answer: http.client.HTTPResponse, target: Target) -> str:
    """What to call the file: as the server says, else the address' last part, with a fitting ending."""
    said = {bool(one["whole"]): one["name"] for one in _said(answer)}
    name = unquote(said.get(True) or said.get(False) or target.path.split("?")[0].rsplit("/", 1)[-1])
    name = name.replace("\\", "/").rsplit("/", 1)[-1].strip() or target.host
    ending = ENDINGS.get(_kind(answer), "")
    return name if not ending or "." in name[-6:] else f"{name}{ending}"


def _said(answer: http.client.HTTPResponse) -> list[re.Match[str]]:
    """The names that a server gives: one for all programs, one with all letters."""
    return list(_FILE_NAME.finditer(answer.getheader("Content-Disposition") or ""))


def _kind(answer: http.client.HTTPResponse) -> str:
    return (answer.getheader("Content-Type") or "").split(";")[0].strip().lower()
