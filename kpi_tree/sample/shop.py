"""What the sample shop is: goods, pages, keywords, names. Read from ``shop.yaml``, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from kpi_tree.sample.draws import Floats, Ints

CURRENCY = "NOK"
ZONE = "Europe/Oslo"
COUNTRIES = ("NO", "SE", "DK")


@dataclass(frozen=True)
class Goods:
    """The products as columns; position in them is a product's number everywhere in this package.

    Attributes:
        price, cost: øre per unit before any price rise; ``partner`` is the product that is often bought
        with it.
        weight: how often it is chosen: the liking in the file, and cheap goods more often.
        category: position in ``categories``; ``made``: the workshop line that makes it, empty where it is
        bought.
        months: per category, twelve seasonal weights.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    brands: tuple[str, ...]
    category: Ints
    categories: tuple[str, ...]
    slugs: tuple[str, ...]
    price: Ints
    cost: Ints
    weight: Floats
    partner: Ints
    made: tuple[str, ...]
    returned: Floats
    months: Floats

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Pages:
    """Every page of the shop: address, type, and the product it shows (-1 for none)."""

    paths: tuple[str, ...]
    types: tuple[str, ...]
    product: Ints
    number: Mapping[str, int]


@lru_cache(maxsize=1)
def facts() -> Mapping[str, Any]:
    """The whole of ``shop.yaml``."""
    return read_yaml(Path(__file__).with_name("shop.yaml"))


def read_yaml(path: Path) -> Mapping[str, Any]:
    """A YAML file, by the C parser where there is one (ten times faster)."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: Mapping[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    return loaded


@lru_cache(maxsize=1)
def goods() -> Goods:
    """The shop's products.

    >>> goods().names[0], len(goods()) == len(set(goods().ids))
    ('Bordlampe «Nordlys»', True)
    """
    rows = facts()["products"]
    categories = facts()["categories"]
    names = tuple(categories)
    ids = tuple(row["id"] for row in rows)
    price = np.array([row["price"] * 100 for row in rows], dtype=np.int64)
    return Goods(
        ids=ids,
        names=tuple(row["name"] for row in rows),
        brands=tuple(row["brand"] for row in rows),
        category=np.array([names.index(row["category"]) for row in rows]),
        categories=names,
        slugs=tuple(categories[name]["slug"] for name in names),
        price=price,
        cost=np.rint(price * np.array([row["cost"] for row in rows])).astype(np.int64),
        weight=np.array([row["weight"] for row in rows]) * (price / 30_000) ** -0.4,
        partner=np.array([ids.index(row["with"]) for row in rows]),
        made=tuple(row.get("made", "") for row in rows),
        returned=np.array([categories[row["category"]]["returned"] for row in rows]),
        months=np.array([categories[name]["months"] for name in names], dtype=np.float64),
    )


@lru_cache(maxsize=1)
def pages() -> Pages:
    """The shop's pages: home, categories, products, blog, help, cart, checkout and the rest.

    >>> pages().paths[pages().number["checkout"]]
    '/kasse'
    """
    ware = goods()
    rows: list[tuple[str, str, str, int]] = [
        ("home", "/", "home", -1),
        ("cart", "/handlekurv", "cart", -1),
        ("checkout", "/kasse", "form", -1),
        ("thanks", "/takk", "other", -1),
        ("search", "/sok", "other", -1),
        ("newsletter", "/nyhetsbrev", "form", -1),
        ("campaign", "/kampanje", "category", -1),
        ("help", "/kundeservice", "help", -1),
        ("delivery", "/kundeservice/levering", "help", -1),
        ("returns", "/kundeservice/retur", "help", -1),
        ("contact", "/kundeservice/kontakt", "form", -1),
    ]
    rows += [(f"category {slug}", f"/kategori/{slug}", "category", -1) for slug in ware.slugs]
    rows += [(f"product {sku}", f"/produkt/{sku.lower()}", "product", n) for n, sku in enumerate(ware.ids)]
    rows += [(f"blog {post['slug']}", f"/blogg/{post['slug']}", "blog", -1) for post in facts()["blog"]]
    return Pages(
        paths=tuple(row[1] for row in rows),
        types=tuple(row[2] for row in rows),
        product=np.array([row[3] for row in rows]),
        number={row[0]: n for n, row in enumerate(rows)},
    )
