"""What a whole run drew is not thrown away for a fragment that runs again before the browser heard of it."""

from __future__ import annotations

import importlib

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import forward_msg_queue

from kpi_tree.ui.shell import delivery


def drawn(place: int, fragment: str, text: str) -> ForwardMsg:
    made = ForwardMsg()
    made.metadata.delta_path[:] = [0, place]
    made.delta.fragment_id = fragment
    made.delta.new_element.text.body = text
    return made


def finished(how: ForwardMsg.ScriptFinishedStatus.ValueType) -> ForwardMsg:
    return ForwardMsg(script_finished=how)


def waiting(queue: forward_msg_queue.ForwardMsgQueue) -> list[str]:
    """What stands in the queue: texts, and how runs ended."""
    return [
        one.delta.new_element.text.body
        if one.HasField("delta")
        else ForwardMsg.ScriptFinishedStatus.Name(one.script_finished)
        for one in queue._queue
    ]


@pytest.mark.parametrize("mended", [True, False])
def test_a_finished_page_stays_whole(mended: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the mending Streamlit still loses it: when it no longer does, the mending can go."""
    monkeypatch.setattr(forward_msg_queue.ForwardMsgQueue, "clear", delivery._clear)
    if mended:
        delivery.keep_what_finished_runs_drew()
    queue = forward_msg_queue.ForwardMsgQueue()
    queue.enqueue(drawn(0, "", "page"))
    queue.enqueue(drawn(1, "desk", "tree"))
    queue.enqueue(finished(ForwardMsg.FINISHED_SUCCESSFULLY))
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["desk"])
    whole = ["page", "tree"] if mended else ["page"]
    assert waiting(queue) == [*whole, "FINISHED_SUCCESSFULLY"]
    if not mended:
        return
    # What the fragment drew since then is drawn anew; a new run of the page draws all of it anew.
    queue.enqueue(drawn(1, "desk", "tree"))
    queue.enqueue(finished(ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY))
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["desk"])
    assert waiting(queue) == ["page", "tree", "FINISHED_SUCCESSFULLY", "FINISHED_EARLY_FOR_RERUN"]
    queue.enqueue(drawn(1, "desk", "tree"))
    assert waiting(queue)[-1] == "tree"
    queue.clear(retain_lifecycle_msgs=True)
    assert waiting(queue) == ["FINISHED_EARLY_FOR_RERUN"] * 2


def test_the_app_mends_it() -> None:
    importlib.import_module("app")
    assert forward_msg_queue.ForwardMsgQueue.clear is delivery._clear_what_came_after
