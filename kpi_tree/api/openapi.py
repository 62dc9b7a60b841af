"""The description of the API, from a data file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kpi_tree import __version__

FILE = Path(__file__).with_name("openapi.yaml")


@cache
def description(file_bytes: int) -> dict[str, Any]:
    """The OpenAPI 3.1 description, with this release's version and this server's limit of size.

    >>> description(1024 * 1024)["openapi"]
    '3.1.0'
    """
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    found["info"]["version"] = __version__
    post = found["paths"]["/api/batches"]["post"]
    post["description"] += f" A file has at most {file_bytes // 1024 // 1024} MB."
    return found
