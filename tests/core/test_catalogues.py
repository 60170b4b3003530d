"""Catalogues without gettext: what is found, kept, refused, compiled."""

import gettext
from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command

from core import catalogues


@pytest.fixture
def root(tmp_path, settings) -> Path:
    """A small project of one app and one template."""
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    (tmp_path / "app").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "app" / "views.py").write_text(
        "from django.utils.translation import gettext_lazy as _, pgettext\n"
        'a = _("Rice")\nb = _("%(n)s bags") % {"n": 3}\nc = pgettext("verb", "count")\n'
    )
    (tmp_path / "templates" / "page.html").write_text(
        '{% load i18n %}{% translate "Rice" %}{% blocktranslate count n=n %}{{ n }} child'
        "{% plural %}{{ n }} children{% endblocktranslate %}"
    )
    return tmp_path


def ja(root: Path) -> Path:
    return root / "locale" / "ja" / "LC_MESSAGES" / "django.po"


def translated(root: Path, **words: str) -> polib.POFile:
    call_command("makemessages")
    catalogue = polib.pofile(str(ja(root)))
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: "子ども%(n)s人"}
        else:
            entry.msgstr = words.get(entry.msgid, f"訳 {entry.msgid}")
    catalogues.write(catalogue, ja(root))
    return catalogue


def test_texts_of_code_and_templates_are_found(root):
    entries = catalogues.found_texts(root)
    assert set(entries) == {(None, "Rice"), (None, "%(n)s bags"), ("verb", "count"), (None, "%(n)s child")}
    rice = entries[None, "Rice"]
    assert [place for place, _line in rice.occurrences] == ["app/views.py", "templates/page.html"]
    assert entries[None, "%(n)s child"].msgid_plural == "%(n)s children"


def test_texts_of_an_indented_template_are_found(root):
    (root / "templates" / "indented.html").write_text(
        '{% load i18n %}\n<p>\n    <b>{% translate "Deep" %}</b>\n  <b>{% translate "Less" %}</b>\n</p>\n'
    )
    assert {(None, "Deep"), (None, "Less")} <= set(catalogues.found_texts(root))


def test_texts_are_found_whatever_the_file_calls_gettext(root):
    (root / "app" / "tasks.py").write_text(
        'from django.utils.translation import gettext as now\na = now("Beans")\n'
    )
    assert (None, "Beans") in catalogues.found_texts(root)


def test_translations_stay_when_texts_come_and_go(root):
    translated(root, Rice="米")
    (root / "app" / "views.py").write_text('from x import gettext as _\na = _("Beans")\n')
    call_command("makemessages")
    catalogue = {entry.msgid: entry.msgstr for entry in polib.pofile(str(ja(root)))}
    assert catalogue["Rice"] == "米"
    assert catalogue["Beans"] == ""
    assert "%(n)s bags" not in catalogue


def test_run_twice_changes_nothing(root):
    translated(root)
    call_command("makemessages")
    first = ja(root).read_bytes()
    call_command("makemessages")
    assert ja(root).read_bytes() == first


def test_a_finished_catalogue_passes_the_check(root):
    translated(root)
    call_command("makemessages", "--check")


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda entry: setattr(entry, "msgstr", ""), "not translated"),
        (lambda entry: entry.flags.append("fuzzy"), "fuzzy"),
        (lambda entry: setattr(entry, "msgstr", "袋"), "placeholders"),
        (lambda entry: setattr(entry, "msgid", "%(n)s boxes"), "not up to date"),
    ],
)
def test_an_unfinished_catalogue_fails_the_check(root, spoil, complaint):
    catalogue = translated(root)
    spoil(catalogue.find("%(n)s bags"))
    catalogues.write(catalogue, ja(root))
    with pytest.raises(CommandError, match=complaint):
        call_command("makemessages", "--check")


def test_a_missing_catalogue_fails_the_check(root):
    with pytest.raises(CommandError, match="not up to date"):
        call_command("makemessages", "--check")
    assert not ja(root).exists()


def test_compiled_texts_are_what_gettext_reads(root):
    translated(root, Rice="米")
    call_command("compilemessages")
    with ja(root).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("Rice") == "米"
    assert compiled.ngettext("%(n)s child", "%(n)s children", 5) == "子ども%(n)s人"
    assert compiled.pgettext("verb", "count") == "訳 count"
    assert sorted(path.suffix for path in ja(root).parent.iterdir()) == [".mo", ".po"]
