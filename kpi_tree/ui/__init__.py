"""The screen: the only place, with ``pages/`` and ``app.py``, that knows Streamlit."""
