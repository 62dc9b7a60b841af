"""What a finished run drew reaches the browser, also when a part of the page runs again at once."""

from __future__ import annotations

from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

_clear = ForwardMsgQueue.clear


def keep_what_finished_runs_drew() -> None:
    """Mend the queue of messages to a browser; a second call changes nothing.

    A run of a fragment throws away what the queue still holds of that fragment, for it draws the fragment
    anew. It leaves the word that the run of the whole page before it had finished. On a busy server both
    wait in the queue together, and the browser then hears that the page is complete without the fragment and
    takes it off the screen: a tree, a form, whatever a person was typing in. What stands before the end of a
    whole run belongs to it, so it stays.
    """
    ForwardMsgQueue.clear = _clear_what_came_after  # type: ignore[method-assign]


def _clear_what_came_after(
    queue: ForwardMsgQueue,
    retain_lifecycle_msgs: bool = False,
    fragment_ids_this_run: list[str] | None = None,
    **more: Any,
) -> None:
    whole = 0
    if retain_lifecycle_msgs and fragment_ids_this_run is not None:
        ends = [place for place, message in enumerate(queue._queue, 1) if _ends_whole_run(message)]
        whole = ends[-1] if ends else 0
    complete, queue._queue = queue._queue[:whole], queue._queue[whole:]
    _clear(queue, retain_lifecycle_msgs, fragment_ids_this_run, **more)
    queue._queue = complete + queue._queue


def _ends_whole_run(message: ForwardMsg) -> bool:
    return bool(
        message.WhichOneof("type") == "script_finished"
        and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
    )
