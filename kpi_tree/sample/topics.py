"""What people ask customer service about, how, and which page they came from."""

from __future__ import annotations

import numpy as np

from kpi_tree.sample import story
from kpi_tree.sample.draws import Draws, Ints
from kpi_tree.sample.outages import sold_out_days
from kpi_tree.sample.shop import pages
from kpi_tree.sample.visits import Visits

TOPICS: tuple[tuple[str, str, float, float, float], ...] = (
    ("Levering", "delivery", 0.34, 0.10, 0.20),
    ("Retur og bytte", "returns", 0.22, 0.06, 0.14),
    ("Betaling", "checkout", 0.08, 0.66, 0.04),
    ("Produktspørsmål", "", 0.20, 0.08, 0.16),
    ("Tomt på lager", "", 0.04, 0.02, 0.36),
    ("Skade og reklamasjon", "help", 0.12, 0.08, 0.10),
)
"""Topic, the page it is asked from (empty: the product's), share on an ordinary day, while the checkout
fails,
while a best-seller is sold out."""

CHANNELS = ("email", "phone", "chat")


def topics(draws: Draws, visits: Visits, rows: Ints) -> Ints:
    """The topic of each asking visit."""
    cal = visits.cal
    weights = np.array([[one[2], one[3], one[4]] for one in TOPICS]).T
    state = np.where(story.fault(cal), 1, np.where(sold_out_days(draws, cal), 2, 0))
    return draws.pick_by_row("topic", visits.at[rows], weights, state[visits.day[rows] - cal.first])


def last_pages(draws: Draws, visits: Visits, rows: Ints, product: Ints) -> Ints:
    """The page from which each asking visit turned to customer service."""
    site = pages()
    fixed = np.array([site.number[one[1]] if one[1] else -1 for one in TOPICS])[topics(draws, visits, rows)]
    made: Ints = np.where(fixed >= 0, fixed, site.number["product BEL-101"] + product)
    return made


def ask_channel(draws: Draws, visits: Visits, rows: Ints) -> Ints:
    """By e-mail, phone or chat; payment trouble is a matter for the phone."""
    topic = topics(draws, visits, rows)
    weights = np.array([[0.5, 0.27, 0.23]] * len(TOPICS))
    weights[2] = [0.22, 0.58, 0.20]
    return draws.pick_by_row("ask by", visits.at[rows], weights, topic)


__all__ = ["CHANNELS", "TOPICS", "ask_channel", "last_pages", "topics"]
