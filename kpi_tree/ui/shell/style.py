"""The little that the theme cannot say: figures of one width, a few shapes, and nothing that jumps.

Figures of one width only where they stand in columns or change in place: the font gives hyphens, brackets and
full stops the width of a digit too, which tears words such as *check-in* apart.
"""

from __future__ import annotations

import streamlit as st

CSS = """
<style>
/* A grid's own download leaves =1+1 in its cells, a formula to spreadsheets; ours defuse it. */
.stApp [data-testid="stElementToolbar"] button[aria-label="Download as CSV"] { display: none; }
.stApp :is(.kt-headline, td, input, [data-testid="stMetric"]) { font-variant-numeric: tabular-nums; }
.stApp { --kt-accent: #5b6ae0;
  --kt-line: color-mix(in srgb, currentColor 14%, transparent);
  --kt-soft: color-mix(in srgb, currentColor 66%, transparent); }
.stApp [data-testid="stMainBlockContainer"] { max-width: 84rem; }
.stApp [data-testid="stHtml"] p { margin: 0; }
.stApp [data-testid="stHeading"] h2 { padding: .5rem 0 1rem; }
.kt-facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr));
  gap: .7rem 1.25rem; }
.stApp dl.kt-facts, .stApp dl.kt-facts :is(div, dt, dd) { margin: 0; padding: 0; }
.stApp [data-testid="stMain"] [data-testid="stPageLink-NavLink"] { background: transparent; padding-left: 0; }
.stApp [data-testid="stMain"] [data-testid="stPageLink-NavLink"]:hover p { text-decoration: underline; }
.kt-facts dt { font-size: .8rem; color: var(--kt-soft); line-height: 1.3; }
.kt-facts dd { font-weight: 600; overflow-wrap: anywhere; }
.kt-facts small { display: block; font-weight: 400; font-size: .8rem; color: var(--kt-soft); }
.kt-words { color: var(--kt-soft); font-size: .9rem; }
.kt-headline { display: flex; flex-wrap: wrap; align-items: baseline; column-gap: .5rem;
  font-size: 2.3rem; font-weight: 650; letter-spacing: -.02em; line-height: 1.2; }
.kt-headline .kt-against { font-size: 1.15rem; font-weight: 450; letter-spacing: 0; color: var(--kt-soft);
  white-space: nowrap; }
.kt-way { position: relative; height: .5rem; border-radius: 1rem; margin: .35rem 0;
  background: var(--kt-line); }
.kt-way b { display: block; height: 100%; border-radius: 1rem; background: var(--kt-accent); }
.kt-way i { position: absolute; top: -.2rem; width: 2px; height: .9rem; border-radius: 1px;
  background: currentColor; }
.kt-bullet { position: relative; height: .9rem; margin: .3rem 0; border-radius: 2px; overflow: hidden;
  background: var(--kt-line); --bad: light-dark(#c0323f, #f4989e); --warn: light-dark(#b26a00, #f0b878);
  --good: light-dark(#1f7a4d, #7fd8aa); --rest: var(--kt-soft); }
.kt-bullet > * { position: absolute; top: 0; height: 100%; }
.kt-bullet u { opacity: .2; }
.kt-bullet b { left: 0; top: .27rem; height: .36rem; }
.kt-bullet .bad { background: var(--bad); } .kt-bullet .warn { background: var(--warn); }
.kt-bullet .good { background: var(--good); } .kt-bullet .rest { background: var(--rest); }
.kt-bullet i { width: 2px; top: .12rem; height: .66rem; background: currentColor; opacity: .75; }
.kt-bullet s { width: 3px; background: currentColor; }
.stApp :is(.st-key-on_a_phone, [data-testid="stLayoutWrapper"]:has(> .st-key-on_a_phone)) { display: none; }
@media (max-width: 640px) {
  .stApp :is(.st-key-on_a_phone, [data-testid="stLayoutWrapper"]:has(> .st-key-on_a_phone)) { display: flex; }
  .kt-headline { font-size: 1.9rem; }
}
:is([data-testid="InputInstructions"], .stApp :is(.st-key-live, .st-key-came),
  [data-testid="stLayoutWrapper"]:has(> * > .st-key-came)) { display: none; }
.kt-said { position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
/* What the focus was led to, and links and fields whose focus Streamlit does not show. */
.stApp [data-testid="stMain"] :is([tabindex="-1"][role="group"], h1, a, summary):focus-visible {
  outline: 2px solid var(--kt-accent); outline-offset: 3px; border-radius: .3rem; }
.stApp [data-testid="stFileUploader"]:has(input:focus-visible) section {
  outline: 2px solid var(--kt-accent); }
.stApp [tabindex="-1"][data-quiet] { outline: none !important; }
.stApp [tabindex="-1"][role="group"] { scroll-margin: 4.5rem 0 1rem; }
.stApp [data-testid="stFileUploaderDropzoneInstructions"] span { white-space: normal; overflow: visible; }
.stApp [class*="st-key-upload_"] [data-testid="stFileUploaderDropzone"] { min-height: 6.5rem;
  border-style: dashed; align-items: center; align-content: center; }
/* Streamlit's small grey print and, on dark, its chosen segments are too faint to be read by everyone. */
.stApp [data-testid="stCaptionContainer"] { opacity: .78; }
.stApp :is([data-variant="segmented_control"], [data-variant="pills"])[data-selected="true"] p {
  color: light-dark(currentColor, color-mix(in srgb, currentColor 60%, white)); }
.stApp button[kind="tertiary"]:is(:active, [aria-expanded="true"]) {
  color: light-dark(#3a48b8, #a9b4ff) !important; }
@media (prefers-reduced-motion: reduce) {
  .stApp * { animation: none !important; transition: none !important; }
}
/* A name that may be long, and a button at the end of its line: the name wraps, the button stays. */
.stApp [class*="st-key-beside_"] { flex-wrap: nowrap; align-items: flex-start; padding-bottom: .25rem; }
.stApp [class*="st-key-beside_"] > :first-child { flex: 1 1 0; min-width: 0; }
.stApp [class*="st-key-beside_"] > :last-child { flex: none; }
.stApp [class*="st-key-beside_"] :is([data-testid="stPageLink"], [data-testid="stPageLink-NavLink"] *,
  [data-testid="stMarkdown"] p) { max-width: 100%; white-space: normal; overflow-wrap: anywhere; }
.stApp [class*="st-key-beside_"] > :first-child { padding-top: .35rem; }
@media print {
  .kt-bullet, .kt-way { print-color-adjust: exact; }
  .stApp [data-testid="stSidebar"], .stApp [data-testid="stHeader"] { display: none; }
}
</style>
"""


def beside(name: str) -> str:
    """The key of a line in which something long stands before a button.

    >>> beside("b1")
    'beside_b1'
    """
    return f"beside_{name}"


def apply() -> None:
    """Put the style into the page. It holds no text of anybody."""
    st.html(CSS)


WIDE = """
<style>
.stApp [data-testid="stMainBlockContainer"] { max-width: none; padding-left: 2rem; padding-right: 2rem; }
</style>
"""


def wide() -> None:
    """Let this page use the whole window."""
    st.html(WIDE)


def uploader(button: str, limit: str) -> None:
    """Give Streamlit's upload its words in the reader's language; it has them in English only."""
    zone = ".stApp [data-testid='stFileUploaderDropzone']"
    rules = (
        (f"{zone} button p", button),
        (f"{zone} [data-testid='stFileUploaderDropzoneInstructions'] span", limit),
    )
    st.html(
        "<style>"
        + "".join(
            f"{place} {{ font-size: 0 !important; }}"
            f"{place}::after {{ content: {_css_text(words)}; font-size: .875rem; }}"
            for place, words in rules
        )
        + "</style>"
    )


def _css_text(words: str) -> str:
    """A text as a CSS string that nothing in it can end."""
    return '"' + "".join(f"\\{ord(char):x} " if not char.isalnum() else char for char in words) + '"'
