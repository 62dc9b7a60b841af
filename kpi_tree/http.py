"""The app's own HTTP face: health, fonts, and the headers that every answer carries.

Everything here is plain ASGI, so that a websocket passes untouched and an answer is never held up.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import secrets
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import LANGUAGES, language_of

FONTS = Path(__file__).resolve().parent / "ui" / "fonts"

POLICY: Mapping[str, str] = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # the styles of the widgets are written by script
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "media-src": "'self' blob:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "frame-src": "'self'",
    "frame-ancestors": "'self'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
"""The content policy. No script from elsewhere, none written into a page, none made from text."""

HEADERS: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

BROWSER = "kpi_tree_browser"
"""The cookie that tells browsers apart, so that the overview knows the last visit. Holds no name."""
BROWSER_SECONDS = 400 * 24 * 3600

_CLOSED = ("/_stcore/metrics",)
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_FOREIGN_FONT = re.compile(r"<link\s+rel=\"preload\"\s+href=\"[^\"]*SourceSans[^\"]*\".*?/>", re.DOTALL)


def content_policy(html: str = "") -> str:
    """The content policy as one header line; inline scripts of ``html`` are let in by their hash.

    >>> "script-src 'self';" in content_policy()
    True
    >>> "'sha256-" in content_policy("<script>1</script>")
    True
    """
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"
        for code in _INLINE.findall(html)
    ]
    rules = {**POLICY, "script-src": " ".join([POLICY["script-src"], *hashes])}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def page_language(scope: Scope) -> str:
    """The language a page opens in: ``?lang=`` of the address, else what the browser asks for."""
    asked: str = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[0]
    if asked in LANGUAGES:
        return asked
    accepted = Headers(scope=scope).get("accept-language", "en")
    return language_of(accepted.split(",")[0].split(";")[0].strip())


def localised(html: str, lang: str) -> str:
    """The frame's page in its language, with our title, and without a font that we don't use."""
    html = html.replace('<html lang="en">', f'<html lang="{lang}">', 1)
    html = html.replace("<title>Streamlit</title>", "<title>KPI Tree</title>", 1)
    return _FOREIGN_FONT.sub("", html, count=1)


def browser_cookie(*, secure: bool) -> str:
    """The header that gives a browser its number; no script of a page can read it.

    >>> browser_cookie(secure=True).split("; ")[1:]
    ['Path=/', 'Max-Age=34560000', 'HttpOnly', 'SameSite=Lax', 'Secure']
    """
    parts = [
        "Path=/",
        f"Max-Age={BROWSER_SECONDS}",
        "HttpOnly",
        "SameSite=Lax",
        *(["Secure"] if secure else []),
    ]
    return "; ".join([f"{BROWSER}={secrets.token_urlsafe(16)}", *parts])


class SecurityHeaders:
    """Puts the security headers on every HTTP answer; closes the metrics to the public.

    Args:
        app: the next ASGI app.
        metrics: whether ``/_stcore/metrics`` answers (``KPI_TREE_METRICS=1`` by default asks for it).
    """

    def __init__(self, app: ASGIApp, metrics: bool | None = None) -> None:
        self.app = app
        self.metrics = os.environ.get("KPI_TREE_METRICS") == "1" if metrics is None else metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = _Answer(scope, send)
        scope = _uncompressed(scope)
        if scope["path"].startswith(_CLOSED) and not self.metrics:
            await PlainTextResponse("Not found", status_code=404)(scope, receive, answer)
            return
        await self.app(scope, receive, answer)


class AtOnce:
    """Has every connection send what it has at once.

    The listening socket that Streamlit makes keeps asyncio from asking for this by itself, and then a page's
    small messages wait for the browser's late acknowledgement: 40 ms of every run.

    Args:
        app: the next ASGI app.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # ASGI does not show the connection; under uvicorn it is behind the method that is called to read.
        line = getattr(getattr(receive, "__self__", None), "transport", None)
        found = line.get_extra_info("socket") if line is not None else None
        if found is not None and found.family in (socket.AF_INET, socket.AF_INET6):
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await self.app(scope, receive, send)


def _uncompressed(scope: Scope) -> Scope:
    """A page is asked for as it is: a compressed one could not be read here. The files stay compressed."""
    path = scope["path"]
    if "." in path.rsplit("/", 1)[-1] or path.startswith(("/_stcore/", "/media/", "/component/", "/static/")):
        return scope
    kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": kept}


class _Answer:
    """One answer on its way out. A page is held until it is whole, because its policy needs its scripts."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope, self.send = scope, send
        self.held: Message | None = None
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._start(message)
        elif message["type"] == "http.response.body" and self.held is not None:
            await self._page(message)
        else:
            await self.send(message)

    async def _start(self, message: Message) -> None:
        headers = MutableHeaders(raw=message.setdefault("headers", []))
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        kind = headers.get("content-type", "")
        whole = kind.startswith("text/html") and "content-encoding" not in headers
        if whole and self.scope["method"] == "GET" and message["status"] == 200:
            self.held = message
            return
        headers["content-security-policy"] = content_policy()
        await self.send(message)

    async def _page(self, message: Message) -> None:
        self.body += message.get("body", b"")
        if message.get("more_body") or self.held is None:
            return
        page = localised(self.body.decode("utf-8"), page_language(self.scope))
        start, self.held = self.held, None
        headers = MutableHeaders(raw=start["headers"])
        del headers["etag"], headers["last-modified"]
        headers["content-security-policy"] = content_policy(page)
        headers["content-length"] = str(len(page.encode()))
        if BROWSER not in cookie_parser(Headers(scope=self.scope).get("cookie", "")):
            headers.append("set-cookie", browser_cookie(secure=self.scope.get("scheme") == "https"))
        headers["vary"] = "Accept-Language"
        headers["cache-control"] = "no-cache"
        await self.send(start)
        await self.send({"type": "http.response.body", "body": page.encode(), "more_body": False})


_MARK = (
    '<rect width="32" height="32" rx="7" fill="#4353c4"/><g fill="none" stroke="#fff" stroke-width="2">'
    '<path d="M16 12v4M8 20v-4h16v4"/></g><g fill="#fff"><rect x="11" y="5" width="10" height="7" rx="2"/>'
    '<rect x="4" y="20" width="8" height="7" rx="2"/><rect x="20" y="20" width="8" height="7" rx="2"/></g>'
)
_SVG = '<svg xmlns="http://www.w3.org/2000/svg"'
ICON = f'{_SVG} viewBox="0 0 32 32">{_MARK}</svg>'
LOGO = (
    f'{_SVG} viewBox="0 0 148 32" width="148" height="32">{_MARK}<text x="42" y="22" font-size="17" '
    'font-family="Inter, system-ui, sans-serif" font-weight="650" fill="#5c6ae6">KPI Tree</text></svg>'
)


async def icon(_request: Request) -> Response:
    """The tab's icon. Streamlit would fetch one from a font service."""
    return Response(ICON, media_type="image/svg+xml", headers={"cache-control": "public, max-age=86400"})


async def font(request: Request) -> Response:
    """One of our own font files; nothing else of the disk."""
    name = request.path_params["name"]
    known = {path.name: path for path in FONTS.glob("*.woff2")}
    if name not in known:
        return PlainTextResponse("Not found", status_code=404)
    return FileResponse(
        known[name], media_type="font/woff2", headers={"cache-control": "public, max-age=31536000, immutable"}
    )


async def first_page(request: Request) -> Response:
    """The overview lives at the root; who types its name means it. Streamlit knows no such page."""
    path = request.url.path.rstrip("/").rpartition("/")[0] + "/"
    return RedirectResponse(f"{path}?{request.url.query}" if request.url.query else path, status_code=307)


def routes(health: Callable[[], Mapping[str, Any]], revisions: Callable[[], str]) -> list[Route]:
    """The app's own routes.

    Args:
        health: says how the home is; ``ok`` false makes ``/healthz`` answer 503.
        revisions: says how far plan and data have come, for the pages that wait for news; a home that cannot
            be opened makes ``/live`` answer 503.
    """

    async def live(_request: Request) -> Response:
        try:
            text, status = await run_in_threadpool(revisions), 200
        except KpiTreeError:
            text, status = "", 503
        return PlainTextResponse(text, status_code=status, headers={"cache-control": "no-store"})

    async def healthz(_request: Request) -> Response:
        state = await run_in_threadpool(health)
        status = 200 if state.get("ok") else 503
        return JSONResponse(dict(state), status_code=status, headers={"cache-control": "no-store"})

    return [
        Route("/overview", first_page, methods=["GET"]),
        Route("/overview/", first_page, methods=["GET"]),
        Route("/healthz", healthz, methods=["GET"]),
        Route("/live", live, methods=["GET"]),
        Route("/fonts/{name}", font, methods=["GET"]),
        Route("/favicon.png", icon, methods=["GET"]),
    ]
