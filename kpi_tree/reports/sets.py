# ruff: noqa: E501 (entries of a table read better in one line)
"""Reports that put several KPIs, customers or visits together: one entry each."""

from __future__ import annotations

from kpi_tree.i18n import Msg, msg
from kpi_tree.periods import Grain
from kpi_tree.reports.model import DimensionName, Kind, Report

MANAGER = (
    "orders",
    "sales",
    "average_order_value",
    "conversion_rate",
    "sessions",
    "gross_profit",
    "average_margin",
)
SELLING = ("gross_sales", "discounts", "returns", "sales", "gross_profit", "average_margin")
TRAFFIC = ("sessions", "bounce_rate", "pages_per_visit", "average_session_duration", "conversion_rate")
ORDERING = ("orders", "sales", "average_order_value", "items_per_order")
ADS = ("roas", "cost_per_click")
DESK = (
    "email_tickets", "phone_tickets", "chat_tickets", "first_response_time", "resolution_time", "active_issues",
    "backlog", "escalation_rate", "csat", "nps", "hit_rate",
)  # fmt: skip
TICKETS = ("email_tickets", "phone_tickets", "chat_tickets", "first_response_time", "escalation_rate")
MAKING = (
    "units_produced",
    "oee",
    "ole",
    "cycle_time",
    "first_pass_yield",
    "yield_variance",
    "noncompliance_events",
)
LINES = ("units_produced", "oee", "cycle_time", "first_pass_yield", "yield_variance")
PROJECTS = ("budget_used", "project_roi", "cost_variance", "cost_performance_index")
WORK = (*PROJECTS, "hours_worked", "hours_variance")
STOCK = ("inventory_units", "days_of_inventory", "sell_through_rate")
PAIRS = ("orders", "sales", "gross_sales", "average_order_value", "items_per_order", "discounts", "returns",
         "gross_profit", "average_margin")  # fmt: skip
VISITORS = (*TRAFFIC, "time_on_site", "cart_abandonment_rate", "cart_completion_rate", "mobile_share",
            "search_conversion_rate", "product_page_share", "pages_per_person")  # fmt: skip


def _made(
    report_id: str, kind: Kind, category: str, title: Msg, question: Msg, kpis: tuple[str, ...] = (), *by: str,
    source: str = "", grain: Grain = Grain.MONTH,
) -> Report:  # fmt: skip
    compare = "previous" if kind == "scorecard" else "none"
    return Report(report_id, title, question, kind, category, kpis, by, grain, compare, source)  # type: ignore[arg-type]


def _table(report_id: str, category: str, title: Msg, kpis: tuple[str, ...], by: str) -> Report:
    question = msg("How does each {dimension} do, all figures in one row?", dimension=DimensionName(by))
    return _made(report_id, "matrix", category, title, question, kpis, by)


SETS: tuple[Report, ...] = (
    _made("shop_at_a_glance", "scorecard", "sales", msg("The shop at a glance"),
          msg("How are the main figures against before?"), MANAGER),
    _made("purchase_funnel", "funnel", "sales", msg("From visit to order"),
          msg("At which step do visitors leave?"), source="purchase"),
    _made("purchase_funnel_by_device", "funnel", "sales", msg("From visit to order, by device"),
          msg("On which device do visitors leave, and where?"), (), "device", source="purchase"),
    _made("purchase_funnel_by_channel", "funnel", "sales", msg("From visit to order, by channel"),
          msg("Which channel brings visitors who buy?"), (), "channel", source="purchase"),
    _made("purchase_funnel_by_visitor_type", "funnel", "sales", msg("From visit to order, new and returning"),
          msg("Where do new visitors leave that returning ones do not?"), (), "visitor_type", source="purchase"),
    _made("form_funnel", "funnel", "customers", msg("From page to form"),
          msg("How many who see a form's page fill it in?"), source="form"),
    _made("form_funnel_by_form", "funnel", "customers", msg("From page to form, by form"),
          msg("Which form loses people?"), (), "form", source="form"),
    _made("cohort_retention", "cohorts", "customers", msg("Customers who come back, by month of first order"),
          msg("How many customers of each month order again, and when?")),
    _made("cohort_retention_by_quarter", "cohorts", "customers",
          msg("Customers who come back, by quarter of first order"),
          msg("Do newer customers stay better than older ones?"), grain=Grain.QUARTER),
    _made("customer_segments", "segments", "customers", msg("Customers by recency, frequency and money"),
          msg("Who are the best customers, and who is slipping away?")),
    _made("new_against_repeat_customers", "side_by_side", "customers", msg("New against returning customers"),
          msg("What do new customers bring, and what returning ones?"), PAIRS, "customer_type"),
    _made("new_against_repeat_visitors", "side_by_side", "customers", msg("New against returning visitors"),
          msg("How do new visitors behave, and how returning ones?"), VISITORS, "visitor_type"),
    _table("product_table", "sales", msg("Products, all figures"), SELLING, "product_name"),
    _table("category_table", "sales", msg("Product categories, all figures"), SELLING, "category"),
    _table("brand_table", "sales", msg("Brands, all figures"), SELLING, "brand"),
    _table("channel_table", "marketing", msg("Channels, all figures"), (*TRAFFIC, *ORDERING), "channel"),
    _table("source_table", "marketing", msg("Sources, all figures"), (*TRAFFIC, *ORDERING), "source"),
    _table("campaign_table", "marketing", msg("Campaigns, all figures"), (*TRAFFIC, *ORDERING), "campaign"),
    _table("device_table", "marketing", msg("Devices, all figures"), (*TRAFFIC, *ORDERING), "device"),
    _table("country_table", "sales", msg("Countries, all figures"), (*TRAFFIC, *ORDERING), "country"),
    _table("landing_page_table", "marketing", msg("Landing pages, all figures"), TRAFFIC, "landing_page"),
    _table("ad_platform_table", "marketing", msg("Advertising by platform"), ADS, "platform"),
    _table("ad_campaign_table", "marketing", msg("Advertising by campaign"), ADS, "campaign"),
    _table("stock_table", "sales", msg("Stock by product, and how long it lasts"), STOCK, "product_name"),
    _table("stock_by_category", "sales", msg("Stock by category, and how long it lasts"), STOCK, "category"),
    _made("stock_run_out", "ranked", "sales", msg("Stock: what runs out first"),
          msg("Which products run out, and on which day?"), ("days_of_inventory",)),
    _made("service_desk", "scorecard", "service", msg("The service desk at a glance"),
          msg("Do customers get help, fast enough and good enough?"), DESK),
    _table("service_by_category", "service", msg("Requests by concern"), TICKETS, "category"),
    _table("service_by_channel", "service", msg("Requests by channel"), TICKETS, "channel"),
    _made("production", "scorecard", "production", msg("Production at a glance"),
          msg("Does production make what it should, right the first time?"), MAKING),
    _table("production_by_line", "production", msg("Production by line"), LINES, "line"),
    _made("project_value", "scorecard", "projects", msg("Projects at a glance"),
          msg("Are the projects worth what they cost?"), WORK),
    _table("project_table", "projects", msg("Value and cost by project"), PROJECTS, "project"),
)  # fmt: skip
"""The composed reports, in the order of the list."""
