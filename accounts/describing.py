"""Who may see what, as a page: written from the same table that the database's row policies are made of."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import translation
from django.utils.module_loading import import_string

from accounts.enums import RoleName
from accounts.roles import BY_COMMAND, MATRIX, NOT_BUILT, ROLES

MARK = "<!-- below: written by `manage.py describe_roles` from accounts/roles.py -->\n"


def described() -> str:
    """Markdown from the mark on."""
    with translation.override("en"):
        return MARK + "\n".join([*_roles(), "", *_matrix(), "", *_tables(), ""])


def _roles() -> Iterator[str]:
    yield "\n## Roles\n"
    yield "| role | | rights |"
    yield "|---|---|---|"
    for role in ROLES.values():
        rights = ", ".join(f"`{right}`" for right in sorted(role.rights))
        yield f"| {RoleName(role.name).label} | {role.sentence} | {rights or '–'} |"


def _matrix() -> Iterator[str]:
    columns = list(next(iter(MATRIX.values())))
    yield "## Kinds of data\n"
    yield f"| kind of data | {' | '.join(_label(column) for column in columns)} |"
    yield f"|---|{'---|' * len(columns)}"
    for kind, cells in MATRIX.items():
        marked = (_marked(kind.split()[0], column, cells[column]) for column in columns)
        yield f"| {kind} | {' | '.join(marked)} |"


def _marked(number: str, column: str, cell: str) -> str:
    """The cell, and what of it has no page."""
    waits, done = NOT_BUILT.get(number, {}).get(column), BY_COMMAND.get(number, {}).get(column)
    marks = [f"*{waits} not built yet*"] if waits else []
    marks += [f"*{done} by command*"] if done else []
    return "<br>".join([cell, *marks])


def _label(column: str) -> str:
    return str(RoleName(column).label) if column in RoleName.values else column


def _tables() -> Iterator[str]:
    yield "## Tables with row policies in the database\n"
    yield "| records | kind of data | wider sight for |"
    yield "|---|---|---|"
    for name, guard in import_string(settings.ROW_GUARDS).items():
        scopes = ", ".join(scope.value for scope in guard.scopes)
        yield f"| {name} | {guard.kind} | {scopes or '–'} |"
