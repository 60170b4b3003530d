"""`manage.py annual_report`: the draft as a file, without a worker."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import resolve

FIGURE_KEYS = {"key", "label", "value", "unit", "qualifier", "previous", "records"}


def run(capsys, **options) -> str:
    call_command("annual_report", **options)
    return capsys.readouterr().out


def test_json_has_the_agreed_shape(full_year, capsys):
    data = json.loads(run(capsys, year=2026))
    assert set(data) >= {"year", "figures", "sections"}
    assert set(data["year"]) == {"label", "start", "end"}
    assert all(set(section) == {"heading", "text"} for section in data["sections"])
    for figure in data["figures"]:
        assert set(figure) >= FIGURE_KEYS
        assert set(figure["records"]) == {"count", "url"}
        assert resolve(figure["records"]["url"]).view_name == "reports:records"
    values = {figure["key"]: figure["value"] for figure in data["figures"]}
    assert values["people_to_safe_zones"] == 6
    assert isinstance(values["people_to_safe_zones"], int)
    assert values["food_inside"] == 5.2505
    assert data["partners"]["printed"] == "more than 10"
    assert data["external_statistics"][0]["publisher"] == "A ministry"


def test_year_before_stands_beside_the_figure(full_year, capsys):
    figures = {figure["key"]: figure for figure in json.loads(run(capsys, year=2026))["figures"]}
    assert (figures["paypal_donations"]["previous"], figures["paypal_donations"]["difference"]) == (2, 11)
    assert figures["food_inside"]["previous"] is None  # nothing recorded is not zero


@pytest.mark.parametrize(("form", "start"), [("md", "# Annual report"), ("html", "<!doctype html>")])
def test_other_formats(full_year, capsys, form, start):
    assert run(capsys, year=2026, form=form).startswith(start)


def test_report_is_written_to_a_file(full_year, capsys, tmp_path):
    path = tmp_path / "report.json"
    assert run(capsys, year=2026, output=path) == ""
    assert json.loads(path.read_text())["year"]["start"] == "2025-09-01"


def test_year_without_records_is_still_a_report(db, capsys):
    data = json.loads(run(capsys, year=1990))
    assert len(data["sections"]) == 1
    assert "No record lies in" in data["sections"][0]["text"]
    assert {figure["records"]["count"] for figure in data["figures"]} == {0}


def test_year_and_place_must_make_sense(db, tmp_path):
    with pytest.raises(CommandError, match="four digits"):
        call_command("annual_report", year=12)
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("annual_report", year=2026, output=tmp_path / "nowhere" / "report.json")
