"""What every form of the house does with what was typed."""

import pytest
from django import forms

from core.forms import NumberField, WholeNumberField


class Sheet(forms.Form):
    note = forms.CharField(max_length=5, widget=forms.Textarea)
    story = forms.CharField()
    day = forms.DateField()
    number = NumberField(widget=forms.TextInput(attrs={"maxlength": 4}))
    key = forms.UUIDField(widget=forms.HiddenInput)


def test_what_is_longer_than_it_may_be_comes_back_as_far_as_it_may_go():
    sheet = Sheet(
        {"note": "x" * 2_000_000, "story": "y" * 3_000, "day": "9" * 2_000_000, "number": "8" * 9}
        | {"key": "k" * 2_000_000}
    )
    assert sheet["note"].value() == "xxxxx"
    assert sheet["story"].value() == "y" * 3_000  # as long as wished
    assert sheet["number"].value() == "8888"
    assert len(sheet["key"].value()) == 200
    assert len(str(sheet)) < 6_000
    # The sentence is about all of it.
    assert "2000000" in sheet.errors["note"][0]


def test_a_line_end_counts_once_as_in_the_browser():
    assert Sheet({"note": "a\r\nb\r\nc"})["note"].value() == "a\nb\nc"


def test_what_stands_already_is_shown_whole():
    assert Sheet(initial={"note": "longer", "number": "12345"})["number"].value() == "12345"
    assert "longer" in str(Sheet(initial={"note": "longer"}))


@pytest.mark.parametrize("typed", ["1e3", "1E3", "1_000", "e", "_"])
@pytest.mark.parametrize("field", [NumberField(), WholeNumberField()])
def test_numbers_of_programs_are_none_of_people(field, typed):
    with pytest.raises(forms.ValidationError, match="Enter a "):
        field.clean(typed)
    assert field.clean("1000") == 1000
