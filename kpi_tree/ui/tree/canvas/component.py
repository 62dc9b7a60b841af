"""The tree canvas as a Streamlit component (v2, packaged, its own shadow root)."""

from __future__ import annotations

import hashlib
import json
import math
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import streamlit as st

from kpi_tree.exchange.canvas_words import canvas_texts
from kpi_tree.ui.tree.canvas.events import EDITS

NAME = "kpi-tree.tree_canvas"
ANSWERED = EDITS | {"undo", "redo"}
LATELY = 60  # so many new cards a browser may not have heard of


@dataclass
class _Memory:
    """What one session knows of one canvas between reruns.

    ``selection`` is what was last given to the browser, with the last event it rests on; it is left as it was
    while the browser's own selection agrees with Python's, so that a click sends no new data back.
    ``turn`` is held while events are carried out: a run of the whole page may begin while the one before it
    still does so, and what a person did next rests on what they did first.
    """

    token: str = field(default_factory=lambda: uuid.uuid4().hex[:10])
    count: int = 0
    selection: dict[str, Any] | None = None
    browser_has: str | None = None
    seen: dict[str, int] = field(default_factory=dict)
    ack: dict[str, Any] | None = None
    to_ack: dict[str, Any] | None = None
    drawn: tuple[Any, Any, bytes, bytes] | None = None
    made: dict[str, str] = field(default_factory=dict)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def tree(self, views: Sequence[Any], edges: Sequence[Any]) -> tuple[bytes, bytes]:
        """Views and edges as JSON, and its hash; written anew only when they differ (it is slow)."""
        if self.drawn is None or views != self.drawn[0] or edges != self.drawn[1]:
            text = as_json({"views": list(views), "edges": list(edges)})[1:].encode()
            mark = hashlib.blake2s(text, digest_size=8).digest()
            self.drawn = (list(views), list(edges), text, mark)
        return self.drawn[2], self.drawn[3]

    @property
    def answer(self) -> dict[str, Any] | None:
        """Which edits of the browser were answered, and the ids of the cards it added last."""
        return self.ack and {**self.ack, "made": dict(list(self.made.items())[-LATELY:])}

    def select(self, wanted: str | None) -> None:
        if self.selection is not None and wanted == self.browser_has:
            return
        self.count += 1
        source, seq = next(iter(self.seen.items()), ("", 0))
        token = f"{self.token}:{self.count}"
        self.selection = {"id": wanted, "token": token, "source": source, "seq": seq}
        self.browser_has = wanted

    def take(self, payload: Any) -> dict[str, Any] | None:
        """The new events of a payload as one event; ``None`` where all were seen before."""
        if not isinstance(payload, Mapping):
            return None
        source = str(payload.get("source"))
        last = self.seen.get(source, 0)
        fresh = [e for e in payload.get("events") or () if isinstance(e, dict) and e.get("seq", 0) > last]
        if not fresh:
            return None
        self.seen = {source: max(e["seq"] for e in fresh)}
        for event in fresh:
            if event.get("type") == "select":
                self.browser_has = event.get("id")
        if any(event.get("type") in ANSWERED for event in fresh):
            self.to_ack = {"source": source, "seq": self.seen[source]}
        return fresh[0] if len(fresh) == 1 else {"type": "batch", "events": fresh}


@cache
def _component() -> Any:
    return st.components.v2.component(NAME, js="index.js", css="canvas.css")


def _memory(key: str) -> _Memory:
    name = f"_canvas_memory_{key}"
    found = st.session_state.get(name)
    if not isinstance(found, _Memory):
        found = st.session_state[name] = _Memory()
    return found


def made_on(key: str) -> dict[str, str]:
    """What the cards added on a canvas in this session became: temporary name to id, to be kept up by
    :func:`kpi_tree.ui.tree.canvas.events.apply_event` and told to the browser with its answers.
    """
    return _memory(key).made


def heard_of(key: str) -> tuple[str, int]:
    """Which page in the browser a canvas was last heard from, and the number of its last event."""
    return next(iter(_memory(key).seen.items()), ("", 0))


def tree_canvas(
    views: Sequence[Mapping[str, Any]],
    edges: Sequence[Mapping[str, Any]],
    *,
    selected: str | None,
    key: str,
    texts: Mapping[str, str] | None = None,
    lang: str = "en",
    height: int | None = None,
    editable: bool = True,
    legend: Sequence[Mapping[str, str]] = (),
    notice: str = "",
    offers: Sequence[tuple[str, str, str]] = (),
    on_event: Callable[[dict[str, Any]], None] | None = None,
) -> dict[str, Any] | None:
    """Mount the canvas and give back what the person did on it, or ``None``.

    Args:
        views: one mapping a node (not to be changed in place afterwards): ``id name kind owner unit actual
            actual_text target_text status status_text attainment expected_share spark spark_path
            freshness_text formula order stale``; also understood:
            ``then_text change_text`` (what it is compared with instead of a target),
            ``diff`` (of a comparison: ``added removed changed moved same``), ``assumption`` (bool),
            ``lint`` (count), ``unread`` (count), ``guardrail`` (bool), ``source_text`` (what is wrong
            with a source that feeds it), ``state`` (of an action).
            Shares are fractions. Texts are shown as they are, never as markup.
        edges: one mapping a line: ``parent child kind operator sign``; operators ``× ÷ + −`` or empty. Also
            ``weight`` (0 to 1: how wide it is drawn), ``label`` beside it, ``way`` (``good bad`` or empty).
        selected: id that Python wants selected; the canvas follows when it changes.
        key: names the mounted canvas, and its remembered view in the browser tab.
        texts: words that replace those of :func:`canvas_texts`.
        height: pixels; without it the canvas takes about 72 % of the window.
        editable: without it, the canvas shows and selects and nothing else.
        legend: ``key`` (as the ``diff`` of views and edges) and ``text`` of each mark of a comparison.
        notice: what the last edit led to elsewhere, said once beside the button that takes it back.
        offers: what a box could be called while its name is typed: KPI, name, other words (``|`` between).
        on_event: called with the event before the script's body runs, so that one rerun shows the outcome.
            It must not call Streamlit before it has done all that the event asks for: Streamlit may break
            off at any such call, and what is not done by then is lost. Without ``on_event``, apply the
            returned event and call ``st.rerun()``, also when it was refused: the rerun is what tells the
            canvas that its edit was answered.

    Returns:
        ``{"type": "select", "id", "ids"}``, ``{"type": "open", "id"}``, ``undo``, ``redo``, an edit for
        :func:`kpi_tree.ui.tree.canvas.events.apply_event`, or ``{"type": "batch", "events": [...]}`` of them.
    """
    memory = _memory(key)
    memory.select(selected)
    if on_event is None and memory.to_ack:
        memory.ack, memory.to_ack = memory.to_ack, None
    words = {**canvas_texts(lang), **(texts or {})}
    data = _payload(views, edges, memory, key, words, lang, height, editable, legend, notice, offers)
    result = _component()(
        key=key,
        data=data,
        height=height or "content",
        on_event_change=lambda: _changed(memory, key, on_event),
    )
    if on_event is not None:
        return None
    return memory.take(result.event)


def _changed(memory: _Memory, key: str, on_event: Callable[[dict[str, Any]], None] | None) -> None:
    """Streamlit calls this before the body of the rerun that an event caused.

    A look into the session's state is a place where Streamlit may break off for a newer request, so there is
    one, before the events count as seen: broken off there, the browser sends them again.
    """
    if on_event is None:
        return
    # The last word of a canvas may come when the page has already put something else in its place.
    _carry_out(memory, getattr(st.session_state.get(key), "event", None), on_event)


def _carry_out(memory: _Memory, told: Any, on_event: Callable[[dict[str, Any]], None]) -> None:
    with memory.turn:
        event = memory.take(told)
        if event is None:
            return
        try:
            on_event(event)
        finally:
            if memory.to_ack:
                memory.ack, memory.to_ack = memory.to_ack, None


def _payload(
    views: Sequence[Mapping[str, Any]],
    edges: Sequence[Mapping[str, Any]],
    memory: _Memory,
    key: str,
    words: Mapping[str, str],
    lang: str,
    height: int | None,
    editable: bool,
    legend: Sequence[Mapping[str, str]] = (),
    notice: str = "",
    offers: Sequence[tuple[str, str, str]] = (),
) -> bytes:
    """The canvas's data as bytes that begin with a stamp: the browser knows old data without reading on."""
    tree, mark = memory.tree(views, edges)
    head = as_json(
        {
            "key": key,
            "selection": memory.selection,
            "ack": memory.answer,
            "texts": words,
            "lang": lang,
            "height": height,
            "editable": editable,
            "legend": list(legend),
            "notice": notice,
            "offers": list(offers),
        }
    )
    stamp = hashlib.blake2s(head.encode() + mark, digest_size=8).hexdigest()
    return f'{{"stamp":"{stamp}",{head[1:-1]},'.encode() + tree


def as_json(body: Any) -> str:
    """JSON that a browser can read: no value is null, never NaN."""
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=_plain, allow_nan=False)
    except ValueError:
        return json.dumps(_without_nan(body), ensure_ascii=False, separators=(",", ":"), default=_plain)


def _without_nan(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _without_nan(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(part) for part in value]
    return _without_nan(_plain(value)) if hasattr(value, "tolist") else value


def _plain(value: Any) -> Any:
    """numpy values and dates from the layers below."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
