"""What the app's pages are compared with.

A bare page goes through the same gate and the same base template, has as many rows as ours: rows of the
ledger in a plain table of a Django template, from one statement; as many places and items to choose from
where ours does, and as many bytes. Bare logging is a view behind the gate with one committed INSERT of a row
without rules.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from accounts.gate import requires
from accounts.permissions import Right

_ROW = "INSERT INTO bench_row (item, quantity, said) VALUES (1, 0.5, 'bare')"
_ROWS = """
SELECT m.occurred_on, i.name, m.quantity, a.code, b.code, m.reason, m.document FROM supply_movement AS m
  JOIN supply_item AS i ON i.id = m.item_id JOIN supply_place AS a ON a.id = m.source_id
  JOIN supply_place AS b ON b.id = m.destination_id ORDER BY m.occurred_on DESC, m.id DESC LIMIT %s
"""
_CHOICES = (
    "SELECT id, code FROM supply_place ORDER BY kind, code",
    "SELECT id, name FROM supply_item ORDER BY kind, code",
)
_PAGE = """{% extends "base.html" %}{% block content %}
{% for choice in choices %}<select>{% for key, label in choice %}
<option value="{{ key }}">{{ label }}</option>{% endfor %}</select>{% endfor %}
<table>{% for row in rows %}
<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>{{ words }}{% endblock %}"""


@cache
def _template() -> Any:
    return engines["django"].from_string(_PAGE)


def _found(statement: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _page(request: HttpRequest, rows: int, size: int, choices: Sequence[str] = ()) -> HttpResponse:
    shown = {"rows": _found(_ROWS, rows), "choices": [_found(one) for one in choices], "words": "x" * size}
    return HttpResponse(_template().render(shown, request))


@requires(Right.STOCK_READ)
def page_of_readers(request: HttpRequest, rows: int, size: int) -> HttpResponse:
    return _page(request, rows, size, _CHOICES)


@requires(Right.STOCK_LOG)
def page_of_loggers(request: HttpRequest, rows: int, size: int) -> HttpResponse:
    return _page(request, rows, size)


@requires(Right.STOCK_LOG)
def logging(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(_ROW)
    return HttpResponse("booked")


urlpatterns = [
    path("bare/read/<int:rows>/<int:size>/", page_of_readers),
    path("bare/log/<int:rows>/<int:size>/", page_of_loggers),
    path("bare/log/", logging),
    path("", include("lfnkr.urls")),
]
