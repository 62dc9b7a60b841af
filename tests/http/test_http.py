"""Health, fonts and headers, through the real app."""

from __future__ import annotations

import re
import socket
import threading
import tomllib
from pathlib import Path
from urllib.request import urlopen

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from kpi_tree import workspace
from kpi_tree.http import FONTS, AtOnce, content_policy, localised
from kpi_tree.ui.shell import start


def test_health_tells_the_home(client: TestClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    state = answer.json()
    assert state["ok"] is True
    assert state["writable"] is True
    assert state["integrity"] == "ok"
    assert "/" not in "".join(str(value) for value in state.values())


def test_health_says_no_when_the_database_cannot_be_written(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the home should be")
    monkeypatch.setenv("KPI_TREE_HOME", str(blocked))
    for path in ("/healthz", "/live"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert str(tmp_path) not in answer.text


def test_a_page_that_waits_for_news_sees_every_revision_move(client: TestClient) -> None:
    before = client.get("/live")
    workspace.new_plan(start.home(), start.OWNER, template="increase_sales")
    after = client.get("/live")
    assert before.status_code == after.status_code == 200
    assert after.headers["cache-control"] == "no-store"
    (data, plan, remarks), now = before.text.split("."), after.text.split(".")
    assert (data, remarks) == (now[0], now[2])
    assert int(now[1]) > int(plan)


@pytest.mark.parametrize(
    "path", ["/", "/tree?kpi=sales", "/healthz", "/live", "/_stcore/health", "/fonts/none.woff2"]
)
def test_every_answer_carries_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    policy = headers["content-security-policy"]
    scripts = re.search(r"script-src ([^;]*)", policy)
    assert scripts is not None
    assert "unsafe" not in scripts.group(1)
    assert "frame-ancestors 'self'" in policy


@pytest.mark.parametrize("query", ["", "?lang=nb&at=2026-05-04"])
def test_the_overview_typed_by_its_name_is_the_first_page(client: TestClient, query: str) -> None:
    answer = client.get(f"/overview{query}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, f"/{query}")


def test_a_page_opens_in_its_language_and_its_inline_script_is_let_in(client: TestClient) -> None:
    page = client.get("/data?lang=ja")
    assert '<html lang="ja">' in page.text
    assert "<title>KPI Tree</title>" in page.text
    assert "sha256-" in page.headers["content-security-policy"]
    assert int(page.headers["content-length"]) == len(page.content)
    packed = client.get("/tree", headers={"accept-encoding": "gzip"})
    assert "sha256-" in packed.headers["content-security-policy"]
    asked = client.get("/", headers={"accept-language": "nb-NO,nb;q=0.9"})
    assert '<html lang="nb">' in asked.text


def test_fonts_are_served_and_nothing_else(client: TestClient) -> None:
    for path in FONTS.glob("*.woff2"):
        answer = client.get(f"/fonts/{path.name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "font/woff2"
        assert answer.content == path.read_bytes()
    for name in ("OFL.txt", "..%2f..%2fhttp.py", "x"):
        assert client.get(f"/fonts/{name}").status_code in (400, 404)


def test_metrics_are_closed(client: TestClient) -> None:
    assert client.get("/_stcore/metrics").status_code == 404


def test_policy_without_a_page_has_no_hash() -> None:
    assert "sha256" not in content_policy("<p>text</p>")
    assert localised("<p>x</p>", "nb") == "<p>x</p>"


PINNED = {
    ("browser", "gatherUsageStats"): False,
    ("client", "showErrorDetails"): "none",
    ("client", "toolbarMode"): "minimal",
    ("runner", "postScriptGC"): False,
    ("server", "enableCORS"): True,
    ("server", "enableXsrfProtection"): True,
    ("server", "enableStaticServing"): False,
    ("server", "enableAgentApi"): False,
}


def test_settings_are_pinned(root: Path) -> None:
    settings = tomllib.loads((root / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    for (section, name), value in PINNED.items():
        assert settings[section][name] == value, name
    assert "*" not in settings["server"]["allowedHosts"]
    assert settings["server"]["disconnectedSessionTTL"] <= 120
    faces = {face["url"].removeprefix("/fonts/") for face in settings["theme"]["fontFaces"]}
    assert faces == {path.name for path in FONTS.glob("*.woff2")}


def test_the_real_app_serves_it_without_cookies_or_other_sites(client: TestClient) -> None:
    """Through all of the app's own layers, next to Streamlit's answers."""
    body = b"market,month,value\nno,2026-01-01,5\nse,2026-01-01,7\n"
    _, text = workspace.make_token(start.home(), start.OWNER, "program")
    headers = {"authorization": f"Bearer {text}", "origin": "https://elsewhere.example"}
    answer = client.post("/api/batches?name=m.csv&as=market_size", content=body, headers=headers)
    assert answer.status_code == 201
    assert answer.json()["accepted"] == 2
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    for one in (
        answer,
        client.options("/api/batches", headers={**headers, "access-control-request-method": "POST"}),
    ):
        assert not {"set-cookie", "access-control-allow-origin"} & set(one.headers)
    assert client.options("/api/batches", headers=headers).status_code == 405
    lost = client.get("/api/nothing", headers={"accept-language": "nb"})
    assert (lost.status_code, lost.headers["content-type"]) == (404, "application/problem+json")
    assert client.cookies.get("_streamlit_xsrf") is None or "api" not in str(client.cookies)


def test_small_messages_leave_at_once() -> None:
    """A listening socket as Streamlit makes it: asyncio leaves Nagle's waiting on for its connections."""
    seen: list[int] = []

    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        line = receive.__self__.transport.get_extra_info("socket")  # type: ignore[attr-defined]
        seen.append(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        await PlainTextResponse("")(scope, receive, send)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        for app in (inside, AtOnce(inside)):
            server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error"))
            running = threading.Thread(target=server.run, kwargs={"sockets": [listening.dup()]})
            running.start()
            urlopen(f"http://127.0.0.1:{listening.getsockname()[1]}/", timeout=15).close()
            server.should_exit = True
            running.join(15)
    assert seen[1] == 1, seen
