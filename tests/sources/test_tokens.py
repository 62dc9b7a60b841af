"""Tokens: shown once, kept as a hash, confined, ended at once, and counted over all processes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from kpi_tree import workspace
from kpi_tree.errors import NotFound, Refused
from kpi_tree.store import Home
from kpi_tree.store import tokens as kept
from kpi_tree.workspace import Asker
from kpi_tree.workspace.intake.api_tokens import BURST, bearer_of, count_use


def test_only_a_hash_of_it_is_kept(home: Home, owner: Asker, now: datetime) -> None:
    made, text = workspace.make_token(home, owner, "till", tables=["orders"], now=now)
    secret = text.split("_", 2)[2]
    assert len(secret) >= 43, "256 bits"
    for path in home.path.rglob("*"):
        assert not path.is_file() or secret.encode() not in path.read_bytes()
    assert secret not in repr(workspace.tokens(home, owner))
    found = bearer_of(home, text)
    assert found is not None
    assert (found.token, found.only, found.asker.role) == (made.id, frozenset({"orders"}), "uploader")
    everything = workspace.make_token(home, owner, "all", now=now)[1]
    again = bearer_of(home, everything)
    assert again is not None
    assert again.only is None


def test_what_is_not_the_token_is_nobody(home: Home, owner: Asker, now: datetime) -> None:
    made, text = workspace.make_token(home, owner, "till", now=now)
    _, other = workspace.make_token(home, owner, "other", now=now)
    mixed = "_".join([*text.split("_", 2)[:2], other.split("_", 2)[2]])
    for wrong in (
        "",
        "kt",
        text[:-1],
        text + "x",
        text.upper(),
        mixed,
        f"kt_{made.id}_",
        "kt_none_" + "x" * 5000,
    ):
        assert bearer_of(home, wrong) is None
    workspace.revoke_token(home, owner, "till", now=now)
    assert bearer_of(home, text) is None
    with pytest.raises(NotFound):
        workspace.revoke_token(home, owner, "till", now=now)
    assert workspace.tokens(home, owner)[0].revoked_at or workspace.tokens(home, owner)[1].revoked_at


def test_a_name_is_free_again_once_its_token_is_revoked(home: Home, owner: Asker, now: datetime) -> None:
    workspace.make_token(home, owner, "till", now=now)
    with pytest.raises(Refused, match="Another token"):
        workspace.make_token(home, owner, " till ", now=now)
    workspace.revoke_token(home, owner, "till", now=now)
    workspace.make_token(home, owner, "till", now=now + timedelta(seconds=1))
    with pytest.raises(NotFound, match="orders"):
        workspace.make_token(home, owner, "x", tables=["order"], now=now)


def test_the_rate_is_kept_in_the_home(home: Home, owner: Asker, now: datetime) -> None:
    made, _ = workspace.make_token(home, owner, "till", now=now)
    assert [count_use(home, made.id, now=now) for _ in range(BURST)] == [0.0] * BURST
    assert count_use(Home.open(home.path), made.id, now=now) == pytest.approx(1.0)
    assert count_use(home, made.id, now=now + timedelta(seconds=1)) == 0.0
    assert count_use(home, made.id, now=now + timedelta(seconds=1)) == pytest.approx(1.0)
    assert kept.get(home, made.id).last_used == now + timedelta(seconds=1)
    assert count_use(home, made.id, now=now + timedelta(hours=1)) == 0.0
