"""Every sentence on screen stands in every language, with the same values in it."""

from __future__ import annotations

import importlib.util
import string
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parent.parent


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "tools" / "catalogues.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tool = _tool()


@cache
def template() -> Catalog:
    """The messages that the code holds; when they are asked for, not when tests are looked for."""
    made: Catalog = tool.extracted()
    return made


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("lang", tool.LANGUAGES)
def test_every_message_is_translated(lang: str) -> None:
    catalog = tool.load(lang)
    known = {(message.context, message.id) for message in catalog if message.id}
    wanted = {(message.context, message.id) for message in template() if message.id}
    assert not wanted - known, "run `make catalogues` and translate what is new"
    assert not known - wanted, "run `make catalogues`: these are gone from the code"
    assert not tool.missing(catalog)


@pytest.mark.parametrize("lang", tool.LANGUAGES)
def test_translations_carry_the_same_values(lang: str) -> None:
    wrong = []
    for message in tool.load(lang):
        if not message.id:
            continue
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        results = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set().union(*(fields(text) for text in sources))
        # A singular may say "one" in words; beyond that nothing may be added or lost.
        wrong += [text for text in results if fields(text) - wanted or wanted - fields(text) - {"n"}]
    assert not wrong


def test_the_extractor_sees_the_code() -> None:
    assert len(list(template())) > 100


def test_a_word_of_two_meanings_is_taken_up_with_its_context() -> None:
    source = 'x = [t("Change"), pt("noun", "Change"), pmsg("role", "owner"), nt("{n} row", "{n} rows", 2)]'
    assert list(tool.calls(source)) == [
        ("Change", None), ("Change", "noun"), ("owner", "role"), (("{n} row", "{n} rows"), None),
    ]  # fmt: skip
