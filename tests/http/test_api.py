"""Files sent by programs: the same receipt, every refusal in words, and the description that says so."""

from __future__ import annotations

import asyncio
import gzip
import json
import sqlite3
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import openapi_spec_validator
import pytest
from jsonschema import Draft202012Validator
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from kpi_tree import api, clock, workspace
from kpi_tree.api.bearer import GUESSES
from kpi_tree.api.uploads import receive
from kpi_tree.store import Home
from kpi_tree.workspace import Asker
from kpi_tree.workspace.intake.api_tokens import BURST

OWNER = Asker("Kari", "owner")
SIZES = b"market,month,value\nno,2026-01-01,5\nse,2026-01-01,7\n"
ORDERS = b"order_id,ordered_at,customer_id,currency\n1,2026-01-01T10:00:00Z,c1,NOK\n"
GZIPPED = gzip.compress(SIZES)
LIMIT = 100_000

Call = Callable[..., Any]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home.open(tmp_path / "home")


@pytest.fixture
def server(home: Home) -> Iterator[TestClient]:
    """The API alone, on that home, with a small limit of size."""
    app = Starlette(routes=api.routes(lambda: home, api.ApiLimits(file_bytes=LIMIT)))
    with TestClient(app, base_url="http://localhost") as made:
        yield made


@pytest.fixture
def token(home: Home) -> dict[str, str]:
    """The header of a token that may fill everything."""
    return {"authorization": f"Bearer {workspace.make_token(home, OWNER, 'till')[1]}"}


def only(home: Home, *tables: str) -> dict[str, str]:
    """The header of a token for some tables."""
    return {
        "authorization": f"Bearer {workspace.make_token(home, OWNER, '+'.join(tables), tables=tables)[1]}"
    }


def test_a_file_gets_the_receipt_that_a_person_would_get(
    server: TestClient, home: Home, token: dict[str, str]
) -> None:
    dry = server.post("/api/batches?name=m.csv&as=market_size&dry_run=1", content=SIZES, headers=token)
    assert (dry.status_code, dry.json()["dry_run"], dry.json()["accepted"]) == (200, True, 2)
    assert workspace.batches(home, OWNER) == []

    made = server.post("/api/batches?name=m.csv&as=market_size", content=SIZES, headers=token)
    assert (made.status_code, made.json()["accepted"], made.json()["repeated"]) == (201, 2, False)
    (batch,) = workspace.batches(home, OWNER)
    assert made.headers["location"] == f"/api/batches/{batch.batch}"
    assert batch.who.startswith("till (")

    form = {"files": {"file": ("sub/dir/m.csv", SIZES)}, "data": {"as": "market_size"}}
    again = server.post("/api/batches", headers=token, **form)
    assert (again.status_code, again.json()["repeated"], again.json()["batch"]) == (200, True, batch.batch)
    assert again.json()["file"] == "m.csv", "a name is never a path"

    seen = server.get(made.headers["location"], headers=token).json()
    assert (seen["status"], seen["file"], seen["accepted"]) == ("active", "m.csv", 2)


def test_a_question_says_how_it_is_answered_and_a_refusal_which_rows(
    server: TestClient, token: dict[str, str]
) -> None:
    packed = {**token, "content-encoding": "gzip", "content-type": "application/x-www-form-urlencoded"}
    asked = gzip.compress(b"KPI,Date,Value\nconversion_rate,2026-03-01,5\n")
    question = server.post("/api/batches?name=a.csv", content=asked, headers=packed)
    assert (question.status_code, question.json()["option"]) == (422, "percent")
    (answer,) = [one for one in question.json()["answers"] if one["means"] == "5 %"]
    said = {"name": "a.csv", "mapping": json.dumps(answer["mapping"])}
    done = server.post("/api/batches", params=said, content=asked, headers=packed)
    assert (done.status_code, done.json()["accepted"]) == (201, 1)

    bad = SIZES + b"dk,never,5\n"
    whole = {"name": "m.csv", "as": "market_size", "all_or_nothing": "true"}
    refused = server.post("/api/batches", params=whole, content=bad, headers=token)
    assert refused.json()["detail"].startswith("1 of the 3 rows cannot be used")
    assert [one["row"] for one in refused.json()["receipt"]["issues"]] == [4]
    good = {**whole, "all_or_nothing": "false"}
    assert server.post("/api/batches", params=good, content=bad, headers=token).json()["rejected"] == 1


def test_a_token_for_one_table_fills_no_other(server: TestClient, home: Home) -> None:
    market = only(home, "market_size")
    before = sorted(path.name for path in home.files.rglob("*")) if home.files.exists() else []
    refused = server.post("/api/batches?name=o.csv", content=ORDERS, headers=market)
    assert refused.status_code == 403
    assert "orders" in refused.json()["detail"]
    assert workspace.batches(home, OWNER) == []
    assert (sorted(path.name for path in home.files.rglob("*")) if home.files.exists() else []) == before
    loaded = workspace.load_file(home, OWNER, ORDERS, "o.csv")
    known = server.post("/api/batches?name=o.csv", content=ORDERS, headers=market)
    assert known.status_code == 403, "nor is it told what others loaded"
    assert server.get(f"/api/batches/{loaded.batch}", headers=market).status_code == 404
    lines = b"order_id,ordered_at,currency,sku,quantity,unit_price\n9,2026-01-01,NOK,a,2,5\n"
    more = server.post("/api/batches?name=l.csv", content=lines, headers=only(home, "order_lines"))
    assert more.status_code == 403
    assert "fills order_lines, orders; this token may fill order_lines only" in more.json()["detail"]
    assert "--table order_lines --table orders" in more.json()["remedy"]
    both = only(home, "order_table")
    assert server.post("/api/batches?name=l.csv", content=lines, headers=both).status_code == 201
    orders = only(home, "orders")
    assert server.post("/api/batches?name=o.csv", content=ORDERS, headers=orders).status_code == 200


def _calls(home: Home, token: dict[str, str]) -> dict[tuple[str, str, int], Any]:
    """Every answer that the description names, with a request that gets it."""
    post, look, told = "/api/batches", "/api/batches/{batch}", "/api/openapi.json"
    workspace.save_mapping(
        home, OWNER, "POS",
        {"table": "market_size", "columns": {"Sted": "market", "Mnd": "month", "Sum": "value"}},
        source=b"Sted,Mnd,Sum\nno,2026-01-01,5\n", file="pos.csv", now=clock.now(),
    )  # fmt: skip

    def send(content: bytes = SIZES, query: str = "name=a.csv", **more: Any) -> Call:
        headers = {**token, **more.pop("headers", {})}
        return lambda server: server.post(f"{post}?{query}", content=content, headers=headers, **more)

    def spent(path: str) -> Call:
        def call(server: TestClient) -> Any:
            burnt = only(home, "orders" if path == post else "surveys")
            for _ in range(4 * BURST):  # on a slow machine some come back while they are spent
                if path == look:
                    answer = server.get("/api/batches/none", headers=burnt)
                else:
                    answer = server.post(post, content=SIZES, headers=burnt)
                if answer.status_code == 429:
                    break
            return answer

        return call

    def failing() -> Home:
        raise RuntimeError("not expected")

    def locked() -> Home:
        with closing(sqlite3.connect(home.database)) as db:  # as a home is that was put on a read-only disk
            db.execute("pragma wal_checkpoint(truncate)")
        return replace(home, read_only=True)

    def elsewhere(opened: Callable[[], Home], path: str) -> Call:
        def call(_: TestClient) -> Any:
            with TestClient(Starlette(routes=api.routes(opened)), base_url="http://localhost") as other:
                return other.request("GET" if path == look else "POST", path, headers=token)

        return call

    batch = workspace.load_file(home, OWNER, b"market,month,value\nno,2025-01-01,5\n", "x.csv").batch
    assert batch is not None
    return {
        (post, "post", 201): send(),
        (post, "post", 200): send(),
        (post, "post", 400): send(query="name=a.csv&dry_run=perhaps"),
        (post, "post", 401): lambda server: server.post(f"{post}?name=a.csv", content=SIZES),
        (post, "post", 403): send(ORDERS, headers=only(home, "customers")),
        (post, "post", 404): send(b"a,b\n1,2\n", query="name=a.csv&mapping=nobody"),
        (post, "post", 405): lambda server: server.get(post),
        (look, "get", 405): lambda server: server.post(f"{post}/{batch}"),
        (told, "get", 405): lambda server: server.options(told),
        (post, "post", 409): send(b"Sted,Mnd,Beloep\nno,2026-01-01,5\n", query="name=pos.csv&mapping=POS"),
        (post, "post", 413): send(b"x" * (LIMIT + 1)),
        (post, "post", 415): send(headers={"content-type": "application/json"}),
        (post, "post", 422): send(b"\x00\x01\x02 not a table"),
        (post, "post", 429): spent(post),
        (post, "post", 500): elsewhere(failing, post),
        (look, "get", 500): elsewhere(failing, look),
        (post, "post", 503): elsewhere(locked, post),
        (look, "get", 200): lambda server: server.get(
            send(SIZES.replace(b"7", b"8"))(server).headers["location"], headers=token
        ),
        (look, "get", 401): lambda server: server.get(f"{post}/{batch}"),
        (look, "get", 404): lambda server: server.get(f"{post}/{batch}", headers=token),
        (look, "get", 429): spent(look),
        (told, "get", 200): lambda server: server.get(told),
    }  # fmt: skip


def test_the_description_is_valid_and_every_answer_it_names_is_given(
    server: TestClient, home: Home, token: dict[str, str]
) -> None:
    described = server.get("/api/openapi.json").json()
    openapi_spec_validator.validate(described)
    calls = _calls(home, token)
    named = {
        (path, method, int(status))
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        for status in operation["responses"]
    }
    assert set(calls) == named
    for (path, method, status), call in calls.items():
        answer = call(server)
        assert answer.status_code == status, (path, method, status, answer.text)
        _suits(described, path, method, status, answer)


def _suits(described: dict[str, Any], path: str, method: str, status: int, answer: Any) -> None:
    """The answer is of the type and form that the description promises."""
    found = described["paths"][path][method]["responses"][str(status)]
    if "$ref" in found:
        found = described["components"]["responses"][found["$ref"].rsplit("/", 1)[1]]
    ((media, kind),) = found["content"].items()
    assert answer.headers["content-type"] == media
    assert not [name for name in found.get("headers", {}) if name.lower() not in answer.headers]
    Draft202012Validator({**kind["schema"], "components": described["components"]}).validate(answer.json())


@pytest.mark.parametrize(
    ("header", "lang", "words"),
    [
        ("nb-NO,nb;q=0.9", "nb", "Det finnes ingen innlasting"),
        ("fr;q=0.9, ja;q=0.2", "ja", "ありません"),
        ("de", "en", "There is no batch"),
        ("nb;q=x, ;;,", "en", "There is no batch"),
    ],
)
def test_problems_are_told_in_the_clients_language(
    server: TestClient, token: dict[str, str], header: str, lang: str, words: str
) -> None:
    answer = server.get("/api/batches/none", headers={**token, "accept-language": header})
    assert answer.headers["content-language"] == lang
    assert words in answer.json()["detail"]
    assert answer.json()["where"] == "none"
    assert answer.json()["remedy"]


@pytest.mark.parametrize(
    ("query", "more", "status"),
    [
        ("", {"content": SIZES}, 400),
        ("name=a.csv&unknown=1", {"content": SIZES}, 400),
        ("name=a.csv&as=orders&kpi=orders", {"content": SIZES}, 400),
        ("name=a.csv&mapping={nonsense", {"content": SIZES}, 400),
        ("name=a.csv", {"content": b""}, 400),
        ("", {"files": {"other": ("a.csv", SIZES)}}, 400),
        ("", {"files": {"file": ("", SIZES)}}, 400),
        ("", {"files": {"file": ("a.csv", b"")}}, 422),
        ("", {"files": [("file", ("a.csv", SIZES)), ("file", ("b.csv", SIZES))]}, 400),
        ("name=a.csv", {"content": b"--x", "headers": {"content-type": "multipart/form-data"}}, 400),
        ("", {"content": b"junk", "headers": {"content-type": "multipart/form-data; boundary=x"}}, 400),
        ("name=a.csv", {"content": SIZES, "headers": {"content-encoding": "gzip"}}, 400),
        ("name=a.csv", {"content": GZIPPED[:-9], "headers": {"content-encoding": "gzip"}}, 400),
        ("name=a.csv", {"content": GZIPPED + b"x", "headers": {"content-encoding": "gzip"}}, 400),
        ("name=a.csv", {"content": gzip.compress(b"x" * 9**7), "headers": {"content-encoding": "gzip"}}, 413),
        ("name=a.csv", {"content": SIZES, "headers": {"content-encoding": "br"}}, 415),
        ("name=a.csv&all_or_nothing=x", {"content": SIZES}, 400),
        ("name=a.csv&as=market_size&all_or_nothing=1", {"content": SIZES + b"se,x,1\n"}, 422),
        ("name=a.csv", {"data": {"a": "b"}}, 422),
        ("name=a.csv", {"content": SIZES, "headers": {"content-type": "text/html"}}, 415),
        ("", {"files": {"file": ("a.csv", b"x" * (LIMIT + 1))}}, 413),
        ("", {"files": {"file": ("a.csv", SIZES)}, "data": {"mapping": "x" * 300_000}}, 400),
        ("name=a.csv&timezone=Mars/Base", {"content": ORDERS}, 400),
        ("name=a.csv&as=nope", {"content": SIZES}, 422),
        ("name=a.csv&kpi=nope", {"content": SIZES}, 404),
        ('name=a.csv&mapping={"options":{"encoding":"klingon"}}', {"content": SIZES}, 422),
        ('name=a.csv&mapping={"options":{"delimiter":7}}', {"content": SIZES}, 422),
        ('name=a.csv&mapping={"options":{"corrections":5}}', {"content": SIZES}, 422),
        ('name=a.csv&mapping={"options":{"section":[9]}}', {"content": SIZES}, 422),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused_and_leaves_nothing(
    server: TestClient, home: Home, token: dict[str, str], query: str, more: dict[str, Any], status: int
) -> None:
    more = {**more, "headers": {**token, **more.get("headers", {})}}
    answer = server.post(f"/api/batches?{query}", **more)
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]
    assert workspace.batches(home, OWNER) == []


def test_a_body_without_a_length_is_cut_off_and_never_held_in_memory(
    server: TestClient, token: dict[str, str]
) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 50 * LIMIT:
            sent += 10_000
            yield b"x" * 10_000

    answer = server.post("/api/batches?name=a.csv", content=endless(), headers=token)
    assert answer.status_code == 413


@pytest.mark.parametrize("form", [False, True])
def test_a_large_file_goes_to_disk(tmp_path: Path, form: bool) -> None:
    block, blocks = b"x" * 65_536, 400
    kind = b"multipart/form-data; boundary=edge" if form else b"text/csv"
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' if form else b""
    tail = b"\r\n--edge--\r\n" if form else b""
    parts = iter([head, *[block] * blocks, tail])

    async def next_part() -> dict[str, Any]:
        part = next(parts, None)
        return {"type": "http.request", "body": part or b"", "more_body": part is not None}

    scope = {
        "type": "http", "method": "POST", "path": "/", "headers": [(b"content-type", kind)],
        "query_string": b"name=a.csv",
    }  # fmt: skip
    tracemalloc.start()
    sent = asyncio.run(receive(Request(scope, next_part), tmp_path, 64 << 20))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sent.path.stat().st_size == len(block) * blocks
    assert peak < 4 << 20, f"{peak} bytes of memory for a file of {len(block) * blocks}"


def test_guessing_is_slowed_down_and_a_right_token_still_goes_through(
    server: TestClient, token: dict[str, str]
) -> None:
    wrong = {"authorization": token["authorization"][:-4] + "xxxx"}
    other = {"authorization": "Bearer kt_000000000000_" + "x" * 43}
    seen = [server.get("/api/batches/none", headers=other).status_code for _ in range(GUESSES + 1)]
    assert seen == [401] * GUESSES + [429]
    assert server.get("/api/batches/none", headers=wrong).status_code == 401
    assert server.get("/api/batches/none", headers=token).status_code == 404
    assert server.get("/api/batches/none", headers={"authorization": "Basic eDp5"}).status_code == 401


def test_a_token_that_is_over_says_so(server: TestClient, home: Home) -> None:
    _, text = workspace.make_token(home, OWNER, "till", days=30, now=clock.now() - timedelta(days=31))
    answer = server.post(
        "/api/batches?name=a.csv", content=SIZES, headers={"authorization": f"Bearer {text}"}
    )
    assert (answer.status_code, answer.json()["detail"][:26]) == (401, "The token till ended at 20")
    assert "new token" in answer.json()["remedy"]
    assert answer.headers["www-authenticate"] == 'Bearer realm="kpi-tree", error="invalid_token"'


def test_a_fault_of_our_own_gives_a_number_and_no_detail(
    home: Home, token: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Home:
        raise RuntimeError(f"secret path {home.path}")

    with TestClient(Starlette(routes=api.routes(broken))) as server:
        answer = server.get("/api/batches/none", headers=token)
    assert answer.status_code == 500
    assert str(home.path) not in answer.text
    number = answer.json()["remedy"].split()[-1].strip(".")
    assert number in caplog.text
