"""The macros that every page is put together from."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template_string
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired

from equipment_cloud.foundation.form import Form, text_field
from equipment_cloud.foundation.page import Page
from equipment_cloud.kernel.errors import Problem


class SmallForm(Form):
    name = text_field("Name", required=True)
    kind = SelectField("Kind")
    way = RadioField("Way")
    agreed = BooleanField("Agreed", validators=[InputRequired(lazy_gettext("This must be filled in."))])


def filled(**typed: str) -> SmallForm:
    form = SmallForm(MultiDict(typed))
    form.kind.choices, form.way.choices = [("a", "A"), ("b", "B")], [("x", "X"), ("y", "Y")]
    return form


FORM = """{% from "components/form.html" import form_tag, field %}
{% call form_tag(form, "/go", submit="Go", confirm="Sure?") %}
{{ field(form.name, hint="As on the licence") }}{{ field(form.kind, search=true) }}
{{ field(form.way) }}{{ field(form.agreed) }}
{% endcall %}"""


def drawn(app: Flask, source: str, address: str = "/", **values: Any) -> BeautifulSoup:
    with app.test_request_context(address):
        return BeautifulSoup(render_template_string(source, **values), "html.parser")


def form_with_errors(app: Flask) -> SmallForm:
    with app.test_request_context("/"):
        form = filled(name="", kind="a", way="x")
        form.validate()
        form.form_errors.append("The whole is wrong.")
        return form


def test_a_form_always_carries_its_token_and_its_button(app: Flask) -> None:
    with app.test_request_context("/"):
        form = filled()
    soup = drawn(app, FORM, form=form)
    assert soup.select_one("input[type=hidden][name=csrf_token]")["value"]
    assert soup.select_one("button[type=submit]").get_text(strip=True) == "Go"
    assert soup.form["data-confirm"] == "Sure?"


def test_a_form_without_fields_carries_its_token_too(app: Flask) -> None:
    source = (
        '{% from "components/form.html" import action_button %}{{ action_button("/go", "Go", values={"a": "<1>"}) }}'
    )
    soup = drawn(app, source)
    assert soup.select_one("input[name=csrf_token]")
    assert soup.select_one("input[name=a]")["value"] == "<1>"


def test_the_summary_links_to_every_field_in_error_and_tells_what_is_wrong_with_the_whole(app: Flask) -> None:
    soup = drawn(app, FORM, form=form_with_errors(app))
    links = [link["href"] for link in soup.select(".error-summary a")]
    assert links == ["#name", "#agreed"]
    assert all(soup.select_one(link) for link in links)
    assert "The whole is wrong." in soup.select_one(".error-summary").get_text()


def test_hint_and_error_of_a_field_are_read_with_it(app: Flask) -> None:
    soup = drawn(app, FORM, form=form_with_errors(app))
    name = soup.select_one("#name")
    assert name["aria-describedby"] == "name-hint name-error"
    assert name["aria-invalid"] == "true"
    assert all(soup.select_one(f"#{part}") for part in name["aria-describedby"].split())


def test_every_input_has_a_label_of_its_own(app: Flask) -> None:
    soup = drawn(app, FORM, form=form_with_errors(app))
    labelled = {label["for"] for label in soup.select("label")}
    assert {item["id"] for item in soup.select("input:not([type=hidden]), select, textarea")} <= labelled


def test_what_a_person_typed_never_becomes_markup(app: Flask) -> None:
    with app.test_request_context("/"):
        form = filled(name="<script>alert(1)</script>")
        form.name.errors = ["<b>bad</b>"]
    soup = drawn(app, FORM, form=form)
    assert soup.script is None
    assert soup.b is None


def test_chart_data_cannot_close_its_block(app: Flask) -> None:
    source = '{% from "components/chart.html" import chart %}{{ chart("c", options, "T") }}'
    soup = drawn(app, source, options={"title": "</script><b>x</b>"})
    assert soup.b is None
    assert soup.script["type"] == "application/json"


PAGER = '{% from "components/pager.html" import pager %}{{ pager(page) }}'


def test_a_pager_keeps_the_rest_of_the_query(app: Flask) -> None:
    soup = drawn(app, PAGER, "/list?q=盐雾&town=1&town=2&page=3&_scheme=x&endpoint=y", page=Page([], 3, 20, 196))
    following = soup.select_one("a[rel=next]")["href"]
    assert following == "?q=%E7%9B%90%E9%9B%BE&town=1&town=2&_scheme=x&endpoint=y&page=4"
    assert soup.select_one("a[aria-current]").get_text(strip=True) == "3"


@pytest.mark.parametrize(("number", "total"), [(1, 0), (1, 1), (1, 20)])
def test_one_page_has_no_links(app: Flask, number: int, total: int) -> None:
    assert drawn(app, PAGER, page=Page([], number, 20, total)).select("a") == []


def test_every_cell_of_a_table_knows_its_heading(app: Flask) -> None:
    source = """{% from "components/table.html" import data_table, td, th_row %}
    {% call data_table("All", ["Name", {"label": "Fee", "numeric": true}]) %}
    <tr>{{ th_row("Name", "A") }}{{ td("Fee", 5, numeric=true) }}{{ td("None", none) }}</tr>{% endcall %}"""
    soup = drawn(app, source)
    assert soup.caption.get_text() == "All"
    assert [cell["data-label"] for cell in soup.select("tbody > tr > *")] == ["Name", "Fee", "None"]
    assert {heading["scope"] for heading in soup.select("th")} == {"col", "row"}
    assert soup.select_one(".table-scroll[role=group]")["tabindex"] == "0"


def test_problems_of_the_rules_are_translated_and_filled(app: Flask) -> None:
    source = '{% from "components/problems.html" import problems_list %}{{ problems_list(problems) }}'
    problem = Problem(code="x", message="At most %(most)s hours.", values={"most": 8}, remedy="Book less.")
    soup = drawn(app, source, problems=[problem, {"message": "100 % wrong", "remedy": None}])
    assert [item.get_text() for item in soup.select(".problem-message")] == ["At most 8 hours.", "100 % wrong"]
    assert "Book less." in soup.get_text()


def test_the_row_that_decided_an_amount_says_so_in_words(app: Flask) -> None:
    source = '{% from "components/money.html" import calculation %}{{ calculation(lines, total_fen=160000) }}'
    lines = [
        {"label": "Half", "limit_fen": None, "amount_fen": 200_000, "binding": False},
        {"label": "Left this year", "limit_fen": 160_000, "amount_fen": 160_000, "binding": True},
    ]
    soup = drawn(app, source, "/?lang=en", lines=lines)
    assert [row.th.get_text() for row in soup.select("tbody tr") if "decides" in row.get_text()] == ["Left this year"]
    assert soup.select_one(".total .amount").get_text() == "¥1,600.00"
