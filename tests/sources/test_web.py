"""A published sheet: fetched when it changed, within its bounds, never from the own network."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kpi_tree import workspace
from kpi_tree.errors import Refused
from kpi_tree.sources import Bounds, hosts
from kpi_tree.sources import web as fetching
from kpi_tree.store import Home
from kpi_tree.workspace import Asker, SourceRun

HOUR = timedelta(hours=1)


@pytest.fixture
def sheet(home: Home, owner: Asker, bounds: Bounds, now: datetime, web) -> Callable[[int], SourceRun]:  # type: ignore[no-untyped-def]
    """A sheet on our own server, run at the n-th hour."""
    workspace.add_source(
        home, owner, "Sheet", kind="url", place={"url": web.url()}, reading={"as_table": "market_size"},
        schedule="1h", bounds=bounds, now=now,
    )  # fmt: skip

    def run(hour: int) -> SourceRun:
        (done,) = workspace.tick(home, owner, now=now + hour * HOUR, bounds=bounds)
        return done

    return run


def test_it_is_asked_for_only_what_changed(home: Home, owner: Asker, sheet, web, sizes) -> None:  # type: ignore[no-untyped-def]
    web.body, web.headers = sizes(("no", "2026-01-01", 5)), {"ETag": '"one"', "Content-Type": "text/csv"}
    first = sheet(0)
    assert (first.outcome, first.receipts[0]["accepted"], first.receipts[0]["file"]) == (
        "loaded", 1, "sheet.csv",
    )  # fmt: skip
    assert sheet(1).outcome == "unchanged"
    assert web.asked[1]["if-none-match"] == '"one"'
    web.headers = {"ETag": '"two"'}
    assert sheet(2).outcome == "unchanged", "another mark, the same content"
    web.body, web.headers = sizes(("no", "2026-01-01", 6)), {"Last-Modified": "Mon, 02 Mar 2026 10:00:00 GMT"}
    assert sheet(3).receipts[0]["changed"] == 1
    assert len(workspace.batches(home, owner)) == 2


def test_what_it_said_before_counts_again_when_it_says_so_again(
    home: Home, owner: Asker, sheet, web, sizes
) -> None:  # type: ignore[no-untyped-def]
    for hour, value in enumerate((5, 6, 5)):
        web.body = sizes(("no", "2026-01-01", value))
        done = sheet(hour)
        assert done.outcome == "loaded"
    assert done.receipts[0]["changed"] == 1
    active = [one for one in workspace.batches(home, owner) if one.active]
    assert len(active) == 2
    assert workspace.check(home, owner)["ok"]


def test_what_it_says_now_counts_before_a_file_whose_last_record_is_later(
    home: Home, owner: Asker, sheet, web, sizes, now: datetime
) -> None:  # type: ignore[no-untyped-def]
    uploaded = sizes(("no", "2026-01-01", 9), ("no", "2026-02-01", 7))
    workspace.load_file(home, owner, uploaded, "sizes.csv", as_table="market_size", now=now)
    web.body = sizes(("no", "2026-01-01", 5))
    receipt = sheet(0).receipts[0]
    assert (receipt["changed"], receipt.get("behind", 0)) == (1, 0)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 404}, "nothing at this address"),
        ({"status": 403}, "asks for a sign-in"),
        ({"status": 500}, "answered with an error"),
        ({"status": 204}, "answers with nothing"),
        ({"status": 429, "headers": {"Retry-After": "3601"}}, "status 429.*asked again in 61 minutes"),
        ({"body": b"<!doctype html><title>Sign in</title>"}, "web page"),
        ({"body": b"a,b\n1", "length": 100}, "broke off"),
        ({"body": b"x" * 3000}, "larger than"),
        ({"body": b"a" * 100, "drip": 0.05}, "did not answer within"),
        ({"status": 302, "headers": {"Location": "/sheet"}}, "again and again"),
        ({"status": 302, "headers": {"Location": "http://169.254.169.254/latest"}}, "own network"),
        ({"status": 302, "headers": {"Location": "file:///etc/passwd"}}, "not an address of the web"),
    ],
)
def test_a_bad_answer_is_refused_in_words(bounds: Bounds, web, tmp_path, answer, words) -> None:  # type: ignore[no-untyped-def]
    for name, value in answer.items():
        setattr(web, name, value)
    # Only the one that drips may run out of time: also a slow machine answers the others within a minute.
    within = replace(bounds, seconds=0.4 if "drip" in answer else 60, file_bytes=2000)
    with pytest.raises(Refused, match=words):
        fetching.fetch(web.url(), tmp_path / "out", marks={}, bounds=within)


def test_a_server_that_is_gone_fails_and_is_tried_again(
    home: Home, owner: Asker, bounds: Bounds, now: datetime
) -> None:
    workspace.add_source(
        home, owner, "Gone", kind="url", place={"url": "http://127.0.0.1:9/x"}, schedule="daily 06:00",
        bounds=bounds, now=now,
    )  # fmt: skip
    (first,) = workspace.tick(home, owner, now=now, bounds=bounds)
    assert first.outcome == "failed"
    assert "No server answers" in str(first.problem)
    (source,) = workspace.sources(home, owner, now=now)
    assert (source.state, source.next_run) == ("failing", now + timedelta(minutes=5))
    workspace.tick(home, owner, now=now + timedelta(minutes=5), bounds=bounds)
    (source,) = workspace.sources(home, owner, now=now)
    assert source.next_run == now + timedelta(minutes=20), "and later each time"
    assert source.failing_since is not None
    assert source.failing_since < now + timedelta(minutes=1)


def test_who_is_asked_to_wait_waits(home: Home, owner: Asker, sheet, web, now: datetime, sizes) -> None:  # type: ignore[no-untyped-def]
    web.status, web.headers = 503, {"Retry-After": "7200"}
    assert sheet(0).outcome == "failed"
    (source,) = workspace.sources(home, owner, now=now)
    assert source.next_run == now + 2 * HOUR, "not at the usual hour, nor after the usual wait"
    web.status, web.headers, web.body = 200, {}, sizes(("no", "2026-01-01", 5))
    assert sheet(2).outcome == "loaded"


def test_a_cookie_on_the_way_is_shown_to_its_own_host_only(bounds: Bounds, web, tmp_path) -> None:  # type: ignore[no-untyped-def]
    web.status, web.headers = 302, {"Set-Cookie": "FedAuth=77u/PD94==; path=/; secure", "Location": "/again"}
    with pytest.raises(Refused, match="again and again"):
        fetching.fetch(web.url(), tmp_path / "out", marks={}, bounds=bounds)
    assert [one.get("cookie") for one in web.asked[:2]] == [None, "FedAuth=77u/PD94=="]
    web.asked.clear()
    web.headers["Location"] = web.url("/other").replace("127.0.0.1", "localhost")
    with pytest.raises(Refused, match="again and again"):
        fetching.fetch(web.url(), tmp_path / "out", marks={}, bounds=bounds)
    assert [one.get("cookie") for one in web.asked[:2]] == [None, None]


def test_another_address_of_the_machine_is_asked_where_one_does_not_answer(bounds: Bounds, web) -> None:  # type: ignore[no-untyped-def]
    web.body = b"a,b"
    found = replace(hosts.resolve(web.url(), bounds), ip="127.0.0.9", others=("127.0.0.1",))
    with closing(fetching.connection_to(found, 5.0)) as line, line.ask({}) as answer:
        assert answer.read() == b"a,b"


@pytest.mark.parametrize(
    ("said", "name"),
    [('attachment; filename="a.csv"; filename*=UTF-8\'\'%C3%A5%20b.csv', "å b.csv"),
     ("attachment; filename=a%20b.csv", "a b.csv"), ('inline; filename="../../etc/passwd"', "passwd.csv"),
     ("attachment", "sheet.csv")],
)  # fmt: skip
def test_a_file_is_called_as_the_server_says(bounds: Bounds, web, tmp_path, said: str, name: str) -> None:  # type: ignore[no-untyped-def]
    web.body, web.headers = b"a,b", {"Content-Disposition": said, "Content-Type": "text/csv; charset=utf-8"}
    done = fetching.fetch(web.url(), tmp_path / "out", marks={}, bounds=bounds)
    assert done is not None
    assert done.name == name


def test_an_address_that_shows_a_sheet_is_kept_as_the_one_that_downloads_it(home: Home, owner: Asker) -> None:
    url = "https://docs.google.com/spreadsheets/d/KEY/edit#gid=3"
    made = workspace.add_source(home, owner, "S", kind="url", place={"url": url})
    assert made.settings["place"]["url"].endswith("/d/KEY/export?format=csv&gid=3")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x", "http://localhost/x", "http://[::1]/x", "http://10.0.0.1/x", "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data", "http://0.0.0.0/", "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/", "http://2130706433/", "http://127.1/", "http://100.64.0.1/", "http://[fd00::1]/",
    ],
)  # fmt: skip
def test_the_own_network_is_not_asked(url: str) -> None:
    with pytest.raises(Refused, match="own network"):
        hosts.resolve(url, Bounds())


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/x",
        "file:///etc/passwd",
        "https://",
        "javascript:1",
        "https://u:p@example.com/",
        "x",
    ],
)
def test_only_addresses_of_the_web_are_kept(url: str, home: Home, owner: Asker) -> None:
    with pytest.raises(Refused):
        workspace.add_source(home, owner, "X", kind="url", place={"url": url}, bounds=Bounds())
    assert workspace.sources(home, owner) == []


def test_the_list_shows_the_host_only(home: Home, owner: Asker, now: datetime) -> None:
    """The address of a published sheet is what lets one read it."""
    url = "https://docs.example.com/secret-key/pub?output=csv"
    workspace.add_source(home, owner, "Sheet", kind="url", place={"url": url}, bounds=Bounds(), now=now)
    seen = workspace.sources(home, Asker("Ola", "viewer"), now=now)[0]
    assert "secret-key" not in repr(seen)
    assert seen.where == "docs.example.com"
    assert workspace.sources(home, owner, now=now)[0].settings["place"]["url"] == url
