"""Fifty goals in each language: what is understood and what is asked, the answers worked out by hand.

Said on 22 November 2026, a Sunday in the fourth quarter. A line is: sentence => KPI | how much | days | questions.
The baseline is asked for where the same days a year ago and the latest whole ones before are not the same days.
"""
# ruff: noqa: E501 - one case a line

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from kpi_tree.catalogue import catalogue
from kpi_tree.periods import Calendar
from kpi_tree.plan.goal import Goal, understand

ON = date(2026, 11, 22)
NAMES = {
    "Q1": "2027-01-01..2027-03-31",
    "Q4": "2026-10-01..2026-12-31",
    "Q2": "2027-04-01..2027-06-30",
    "DEC": "2026-12-01..2026-12-31",
    "Y26": "2026-01-01..2026-12-31",
    "Y27": "2027-01-01..2027-12-31",
    "H1": "2027-01-01..2027-06-30",
    "H2": "2027-07-01..2027-12-31",
    "6M": "2026-11-22..2027-05-21",
    "12M": "2026-11-22..2027-11-21",
    "TO_YEAREND": "2026-11-22..2026-12-31",
    "TO_MARCH": "2026-11-22..2027-03-31",
    "TO_JUNE": "2026-11-22..2027-06-30",
    "TO_JULY": "2026-11-22..2027-07-31",
}

ENGLISH = """
Increase sales 10% next quarter => sales | +10% | Q1 | baseline
Increase conversion rate 2% in the next year => conversion_rate | +2% | 12M | change_kind
Increase site traffic 20% over the next year => sessions | +20% | 12M |
Reduce customer service calls by half in the next six months => phone_tickets | -50% | 6M | baseline
Cut returns in half by June => returns | -50% | TO_JUNE | baseline
Double newsletter subscribers by the end of the year => newsletter_subscribers | +100% | TO_YEAREND | baseline
Triple blog traffic next year => blog_traffic | +200% | Y27 | baseline
Halve the bounce rate next quarter => bounce_rate | -50% | Q1 | baseline
Keep the conversion rate between 3% and 4% next quarter => conversion_rate | 0.03 to 0.04 | Q1 |
Keep first response time between 20 and 40 minutes this quarter => first_response_time | 20 to 40 | Q4 |
Keep orders between 1,000 and 1,200 next month => orders | 1000 to 1200 | DEC |
Hold the gross margin within 38-42% next quarter => average_margin | 0.38 to 0.42 | Q1 |
Raise the average order value by NOK 50 next quarter => average_order_value | +50 | Q1 | baseline
Reach NOK 1.5 million in sales this fiscal year => sales | =1500000 | Y26 |
Reach 2,000 orders in December => orders | =2000 | DEC |
Grow gross profit 12.5% in 2027 => gross_profit | +12.5% | Y27 | baseline
Reduce cart abandonment by 5 percentage points next quarter => cart_abandonment_rate | -5pp | Q1 | baseline
Improve NPS by 8 points by June => nps | +8 | TO_JUNE | baseline
Lower cost per order to $9 by the end of March => cost_per_order | =9 | TO_MARCH |
Get the unsubscribe rate below 0.5% next month => unsubscribe_rate | =0.005 | DEC |
Increase email open rate from 18% to 24% over the next six months => email_open_rate | 0.18->0.24 | 6M |
Increase repeat purchases by a third next quarter => returning_customer_orders | +33.3333% | Q1 | baseline
Cut discounts by a quarter next quarter => discounts | -25% | Q1 | baseline
Boost revenue twenty percent in the second half of 2027 => sales | +20% | H2 | baseline
Sell for 70,000 a week in February 2027 => sales | =280000 | 2027-02-01..2027-02-28 |
500 more orders next quarter => orders | +500 | Q1 | baseline
10% fewer returns next month => returns | -10% | DEC | baseline
Twice as many social followers by July 2027 => social_followers | +100% | TO_JULY | baseline
Grow traffic 3x next year => sessions | +200% | Y27 | baseline
Improve page load time by 20% next month => page_load_time | -20% | DEC | baseline
Increase gross margin by 2 percentage points this fiscal year => average_margin | +2pp | Y26 |
Reduce churn from 8% to 6% by the end of June => churn_rate | 0.08->0.06 | TO_JUNE |
Keep bounce rate under 40% next quarter => bounce_rate | =0.4 | Q1 |
Maintain customer satisfaction above 90% next quarter => csat | =0.9 | Q1 |
Increase sales => sales | ? | ? | change period baseline
10% sales next quarter => sales | +10% | Q1 | change baseline
Increase sales and orders 10% next quarter => None | +10% | Q1 | kpi baseline
Reduce the conversion rate by 1% next quarter => conversion_rate | -1% | Q1 | change_kind baseline
Add 300 newsletter subscribers by year end => newsletter_subscribers | +300 | TO_YEAREND | baseline
Bring first response time down to 2 hours next month => first_response_time | =120 | DEC |
Increase revenue 10% year over year next quarter => sales | +10% | Q1 |
Reach a ROAS of 4 next quarter => roas | =4 | Q1 |
Reduce support emails by 30 percent in the first half of 2027 => email_tickets | -30% | H1 |
Increase average order value to 950 by the end of next quarter => average_order_value | =950 | TO_MARCH |
Cut cost per click by £0.20 next month => cost_per_click | -0.2 | DEC | baseline
Decrease cart abandonment by 10 percent => cart_abandonment_rate | -10% | ? | period change_kind baseline
Grow conversion from 2.5 to 3.2 percent by Q2 2027 => conversion_rate | 0.025->0.032 | TO_JUNE |
Raise the retention rate to 45% within a year => retention_rate | =0.45 | 12M |
Lift orders 15% vs last quarter next quarter => orders | +15% | Q1 |
Increase average order value by 5 to 10% next quarter => average_order_value | ? | Q1 | change baseline
Improve conversion next quarter => conversion_rate | ? | Q1 | change change_kind baseline
Reduce the bounce rate for product pages by 3 points next quarter => bounce_rate | -3pp | Q1 | baseline
Raise annual LTV by 15% next year => ltv | +15% | Y27 | baseline
"""

NORWEGIAN = """
Øk salget med 10 % neste kvartal => sales | +10% | Q1 | baseline
Øk konverteringsraten med 2 % det neste året => conversion_rate | +2% | 12M | change_kind
Øk nettstedtrafikken med 20 % det neste året => sessions | +20% | 12M |
Halver kundeservicesamtaler de neste seks månedene => phone_tickets | -50% | 6M | baseline
Reduser antall samtaler til kundeservice med halvparten de neste seks månedene => phone_tickets | -50% | 6M | baseline
Kutt returene med halvparten innen juni => returns | -50% | TO_JUNE | baseline
Doble antall nyhetsbrevabonnenter innen årsslutt => newsletter_subscribers | +100% | TO_YEAREND | baseline
Fordoble bloggtrafikken neste år => blog_traffic | +100% | Y27 | baseline
Tredoble antall følgere innen juli 2027 => social_followers | +200% | TO_JULY | baseline
Halver avvisningsraten neste kvartal => bounce_rate | -50% | Q1 | baseline
Hold konverteringsraten mellom 3 og 4 % neste kvartal => conversion_rate | 0.03 to 0.04 | Q1 |
Hold responstiden mellom 20 og 40 minutter dette kvartalet => first_response_time | 20 to 40 | Q4 |
Hold antall ordre mellom 1 000 og 1 200 neste måned => orders | 1000 to 1200 | DEC |
Bruttomarginen skal ligge mellom 38 og 42 prosent neste kvartal => average_margin | 0.38 to 0.42 | Q1 |
Øk snittordren med 50 kr neste kvartal => average_order_value | +50 | Q1 | baseline
Nå 1,5 millioner kroner i salg dette regnskapsåret => sales | =1500000 | Y26 |
Nå 2 000 ordre i desember => orders | =2000 | DEC |
Øk bruttofortjenesten med 12,5 % i 2027 => gross_profit | +12.5% | Y27 | baseline
Reduser andelen forlatte handlekurver med 5 prosentpoeng neste kvartal => cart_abandonment_rate | -5pp | Q1 | baseline
Forbedre NPS med 8 poeng innen juni => nps | +8 | TO_JUNE | baseline
Senk kostnad per ordre til 90 kr innen utgangen av mars => cost_per_order | =90 | TO_MARCH |
Få avmeldingsraten under 0,5 % neste måned => unsubscribe_rate | =0.005 | DEC |
Øk åpningsraten fra 18 til 24 prosent de neste seks månedene => email_open_rate | 0.18->0.24 | 6M |
Øk gjenkjøp med en tredjedel neste kvartal => returning_customer_orders | +33.3333% | Q1 | baseline
Kutt rabattene med en fjerdedel neste kvartal => discounts | -25% | Q1 | baseline
Øk omsetningen med tjue prosent i andre halvår 2027 => sales | +20% | H2 | baseline
Øk omsetningen med 5 % i løpet av andre halvår => sales | +5% | TO_YEAREND | baseline
Selg for 70 000 i uken i februar 2027 => sales | =280000 | 2027-02-01..2027-02-28 |
500 flere ordre neste kvartal => orders | +500 | Q1 | baseline
10 % færre returer neste måned => returns | -10% | DEC | baseline
Dobbelt så mange anmeldelser neste kvartal => reviews | +100% | Q1 | baseline
Forbedre lastetiden med 20 % neste måned => page_load_time | -20% | DEC | baseline
Øk bruttomarginen med 2 prosentpoeng i år => average_margin | +2pp | Y26 |
Reduser kundefrafallet fra 8 % til 6 % innen utgangen av juni => churn_rate | 0.08->0.06 | TO_JUNE |
Hold avvisningsraten under 40 % neste kvartal => bounce_rate | =0.4 | Q1 |
Kundetilfredsheten skal være minst 90 % neste kvartal => csat | =0.9 | Q1 |
Øk salget => sales | ? | ? | change period baseline
10 % salg neste kvartal => sales | +10% | Q1 | change baseline
Øk salget og antall ordre med 10 % neste kvartal => None | +10% | Q1 | kpi baseline
Senk konverteringsraten med 1 % neste kvartal => conversion_rate | -1% | Q1 | change_kind baseline
Få 300 flere nyhetsbrevabonnenter innen nyttår => newsletter_subscribers | +300 | TO_YEAREND | baseline
Få første responstid ned til 2 timer neste måned => first_response_time | =120 | DEC |
Øk salget med 10 % sammenlignet med i fjor neste kvartal => sales | +10% | Q1 |
Nå en ROAS på 4 neste kvartal => roas | =4 | Q1 |
Reduser kundeserviceeposter med 30 prosent i første halvår 2027 => email_tickets | -30% | H1 |
Øk snittordren til 950 innen utgangen av neste kvartal => average_order_value | =950 | TO_MARCH |
Kutt klikkprisen med 2 kr neste måned => cost_per_click | -2 | DEC | baseline
Reduser forlatte handlekurver med 10 prosent => cart_abandonment_rate | -10% | ? | period change_kind baseline
Løft konverteringsraten fra 2,5 til 3,2 % innen juni => conversion_rate | 0.025->0.032 | TO_JUNE |
Øk ordre med 15 % mot forrige kvartal neste kvartal => orders | +15% | Q1 |
Øk snittordren med 5 til 10 % neste kvartal => average_order_value | ? | Q1 | change baseline
Forbedre konverteringen neste kvartal => conversion_rate | ? | Q1 | change change_kind baseline
Øk salget ti prosent neste kvartal => sales | +10% | Q1 | baseline
"""

JAPANESE = """
来四半期に売上を10%増やす => sales | +10% | Q1 | baseline
今後1年で転換率を2%上げる => conversion_rate | +2% | 12M | change_kind
今後1年でサイト訪問数を20%増やす => sessions | +20% | 12M |
今後6か月でカスタマーサービスへの電話を半減する => phone_tickets | -50% | 6M | baseline
半年以内に電話問い合わせを半分にする => phone_tickets | -50% | 6M | baseline
6月までに返品を半減する => returns | -50% | TO_JUNE | baseline
年末までにメルマガ登録者を倍増させる => newsletter_subscribers | +100% | TO_YEAREND | baseline
来年ブログ訪問数を3倍にする => blog_traffic | +200% | Y27 | baseline
来四半期に直帰率を半減する => bounce_rate | -50% | Q1 | baseline
来四半期の転換率を3%から4%の間に保つ => conversion_rate | 0.03 to 0.04 | Q1 |
今四半期の初回応答時間を20〜40分に保つ => first_response_time | 20 to 40 | Q4 |
来月の注文件数を1,000〜1,200件に維持する => orders | 1000 to 1200 | DEC |
来四半期の粗利率を38%〜42%の範囲に維持する => average_margin | 0.38 to 0.42 | Q1 |
来四半期に客単価を500円上げる => average_order_value | +500 | Q1 | baseline
今年度の売上を1.5億円にする => sales | =150000000 | Y26 |
12月に注文2,000件を達成する => orders | =2000 | DEC |
2027年に粗利を12.5%伸ばす => gross_profit | +12.5% | Y27 | baseline
来四半期にカゴ落ち率を5ポイント下げる => cart_abandonment_rate | -5pp | Q1 | baseline
6月までにNPSを8ポイント改善する => nps | +8 | TO_JUNE | baseline
3月末までに注文獲得単価を900円に下げる => cost_per_order | =900 | TO_MARCH |
来月の配信停止率を0.5%未満にする => unsubscribe_rate | =0.005 | DEC |
今後6か月で開封率を18%から24%に上げる => email_open_rate | 0.18->0.24 | 6M |
来四半期に値引きを4分の1減らす => discounts | -25% | Q1 | baseline
2027年下半期に売上を20%増やす => sales | +20% | H2 | baseline
上半期に売上を5%伸ばす => sales | +5% | H1 |
2027年上半期に問い合わせメールを30%減らす => email_tickets | -30% | H1 |
来期に売上を10%増やす => sales | +10% | ? | period baseline
来年度に売上を10%増やす => sales | +10% | Y27 | baseline
来四半期に注文を500件増やす => orders | +500 | Q1 | baseline
来月は返品を1割減らす => returns | -10% | DEC | baseline
2027年7月までにフォロワー数を倍にする => social_followers | +100% | TO_JULY | baseline
来月、ページ表示速度を20%改善する => page_load_time | -20% | DEC | baseline
今年度に粗利率を2ポイント上げる => average_margin | +2pp | Y26 |
6月末までに解約率を8%から6%に下げる => churn_rate | 0.08->0.06 | TO_JUNE |
来四半期は直帰率を40%以下に保つ => bounce_rate | =0.4 | Q1 |
来四半期の顧客満足度を90%以上にする => csat | =0.9 | Q1 |
売上を増やす => sales | ? | ? | change period baseline
来四半期に売上と注文を10%増やす => None | +10% | Q1 | kpi baseline
来四半期に転換率を1%下げる => conversion_rate | -1% | Q1 | change_kind baseline
年末までにメルマガ登録者を300人増やす => newsletter_subscribers | +300 | TO_YEAREND | baseline
来月、初回応答時間を2時間に短縮する => first_response_time | =120 | DEC |
来四半期に売上を前年比15%増やす => sales | +15% | Q1 |
来四半期のROASを4にする => roas | =4 | Q1 |
来四半期末までに客単価を9500円にする => average_order_value | =9500 | TO_MARCH |
来月、クリック単価を20円下げる => cost_per_click | -20 | DEC | baseline
カゴ落ち率を10%減らす => cart_abandonment_rate | -10% | ? | period change_kind baseline
2027年6月までに転換率を2.5%から3.2%に上げる => conversion_rate | 0.025->0.032 | TO_JUNE |
来四半期に注文を前四半期比15%増やす => orders | +15% | Q1 |
来四半期に転換率を改善する => conversion_rate | ? | Q1 | change change_kind baseline
来四半期に売上を１０％増やす => sales | +10% | Q1 | baseline
来四半期に客単価を5〜10%上げる => average_order_value | ? | Q1 | change baseline
来四半期にリピート注文を2割増やす => returning_customer_orders | +20% | Q1 | baseline
1年以内に顧客維持率を45%にする => retention_rate | =0.45 | 12M |
"""

AS_TYPED = """
increase sales by10% by end of FY => sales | +10% | TO_YEAREND | baseline
100 more orders per week in January => orders | +442.857 | 2027-01-01..2027-01-31 | baseline
No more than 50 support calls a week next quarter => phone_tickets | =642.8571429 | Q1 |
raise conversion by half a percentage point next quarter => conversion_rate | +0.5pp | Q1 | baseline
raise conversion by 50 basis points next quarter => conversion_rate | +0.5pp | Q1 | baseline
cut bounce rate by two thirds next quarter => bounce_rate | -66.6667% | Q1 | baseline
first reply in under 30 min from January to March 2027 => first_response_time | =30 | Q1 |
double our newsletter list by summer => newsletter_subscribers | +100% | ? | period baseline
Increase sales 10% by 31/3/2027 => sales | +10% | TO_MARCH | baseline
Increase sales 10% by 3/4/2027 => sales | +10% | ? | period baseline
Increase sales 10% before Christmas => sales | +10% | 2026-11-22..2026-12-24 | baseline
increase returning customers from 20 to 30 percent next quarter => None | 0.2->0.3 | Q1 | kpi
Increase sales 10% compared to Q4 2025 this quarter => sales | +10% | Q4 |
i want to sell more next month => None | ? | DEC | kpi change baseline
øk salget med 10% innen jul => sales | +10% | 2026-11-22..2026-12-24 | baseline
øk salget med 10% innen juli => sales | +10% | TO_JULY | baseline
100 flere ordrer i uken i januar => orders | +442.857 | 2027-01-01..2027-01-31 | baseline
Maks 50 telefoner til kundeservice i uka neste kvartal => phone_tickets | =642.8571429 | Q1 |
omsetning 2 MNOK neste år => sales | =2000000 | Y27 |
øke konverteringen med et halvt prosentpoeng neste kvartal => conversion_rate | +0.5pp | Q1 | baseline
øk salget med 10 % sammenlignet med fjerde kvartal i fjor dette kvartalet => sales | +10% | Q4 |
Øk salget 10 % innen 31.3. => sales | +10% | TO_MARCH | baseline
Auk salet med 10 % neste kvartal => sales | +10% | Q1 | baseline
tredobl trafikken innen utgangen av 2027 => sessions | +200% | 2026-11-22..2027-12-31 | baseline
øk antall ordre med 100 hver måned neste år => orders | +1200 | Y27 | baseline
reduser returraten fra 12 til 8 prosent neste halvår => None | 0.12->0.08 | H1 | kpi
クリスマスまでに売上を10%増やす => sales | +10% | 2026-11-22..2026-12-24 | baseline
来四半期に週100件注文を増やす => orders | +1285.71 | Q1 | baseline
来月の返品を200件以下に抑える => returns | =200 | DEC |
来四半期の電話問い合わせを週50件以下にする => phone_tickets | =642.8571429 | Q1 |
来四半期に直帰率を3分の2減らす => bounce_rate | -66.6667% | Q1 | baseline
来月返品を二十五パーセント減らす => returns | -25% | DEC | baseline
返品率を12%から8%に、来年上半期 => None | 0.12->0.08 | H1 | kpi
来年は毎月注文を100件増やす => orders | +1200 | Y27 | baseline
来四半期は2時間以内に初回返信する => first_response_time | =120 | Q1 |
"""
"""As people type them: endings, short forms, dates and rates; a guess was made, or a wrong one, before."""


def said(goal: Goal) -> str:
    """A goal in one line, as the cases have it."""
    period = f"{goal.period.start}..{goal.period.last}" if goal.period else "?"
    asked = " ".join(question.field for question in goal.questions)
    return f"{goal.kpi} | {_amount(goal)} | {period} | {asked}".rstrip()


def _amount(goal: Goal) -> str:
    if goal.low is not None and goal.high is not None:
        return f"{goal.low:g} to {goal.high:g}"
    if goal.value is not None:
        return (
            f"={goal.value:.10g}"
            if goal.baseline_value is None
            else f"{goal.baseline_value:g}->{goal.value:g}"
        )
    if goal.change is None:
        return "?"
    sign = "+" if goal.change > 0 else "-"
    size = abs(goal.change)
    kinds = {"percent": f"{size * 100:.6g}%", "points": f"{size * 100:g}pp", "absolute": f"{size:g}"}
    return sign + kinds[goal.change_kind or "absolute"]


@pytest.mark.parametrize(
    "case",
    [case for cases in (ENGLISH, NORWEGIAN, JAPANESE, AS_TYPED) for case in cases.strip().splitlines()],
)
def test_sentence(case: str) -> None:
    sentence, _, want = case.partition(" => ")
    kpi, amount, days, asked = (part.strip() for part in want.split("|"))
    wanted = f"{kpi} | {amount} | {NAMES.get(days, days)} | {asked}".rstrip()
    assert said(understand(sentence, ON, catalogue())) == wanted


def test_there_are_fifty_of_each() -> None:
    for sentences in (ENGLISH, NORWEGIAN, JAPANESE):
        found = [line.partition(" => ")[0] for line in sentences.strip().splitlines()]
        assert len(set(found)) == len(found) >= 50


FISCAL = """
Increase sales 10% this fiscal year => 2026-04-01..2027-03-31
Increase sales 10% next quarter => 2027-01-01..2027-03-31
Increase sales 10% next fiscal year => 2027-04-01..2028-03-31
Increase sales 10% in the first half of the fiscal year => 2027-04-01..2027-09-30
Øk salget med 10 % dette regnskapsåret => 2026-04-01..2027-03-31
Øk salget med 10 % neste regnskapsår => 2027-04-01..2028-03-31
今年度に売上を10%増やす => 2026-04-01..2027-03-31
来年度に売上を10%増やす => 2027-04-01..2028-03-31
上半期に売上を10%増やす => 2027-04-01..2027-09-30
下半期に売上を10%増やす => 2026-10-01..2027-03-31
年度末までに売上を10%増やす => 2026-11-22..2027-03-31
"""


@pytest.mark.parametrize("case", FISCAL.strip().splitlines())
def test_fiscal_words_follow_the_year_that_begins_in_april(case: str) -> None:
    sentence, _, want = case.partition(" => ")
    goal = understand(sentence, ON, catalogue(), Calendar(fiscal_start_month=4))
    assert goal.period is not None
    assert f"{goal.period.start}..{goal.period.last}" == want


def test_next_term_in_japanese_is_asked_with_its_three_meanings() -> None:
    """来期 is the next quarter in one company, the next half in another and the next year in a third."""
    goal = understand("来期に売上を10%増やす", ON, catalogue(), Calendar(fiscal_start_month=4))
    [question] = [one for one in goal.questions if one.field == "period"]
    days = [(choice.value.start.isoformat(), choice.value.last.isoformat()) for choice in question.choices]
    assert days == [("2027-01-01", "2027-03-31"), ("2027-04-01", "2027-09-30"), ("2027-04-01", "2028-03-31")]
    assert question.default is None


SEEDS = (
    # Each document's lines that are goals, found in it by what they begin with, and what they mean by hand.
    (r"^Mål 1: (.*)$", "sales", 0.1, "percent", ["baseline"]),
    (r"^Mål 2: (.*)$", "conversion_rate", 0.02, "percent", ["change_kind"]),
    (r"^Mål 3: (.*)$", "sessions", 0.2, "percent", []),
    (r"^Mål 4: (.*)$", "phone_tickets", -0.5, "percent", ["baseline"]),
    (r"^KPIs to (increase first.*)$", "new_customer_orders", None, "percent", ["change", "period", "baseline"]),
    (r"^(Increase the number of prospects)$", "visitors", None, "percent", ["change", "period", "baseline"]),
    (r"^(Increase the number of initial .*)$", "new_customer_orders", None, "percent",
     ["change", "period", "baseline"]),
    (r"^KPIs to (increase repeaters)$", "returning_customer_orders", None, "percent",
     ["change", "period", "baseline"]),
)  # fmt: skip


@pytest.mark.parametrize(("line", "kpi", "change", "kind", "asked"), SEEDS)
def test_the_goals_of_the_documents_that_the_product_began_with(
    shared_data: Path, line: str, kpi: str | None, change: float | None, kind: str, asked: list[str]
) -> None:
    texts = [one.read_text(encoding="utf-8") for one in (shared_data.parent / "seeds").glob("*.txt")]
    (found,) = {one for text in texts for one in re.findall(line, text, re.MULTILINE)}
    goal = understand(found, ON, catalogue())
    assert (goal.kpi, goal.change, goal.change_kind) == (kpi, change, kind)
    assert [question.field for question in goal.questions] == asked
