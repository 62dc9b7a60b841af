"""A file as it arrives: streamed to disk within its limit, and what was said with it."""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from kpi_tree.api.problems import Problem
from kpi_tree.i18n import msg

OPTIONS = ("name", "as", "kpi", "mapping", "timezone", "dry_run", "all_or_nothing", "newest")
SWITCHES = ("dry_run", "all_or_nothing", "newest")
"""Options that are said or not."""
FIELD_BYTES = 256 * 1024
PIECE = 1 << 20
FORM = "multipart/form-data"
TYPES = (
    "application/octet-stream", "application/csv", "application/zip", "application/x-zip-compressed",
    "application/gzip", "application/x-gzip", "application/vnd.ms-excel",
    "application/x-www-form-urlencoded",  # what curl says of a file that it sends as it is
)  # fmt: skip
TYPE_FAMILIES = ("text/", "application/vnd.openxmlformats", "application/vnd.oasis.opendocument")
_YES, _NO = ("1", "true", "yes"), ("0", "false", "no", "")


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that arrived whole, and the arguments for loading it."""

    path: Path
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


async def receive(request: Request, folder: Path, limit: int) -> Sent:
    """The file of a request, in ``folder``.

    Raises:
        Problem: 400 for what cannot be understood, 413 over the limit, 415 for a kind that is no file.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if (encoding := _encoding(request)) not in ("identity", "gzip"):
        raise _packed(encoding)
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > limit + FIELD_BYTES:
        raise too_large(limit)
    target = folder / "upload"
    if kind == FORM:
        said, name = await _form(request, target, limit)
    elif not kind or kind in TYPES or (kind.startswith(TYPE_FAMILIES) and kind != "text/html"):
        said, name = await _raw(request, target, limit)
    else:
        raise _kind(kind)
    options = _merged(request, said)
    return Sent(target, _name(options.pop("name", "") or name), arguments(options))


def _encoding(request: Request) -> str:
    return request.headers.get("content-encoding", "").strip().lower() or "identity"


async def _counted(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    """The body piece by piece, unpacked where it is packed.

    Raises:
        Problem: 413 over the limit, 400 for a packed body that is broken or not whole.
    """
    length = 0
    blocks = _unpacked(request.stream()) if _encoding(request) == "gzip" else request.stream()
    async for block in blocks:
        length += len(block)
        if length > limit:
            raise too_large(limit)
        yield block


async def _unpacked(blocks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """A gzip stream unpacked in pieces of a bounded size, whatever they grow to."""
    packed = zlib.decompressobj(wbits=31)
    try:
        async for block in blocks:
            rest = block
            while rest and not packed.eof:
                yield await run_in_threadpool(packed.decompress, rest, PIECE)
                rest = packed.unconsumed_tail
            if packed.eof and (packed.unused_data or rest):
                raise zlib.error("more than one")
    except zlib.error as error:
        raise _broken() from error
    if not packed.eof:
        raise _broken()


async def _raw(request: Request, target: Path, limit: int) -> tuple[dict[str, str], str]:
    length = 0
    with target.open("wb") as out:
        async for block in _counted(request, limit):
            length += len(block)
            await run_in_threadpool(out.write, block)
    if not length:
        raise Problem(400, msg("There is no file in this request."), remedy=msg("Send the file as the body."))
    header = Message()
    header["content-disposition"] = request.headers.get("content-disposition", "")
    return {}, header.get_filename("") or ""


async def _form(request: Request, target: Path, limit: int) -> tuple[dict[str, str], str]:
    try:
        parser = MultiPartParser(
            request.headers,
            _counted(request, limit + FIELD_BYTES),
            max_files=1,
            max_fields=len(OPTIONS),
            max_part_size=FIELD_BYTES,
        )
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        reason = str(getattr(error, "message", "boundary"))[:100].rstrip(".")
        raise Problem(
            400,
            msg("The form cannot be read: {reason}.", reason=reason),
            remedy=msg("Send one file as the field {name}, and options as further fields.", name="file"),
        ) from error
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not (file.size or file.filename):
            raise Problem(
                400,
                msg("There is no file in this request."),
                place="file",
                remedy=msg("Send one file as the field {name}, and options as further fields.", name="file"),
            )
        if (file.size or 0) > limit:
            raise too_large(limit)
        await run_in_threadpool(_copy, file, target)
        return {name: text for name, text in form.items() if isinstance(text, str)}, file.filename or ""
    finally:
        await form.close()


def _copy(file: UploadFile, target: Path) -> None:
    with target.open("wb") as out:
        shutil.copyfileobj(file.file, out, 1 << 20)


def _merged(request: Request, said: Mapping[str, str]) -> dict[str, str]:
    options = {**request.query_params, **said}
    for name in options:
        if name not in OPTIONS:
            raise Problem(
                400,
                msg("There is no option {name}.", name=name[:40]),
                place=name[:40],
                remedy=msg("The options are: {names}.", names=", ".join(OPTIONS)),
            )
    return options


def _name(name: str) -> str:
    if name.strip():
        return name
    raise Problem(
        400,
        msg("The file has no name."),
        place="name",
        remedy=msg("Add {example} to the address.", example="?name=orders.csv"),
    )


def arguments(options: Mapping[str, str]) -> dict[str, Any]:
    """The arguments of ``load_file`` that a request's options stand for.

    Raises:
        Problem: 400 for a value that does not suit.

    >>> arguments({"as": "orders", "dry_run": "1"})
    {'dry_run': True, 'all_or_nothing': False, 'newest': False, 'as_table': 'orders'}
    """
    said = {name: options.get(name, "").lower() for name in SWITCHES}
    for name, word in said.items():
        if word not in (*_YES, *_NO):
            raise _unsuitable(name, word, "true")
    if options.get("as") and options.get("kpi"):
        raise Problem(
            400, msg("A file fills a table or a KPI, not both."), place="as", remedy=msg("Choose one.")
        )
    found: dict[str, Any] = {name: word in _YES for name, word in said.items()}
    for name, argument in (("as", "as_table"), ("kpi", "kpi"), ("timezone", "timezone")):
        if options.get(name):
            found[argument] = options[name]
    if "timezone" in found and found["timezone"] not in available_timezones():
        raise _unsuitable("timezone", found["timezone"], "Europe/Oslo")
    mapping = options.get("mapping", "").strip()
    if mapping.startswith("{"):
        try:
            found["mapping"] = json.loads(mapping)
        except ValueError as error:
            raise _unsuitable("mapping", mapping, '{"table": "orders", "columns": {}}') from error
    elif mapping:
        found["mapping"] = mapping
    return found


def _unsuitable(name: str, value: str, example: str) -> Problem:
    return Problem(
        400,
        msg("{value} does not suit this option.", value=value[:60]),
        place=name,
        remedy=msg("Give a value such as {example}.", example=example),
    )


def too_large(limit: int) -> Problem:
    """The file is over the limit, which is named."""
    return Problem(
        413,
        msg("The file is larger than {limit} MB.", limit=max(1, limit // 1024 // 1024)),
        remedy=msg("Split it, or load it from the command line."),
        headers={"connection": "close"},
    )


def _packed(encoding: str) -> Problem:
    return Problem(
        415,
        msg("A body that is packed as {kind} is not taken.", kind=encoding[:60]),
        place="Content-Encoding",
        remedy=msg("Send it as it is, or packed as {kind}.", kind="gzip"),
        headers={"accept-encoding": "gzip"},
    )


def _broken() -> Problem:
    return Problem(
        400,
        msg("The packed body is broken, or not whole."),
        place="Content-Encoding",
        remedy=msg("Pack the file anew, and send it again."),
    )


def _kind(kind: str) -> Problem:
    return Problem(
        415,
        msg("A body of the kind {kind} is not taken.", kind=kind[:60]),
        place="Content-Type",
        remedy=msg(
            "Send the file itself as {example}, or a form with the file in it ({kind}).",
            example="text/csv",
            kind=FORM,
        ),
    )
