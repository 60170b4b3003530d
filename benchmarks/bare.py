"""What the app's pages are compared with.

A bare page goes through the same gate and the same base template, has as many rows as ours: rows of the
ledger, or of one's own store, in a plain table of a Django template, from one statement; as many places and
items to choose from where ours does, and as many bytes. Bare logging is a view behind the gate with one
committed INSERT of a row without rules. Session and person are looked up as Django does (`wsgi.py`).
"""

from collections.abc import Sequence
from functools import cache
from itertools import cycle, islice
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
  JOIN supply_place AS b ON b.id = m.destination_id
"""
_NEWEST = f"{_ROWS} ORDER BY m.occurred_on DESC, m.id DESC LIMIT %s"
# Through the whole ledger the row policies would search long for rows of one store.
_NEWEST_OF_A_STORE = f"{_ROWS} WHERE m.source_id = %s ORDER BY m.id DESC LIMIT %s"
_CHOICES = (
    "SELECT id, code FROM supply_place WHERE kind <> 'transit' ORDER BY kind, code",
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


def _page(request: HttpRequest, size: int, rows: list[tuple], choices: Sequence[list[tuple]]) -> HttpResponse:
    return HttpResponse(_template().render({"rows": rows, "choices": choices, "words": "x" * size}, request))


@requires(Right.STOCK_READ)
def page_of_readers(request: HttpRequest, rows: int, size: int) -> HttpResponse:
    return _page(request, size, _found(_NEWEST, rows), [_found(one) for one in _CHOICES])


@requires(Right.STOCK_LOG)
def page_of_a_store(request: HttpRequest, store: int, rows: int, size: int) -> HttpResponse:
    found = _found(_NEWEST_OF_A_STORE, store, rows)
    return _page(request, size, list(islice(cycle(found), rows)), ())  # a small ledger has fewer


@requires(Right.STOCK_LOG)
def logging(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(_ROW)
    return HttpResponse("booked")


urlpatterns = [
    path("bare/read/<int:rows>/<int:size>/", page_of_readers),
    path("bare/store/<int:store>/<int:rows>/<int:size>/", page_of_a_store),
    path("bare/log/", logging),
    path("", include("lfnkr.urls")),
]
