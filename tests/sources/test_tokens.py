"""Tokens: shown once, kept as a hash, confined, ended at once, and counted over all processes."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kpi_tree import workspace
from kpi_tree.errors import NotFound, Refused
from kpi_tree.store import Home
from kpi_tree.store import check as checking
from kpi_tree.store import tokens as kept
from kpi_tree.workspace import Asker
from kpi_tree.workspace.intake.api_tokens import BURST, OverError, bearer_of, count_use

FIXTURES = Path(__file__).parents[1] / "store" / "fixtures"


def test_only_a_hash_of_it_is_kept(home: Home, owner: Asker, now: datetime) -> None:
    made, text = workspace.make_token(home, owner, "till", tables=["orders"], now=now)
    secret = text.split("_", 2)[2]
    assert len(secret) >= 43, "256 bits"
    for path in home.path.rglob("*"):
        assert not path.is_file() or secret.encode() not in path.read_bytes()
    assert secret not in repr(workspace.tokens(home, owner))
    found = bearer_of(home, text, now=now)
    assert found is not None
    assert (found.token, found.only, found.asker.role) == (made.id, frozenset({"orders"}), "uploader")
    everything = workspace.make_token(home, owner, "all", now=now)[1]
    again = bearer_of(home, everything, now=now)
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
        assert bearer_of(home, wrong, now=now) is None
    workspace.revoke_token(home, owner, "till", now=now)
    with pytest.raises(OverError, match="till was revoked at 2026"):
        bearer_of(home, text, now=now)
    assert bearer_of(home, text[:-1], now=now) is None, "only who knows the secret is told"
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


def test_a_token_ends_by_itself_and_frees_its_name(home: Home, owner: Asker, now: datetime) -> None:
    made, text = workspace.make_token(home, owner, "till", days=30, now=now)
    end = now + timedelta(days=30)
    assert made.expires_at == end
    assert bearer_of(home, text, now=end - timedelta(seconds=1)) is not None
    with pytest.raises(OverError, match="The token till ended at 2026"):
        bearer_of(home, text, now=end)
    with pytest.raises(Refused, match="Another token"):
        workspace.make_token(home, owner, "till", now=end - timedelta(seconds=1))
    _, forever = workspace.make_token(home, owner, "till", days=None, now=end)
    assert bearer_of(home, forever, now=end + timedelta(days=9999)) is not None
    workspace.revoke_token(home, owner, "till", now=end)
    told = [(one.name, one.to_dict()["in_force"]) for one in workspace.tokens(home, owner, now=end)]
    assert told == [("till", False), ("till", False)]
    for days in (0, -1, 3651):
        with pytest.raises(Refused, match="not in force for"):
            workspace.make_token(home, owner, "x", days=days, now=now)


def test_tokens_of_a_home_of_version_5_go_on(tmp_path: Path) -> None:
    """Written by the release of version 5 and never changed: tokens had no end then."""
    conn = sqlite3.connect(tmp_path / "kpi_tree.db")
    conn.executescript((FIXTURES / "home-version-5-tokens.sql").read_text(encoding="utf-8"))
    conn.close()
    home = Home.open(tmp_path)
    at = datetime(2036, 5, 4, tzinfo=UTC)
    found = bearer_of(home, "kt_e76bda152227_gphnxm09giGpuogSw-LpUE0mARZxadTdgsyigyCHa2o", now=at)
    assert found is not None
    assert found.only == frozenset({"orders"})
    states = {one.name: one.to_dict() for one in workspace.tokens(home, Asker("Kari", "owner"), now=at)}
    assert {name: one["in_force"] for name, one in states.items()} == {"till": True, "old": False}
    assert checking.run(home, clean=False).ok
