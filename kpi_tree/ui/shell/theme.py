"""Whether the reader's screen is dark."""

from __future__ import annotations

import streamlit as st


def is_dark() -> bool:
    """As the browser said it; it may say so only with its second message."""
    return st.context.theme.type == "dark"
