import pytest
from django import forms
from django.test.html import parse_html

from core.widgets import LongSelect

CHOICES = [("", "all"), ("a", "<b>Rice</b>"), ("Bags", [("b&c", "bag"), (3, 'box "big"')])]


@pytest.mark.parametrize("value", [None, "", "a", "b&c", 3, "<x>"])
def test_long_choice_is_written_as_django_writes_it(value):
    attrs = {"id": "id_item", "class": "form-select", "data-owner": True, "required": False}
    ours, django = LongSelect(attrs, CHOICES), forms.Select(attrs, CHOICES)
    assert parse_html(ours.render("item", value)) == parse_html(django.render("item", value))
