"""Catalogues of the texts for people, kept without GNU gettext: Babel finds the texts, polib keeps the files.

`locale/<language>/LC_MESSAGES/django.po` is written by `manage.py makemessages` and by translators; the
compiled `.mo` beside it is never committed (`manage.py compilemessages`, part of every start).
"""

import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

from core.disk import replacing

SKIPPED = {"tests", "scripts", "docs", "sample", "static", "staticfiles", "locale", "migrations"}
SUFFIXES = {".py", ".html", ".txt"}
KEYWORDS = DEFAULT_KEYWORDS | {
    f"{name}_{form}": DEFAULT_KEYWORDS[name]
    for name in ("gettext", "ngettext", "pgettext", "npgettext")
    for form in ("lazy", "noop")
}
PLURALS = {"ja": "nplurals=1; plural=0;", "ko": "nplurals=1; plural=0;", "zh-hans": "nplurals=1; plural=0;"}
_ALIAS = re.compile(r"^from django\.utils\.translation import (\w+) as (\w+)$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"%\(\w+\)\w|%[sd]|\{\w*\}")

Key = tuple[str | None, str]  # context and English text


def languages() -> list[str]:
    """Those that need a catalogue: English stands in the code."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def path_of(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / to_locale(language) / "LC_MESSAGES" / "django.po"


def found_texts(root: Path) -> dict[Key, polib.POEntry]:
    """Every text of the code and the templates under `root`, in a stable order."""
    entries: dict[Key, polib.POEntry] = {}
    for path in _sources(root):
        place = (path.relative_to(root).as_posix(), "")
        for text, plural, context in _texts_of(path):
            entry = entries.setdefault((context, text), _entry(text, context))
            if plural and not entry.msgid_plural:
                entry.msgid_plural, entry.msgstr_plural, entry.msgstr = plural, {0: ""}, ""
            if place not in entry.occurrences:
                entry.occurrences.append(place)
    return entries


def updated(language: str, root: Path) -> polib.POFile:
    """The catalogue as it should be: every text of today, each with the translation it has; no other."""
    path = path_of(language)
    known = {(entry.msgctxt, entry.msgid): entry for entry in _read(path)}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Project-Id-Version": "lfnkr",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS.get(language, "nplurals=2; plural=(n != 1);"),
    }
    for key, entry in found_texts(root).items():
        _keep_translation(entry, known.get(key))
        catalogue.append(entry)
    return catalogue


def problems(language: str, root: Path) -> list[str]:
    """What a translator or developer still has to do, one sentence each."""
    wanted, path = updated(language, root), path_of(language)
    found = [f"not translated: {entry.msgid!r}" for entry in wanted.untranslated_entries()]
    found += [f"to be looked at (fuzzy): {entry.msgid!r}" for entry in wanted.fuzzy_entries()]
    found += [f"other placeholders than in English: {e.msgid!r}" for e in wanted if not _same_placeholders(e)]
    if not path.exists() or path.read_text(encoding="utf-8") != str(wanted):
        found.append("the file is not up to date: run manage.py makemessages")
    return [f"{language}: {problem}" for problem in found]


def write(catalogue: polib.POFile, path: Path) -> None:
    _replace(path, str(catalogue).encode())


def compile_all() -> int:
    """Write the `.mo` beside every catalogue. Returns how many."""
    paths = [path for language in languages() if (path := path_of(language)).exists()]
    for path in paths:
        _replace(path.with_suffix(".mo"), _read(path).to_binary())
    return len(paths)


def _read(path: Path) -> polib.POFile:
    return polib.pofile(str(path), encoding="utf-8") if path.exists() else polib.POFile()


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, mode=0o644) as stream:  # another process may read the catalogue at this moment
        stream.write(content)


def _sources(root: Path) -> Iterator[Path]:
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        if folder.name in SKIPPED or folder.name.startswith("."):
            continue
        for path in sorted(folder.rglob("*")):
            if path.suffix in SUFFIXES and not SKIPPED & set(path.relative_to(root).parts):
                yield path


def _texts_of(path: Path) -> Iterator[tuple[str, str, str | None]]:
    """English text, its plural or "", its context or None."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What stands indented in a template would be wrong Python: Babel reads tokens and minds that.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).splitlines())
    aliases = {alias: KEYWORDS[name] for name, alias in _ALIAS.findall(source) if name in KEYWORDS}
    found = extract("python", io.BytesIO(source.encode()), KEYWORDS | aliases)
    for _line, message, _comments, context in found:
        text, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
        if text:
            yield text, plural, context


def _entry(text: str, context: str | None) -> polib.POEntry:
    flags = ["python-format"] if _PLACEHOLDER.search(text) and "%" in text else []
    return polib.POEntry(msgid=text, msgctxt=context, flags=flags)


def _keep_translation(entry: polib.POEntry, known: polib.POEntry | None) -> None:
    if known is None or bool(known.msgid_plural) != bool(entry.msgid_plural):
        return
    entry.msgstr, entry.msgstr_plural = known.msgstr, dict(known.msgstr_plural)
    entry.tcomment = known.tcomment
    if "fuzzy" in known.flags:
        entry.flags.append("fuzzy")


def _same_placeholders(entry: polib.POEntry) -> bool:
    if not entry.translated():
        return True
    texts: Iterable[str] = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    wanted = set(_PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    return all(set(_PLACEHOLDER.findall(text)) == wanted for text in texts)
