"""What a database holds, read from its own catalogue: a new table, policy or trigger is in it by itself.

An inventory is JSON: {"tables": {table: {"rows": n, "checksum": hex}}, "objects": {kind: {name: definition}},
"sequences": {sequence: [value, called]}}. Names carry their schema. Two databases with the same rows, in
whatever order on disk, have the same checksums.
"""

import re
from collections.abc import Collection
from typing import Any

from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from core.backup.queries import OBJECTS, SEQUENCES, TABLES
from core.backup.servers import ask

Inventory = dict[str, Any]

# One spelling of every value and definition, whatever the server's own settings are.
_SPELLING = """
SELECT set_config(name, value, false) FROM (VALUES
  ('search_path', ''), ('TimeZone', 'UTC'), ('DateStyle', 'ISO'), ('IntervalStyle', 'postgres'),
  ('bytea_output', 'hex'), ('extra_float_digits', '1'), ('xmloption', 'content'), ('row_security', 'off'),
  ('idle_in_transaction_session_timeout', '0'), ('statement_timeout', '0')
) AS wanted(name, value)
"""
# The sum of 64 bits of each row's SHA-256: no sorting, and a row twice is not a row once.
_ROWS = """
SELECT count(*), coalesce(sum(('x' || left(encode(sha256(convert_to(the_row::text, 'UTF8')), 'hex'), 16))
  ::bit(64)::bigint::numeric), 0) % 18446744073709551616::numeric
FROM ONLY {table} AS the_row
"""
_LITERAL = re.compile(r"'(?:[^']|'')*'::character varying")
_CAST_LIST = re.compile(rf"\(ARRAY\[(?P<items>{_LITERAL.pattern}(?:, {_LITERAL.pattern})*)\]\)::text\[\]")


def spell_alike(connection: Connection) -> None:
    """Set the connection up so that two servers write the same value in the same way."""
    ask(connection, _SPELLING)


def take(connection: Connection, *, without: Collection[str] = ()) -> Inventory:
    """The inventory of this database; `row_security` is off, so a role that is held back gets an error.

    `without`: tables whose rows do not count.
    """
    spell_alike(connection)
    counted = {name: rows for name, rows in tables(connection).items() if name not in without}
    return {"tables": counted, "sequences": sequences(connection), "objects": objects(connection)}


def tables(connection: Connection) -> dict[str, dict[str, Any]]:
    """Table → its number of rows and their checksum."""
    found = {}
    for schema, name in ask(connection, TABLES):
        question = sql.SQL(_ROWS).format(table=sql.Identifier(schema, name))
        [(rows, checksum)] = ask(connection, question)
        found[f"{schema}.{name}"] = {"rows": rows, "checksum": f"{int(checksum):x}"}
    return found


def sequences(connection: Connection) -> dict[str, list]:
    """Sequence → its last value, and whether that value was given out."""
    question = sql.SQL("SELECT last_value, is_called FROM {}")
    return {
        f"{schema}.{name}": list(ask(connection, question.format(sql.Identifier(schema, name)))[0])
        for schema, name in ask(connection, SEQUENCES)
    }


def objects(connection: Connection) -> dict[str, dict[str, str]]:
    """Kind → name → definition, in text."""
    return {
        kind: {name: _spelling_once_restored(text) for name, text in ask(connection, question)}
        for kind, question in OBJECTS.items()
    }


def _spelling_once_restored(definition: str) -> str:
    """PostgreSQL prints a list of varchars that it casts as a whole; read back, it casts each of them."""
    return _CAST_LIST.sub(
        lambda found: "ARRAY[" + _LITERAL.sub(r"(\g<0>)::text", found["items"]) + "]", definition
    )


def count_objects(inventory: Inventory) -> int:
    return sum(map(len, inventory["objects"].values())) + len(inventory["sequences"])
