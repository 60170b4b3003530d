"""Forms of stock, shelters and money in × what is sent wrong: a sentence at its field, nothing is kept."""

import html
import re
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.urls import reverse

from supply import services
from tests.bad_input import Case, Form, last_month

APPS = ("supply", "shelters", "donations")
PARTS = [import_module(f"tests.{app}.bad_input") for app in APPS]
FORMS: list[Form] = [form for part in PARTS for form in part.FORMS]
TABLES = [model._meta.db_table for app in APPS for model in apps.get_app_config(app).get_models()]


def kept() -> list[tuple]:
    """Every row of every table of these apps, as a number and a sum a table."""
    of_one = "SELECT '{0}', count(*), md5(string_agg(t::text, '|' ORDER BY t.id)) FROM {0} t"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(of_one.format(table) for table in TABLES))
        return sorted(cursor.fetchall())


def errors_of(response) -> dict[str, list[str]]:
    """Sentences by field, as the page has them; those over a form under an empty name."""
    found: dict[str, list[str]] = {}
    seen = {id(value): value for part in response.context or [] for value in part.flatten().values()}
    for value in seen.values():
        forms = value.forms if isinstance(value, BaseFormSet) else [value]
        for form in forms:
            if not isinstance(form, BaseForm) or not form.is_bound:
                continue
            for name, sentences in form.errors.items():
                shown = "" if name == "__all__" else form.add_prefix(name)
                found.setdefault(shown, []).extend(sentences)
    return found


def words_of(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def name_of(form: Form) -> str:
    return "-".join(filter(None, (form.name.replace(":", "."), form.says)))


@pytest.mark.parametrize("form", FORMS, ids=name_of)
def test_bad_input_is_a_sentence_at_its_field_and_keeps_nothing(form, request, as_user, sora, today):
    case: Case = form.made(request.getfixturevalue)
    services.close_month(by=sora, month=last_month(today), today=today)
    client = as_user(request.getfixturevalue(form.who))
    address = reverse(form.name, kwargs=case.address or None) + case.query
    before = kept()
    for bad in case.bad:
        sent = {name: value[:40] for name, value in bad.changes.items()}
        response = client.post(address, case.body | bad.changes)
        assert response.status_code == 422, sent
        sentences = errors_of(response).get(bad.field, [])
        assert sentences, (sent, errors_of(response))
        assert bad.words in " ".join(sentences), (sent, sentences)
        shown = words_of(response)
        assert all(" ".join(str(one).split()) in shown for one in sentences), (sent, sentences)
        assert kept() == before, sent
        assert len(response.content) < 200_000, sent  # nobody's phone loads again what was pasted by mistake
    answer = client.post(address, case.body)  # it was the change alone that was refused
    assert answer.status_code == 302, errors_of(answer)
    assert kept() != before


def test_every_url_of_these_apps_is_a_form_here_or_has_nothing_to_type():
    urls = {row.name for app in APPS for row in import_module(f"tests.{app}.access").ROWS}
    sorted_out = [{form.name for form in FORMS}, *(part.OTHERS for part in PARTS)]
    assert urls == set().union(*sorted_out)
    assert sum(map(len, sorted_out)) == len(urls)
