"""The ways out, with real servers: what arrives, what is refused, and what nobody knows."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from kpi_tree.alerts import Line, Message, channel_from, mail, post
from kpi_tree.alerts.sending import NotSentError, OvertakenError, PerhapsSentError
from kpi_tree.errors import Refused
from kpi_tree.sources import Bounds

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOLD = Message(
    "k1",
    "Salg <b>: *På etterskudd*\nBcc: eve@example.com",
    (
        Line(
            "<!channel> Salg",
            "a_b *c* `d` & <script>",
            "off_track",
            "sales",
            "https://kpi.example.com/kpi?id=s",
        ),
    ),
    note="Alert: Sales",
    link="https://kpi.example.com",
    lang="nb",
)


def channel(port: int, **more: Any) -> tuple[dict[str, Any], str | None]:
    said = {"name": "M", "kind": "email", "host": "localhost", "port": port, "to": "a@example.com", **more}
    made, secret = channel_from(said)
    return dict(made.settings), secret


def send(port: int, bounds: Bounds, about_to: Callable[[], bool] = lambda: True, **more: Any) -> None:
    settings, secret = channel(port, **{"security": "none", **more})
    mail(settings, secret, TOLD, now=NOW, bounds=bounds, about_to=about_to)


def test_a_letter_arrives_as_text_and_as_a_page(post: Any, bounds: Bounds) -> None:
    send(post.port, bounds, to="a@example.com, b@example.com", sender="kpi@example.com")
    (envelope,) = post.taken
    assert envelope.rcpt_tos == ["a@example.com", "b@example.com"]
    letter = message_from_bytes(envelope.content, policy=policy.default)
    assert isinstance(letter, EmailMessage)
    assert letter["Subject"] == "Salg <b>: *På etterskudd* Bcc: eve@example.com", "no header can be put in"
    assert letter["Bcc"] is None
    assert letter["Message-ID"] == "<k1@example.com>"
    text, page = (letter.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert page is not None
    assert "▼ <!channel> Salg" in text.get_content()
    assert "&lt;script&gt;" in page.get_content()
    assert "<script>" not in page.get_content()


def test_name_and_password_go_over_tls_only(safe_post: Any, bounds: Bounds) -> None:
    given = {"security": "starttls", "user": "kari@example.com", "password": "canary-password"}
    send(safe_post.port, bounds, **given)
    assert len(safe_post.taken) == 1
    assert safe_post.names == [(b"kari@example.com", b"canary-password")]
    with pytest.raises(NotSentError, match="does not take this name") as caught:
        send(safe_post.port, bounds, **{**given, "password": "wrong-canary"})
    assert caught.value.for_good
    assert "canary" not in str(caught.value)
    with pytest.raises(Refused, match="only sent over an encrypted"):
        channel(safe_post.port, security="none", user="kari", password="x")


def test_a_certificate_that_nobody_knows_is_not_trusted(
    safe_post: Any, bounds: Bounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NotSentError, match="certificate"):
        send(safe_post.port, bounds, security="starttls", user="kari@example.com", password="x")
    assert safe_post.names == []


def test_a_server_that_speaks_tls_from_the_first_byte(
    tls_post: Any, bounds: Bounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(tls_post.port, bounds, security="tls")
    assert len(tls_post.taken) == 1
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NotSentError, match="certificate"):
        send(tls_post.port, bounds, security="tls")
    assert len(tls_post.taken) == 1


def test_a_server_without_starttls_gets_nothing(post: Any, bounds: Bounds) -> None:
    with pytest.raises(NotSentError, match="does not offer"):
        send(post.port, bounds, security="starttls")
    assert post.taken == []


def test_a_letter_that_is_refused_is_tried_again_only_where_that_may_help(post: Any, bounds: Bounds) -> None:
    post.refuse = "451 later"
    with pytest.raises(NotSentError) as caught:
        send(post.port, bounds)
    assert not caught.value.for_good
    post.refuse = "554 never"
    with pytest.raises(NotSentError) as caught:
        send(post.port, bounds)
    assert caught.value.for_good


def test_who_was_overtaken_sends_nothing(post: Any, hooks: Any, bounds: Bounds) -> None:
    with pytest.raises(OvertakenError):
        send(post.port, bounds, lambda: False)
    with pytest.raises(OvertakenError):
        hook(hooks, bounds, about_to=lambda: False)
    assert post.taken == []
    assert hooks.taken == []


def hook(hooks: Any, bounds: Bounds, kind: str = "webhook", about_to: Any = lambda: True) -> None:
    post(hooks.url, kind, TOLD, bounds=bounds, about_to=about_to)


def test_each_webhook_gets_its_own_form(hooks: Any, bounds: Bounds) -> None:
    for kind in ("webhook", "slack", "teams"):
        hook(hooks, bounds, kind)
    own, slack, teams = (json.loads(body) for _, _, body in hooks.taken)
    assert {headers["Idempotency-Key"] for _, headers, _ in hooks.taken} == {"k1"}
    assert own["lines"][0]["title"] == "<!channel> Salg"
    text = json.dumps(slack, ensure_ascii=False)
    assert "<!channel>" not in text, "nobody is called by a name that somebody typed"
    assert "<https://kpi.example.com/kpi?id=s|&lt;!channel&gt; Salg>" in text
    card = teams["attachments"][0]["content"]
    assert card["type"] == "AdaptiveCard"
    assert "\\*c\\*" in card["body"][2]["text"]
    assert card["actions"][0]["url"] == "https://kpi.example.com"


@pytest.mark.parametrize(("status", "for_good"), [(500, False), (429, False), (404, True), (403, True)])
def test_a_webhook_that_says_no_surely_did_not_take_it(
    hooks: Any, bounds: Bounds, status: int, for_good: bool
) -> None:
    hooks.status = status
    with pytest.raises(NotSentError) as caught:
        hook(hooks, bounds)
    assert caught.value.for_good is for_good
    assert "SECRET" not in caught.value.text("en")


def test_where_no_answer_comes_nobody_knows(hooks: Any, bounds: Bounds) -> None:
    hooks.silent = True
    with pytest.raises(PerhapsSentError) as caught:
        hook(hooks, bounds)
    assert "SECRET" not in caught.value.text("en")


def test_nothing_follows_to_another_address(hooks: Any, bounds: Bounds) -> None:
    hooks.status, hooks.location = 302, "http://169.254.169.254/latest"
    with pytest.raises(NotSentError, match="sends us on"):
        hook(hooks, bounds)
    assert len(hooks.taken) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "[::1]", "10.0.0.1", "[::ffff:127.0.0.1]"])
def test_the_own_network_is_not_asked(hooks: Any, host: str) -> None:
    with pytest.raises(NotSentError, match="own network"):
        post(f"http://{host}:{hooks.port}/x", "webhook", TOLD, bounds=Bounds(), about_to=lambda: True)
    settings, _ = channel(25, security="none")
    with pytest.raises(NotSentError, match="own network"):
        mail({**settings, "host": "127.0.0.1"}, None, TOLD, now=NOW, bounds=Bounds(), about_to=lambda: True)
    assert hooks.taken == []


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"to": "no address"}, "to"),
        ({"to": "a@example.com\nBcc: eve@example.com"}, "to"),
        ({"to": ""}, "to"),
        ({"port": 99999}, "host"),
        ({"host": ""}, "host"),
        ({"security": "ssl3"}, "security"),
        ({"language": "fr"}, "language"),
        ({"link": "javascript:alert(1)"}, "url"),
        ({"name": ""}, "name"),
    ],
)
def test_a_channel_that_cannot_be_is_refused(given: dict[str, Any], place: str) -> None:
    said = {"name": "M", "kind": "email", "host": "smtp.example.com", "to": "a@example.com", **given}
    with pytest.raises(Refused) as caught:
        channel_from(said)
    assert caught.value.place == place
