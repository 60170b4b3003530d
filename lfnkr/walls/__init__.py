"""The third wall: which rows the database itself shows and takes, whatever the app asks.

`table` names, for each guarded table, its row of the matrix (accounts/roles.py) and what "own" means there;
`sql` makes the row policies of it. They are put up anew after every migrate (core/grants.py), so that a
policy cannot lag behind the matrix; `/healthz` and the tests miss one that is not there.
"""

from django.db.models import Model

from lfnkr.walls import sql
from lfnkr.walls.table import GUARDS


def statements_of(model: type[Model]) -> list[str]:
    """The DDL of a table's row policies; none for a table that is not guarded."""
    guard = GUARDS.get(model._meta.label)
    return sql.statements(model._meta.db_table, guard) if guard else []
