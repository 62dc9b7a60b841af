"""axe-core on a page: what keeps somebody out. The script comes with a package."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

SCRIPT = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")
# Charts are left out too: they have a text of their own, and their marks are no text.
FRAME = "[data-testid=stSidebarNav]"  # Streamlit's own list of pages, whose headings stand between its items
BAR = "[data-testid=stSidebar]"  # the same beside every page
RUN = """
async ([out, rules, grave]) => {
  // What can only be slight is not looked for; a rule without an impact takes that of its checks.
  const aside = (tag) => ['experimental', 'deprecated'].includes(tag);
  const heard = (rule) => rule.enabled && !rule.tags.some(aside)
    && (!rule.impact || grave.includes(rule.impact));
  const chosen = rules ?? axe._audit.rules.filter(heard).map((rule) => rule.id);
  const options = {resultTypes: ['violations'], preload: false, runOnly: {type: 'rule', values: chosen}};
  const found = await axe.run({exclude: [[out], ['[data-testid=stVegaLiteChart]']]}, options);
  const why = (n) => [...n.any, ...n.all, ...n.none].map((c) => c.message).join('; ');
  return found.violations.map((v) => [v.id, v.impact, v.nodes.map((n) => [n.html.slice(0, 160), why(n)])]);
}
"""


def faults(page: Page, *rules: str, bar: bool = True) -> list[str]:
    """Serious and critical violations on the page as it stands, a line each; of some rules, if named.

    Without ``bar`` only the page itself is looked at, for those after the first.
    """
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(SCRIPT)
    found: list[Any] = page.evaluate(RUN, [FRAME if bar else BAR, list(rules) or None, GRAVE])
    return [
        f"{rule} ({impact}) at {place}: {why}"
        for rule, impact, places in found
        if impact in GRAVE
        for place, why in places
    ]
