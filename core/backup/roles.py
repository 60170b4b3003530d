"""The roles of a database and the database itself: saved without passwords, made again, compared.

`pg_dumpall --globals-only` would need a superuser at every backup and would save the password hashes; pg_dump
saves neither roles nor the database's own settings. Without the roles a restore loses every policy and grant.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from core.backup.servers import Address, ask, run

Roles = dict[str, Any]

# Who owns, may do or is named by a policy something here, and who asks; with the roles that these belong to.
_NAMES = """
WITH RECURSIVE named AS (
  SELECT d.refobjid AS oid FROM pg_shdepend d JOIN pg_database b ON b.datname = current_database()
  WHERE d.refclassid = 'pg_authid'::regclass
    AND (d.dbid = b.oid OR (d.classid = 'pg_database'::regclass AND d.objid = b.oid))
  UNION SELECT r.oid FROM pg_roles r WHERE r.rolname IN (session_user, %s)
  UNION SELECT m.roleid FROM pg_auth_members m JOIN named ON m.member = named.oid
)
SELECT r.rolname FROM named JOIN pg_roles r USING (oid)
WHERE NOT r.rolsuper AND r.rolname !~ '^pg_' ORDER BY 1
"""
_ROLES = """
SELECT rolname, json_build_object('login', rolcanlogin, 'inherit', rolinherit, 'createrole', rolcreaterole,
  'createdb', rolcreatedb, 'replication', rolreplication, 'bypassrls', rolbypassrls,
  'connection limit', rolconnlimit) FROM pg_roles WHERE rolname = ANY(%s) ORDER BY 1
"""
_MEMBERSHIPS = """
SELECT r.rolname, m.rolname, g.admin_option, g.inherit_option, g.set_option FROM pg_auth_members g
JOIN pg_roles r ON r.oid = g.roleid JOIN pg_roles m ON m.oid = g.member
WHERE m.rolname = ANY(%s) ORDER BY 1, 2
"""
# Of a role everywhere, of a role in this database, of this database: "name=value".
_SETTINGS = """
SELECT coalesce(r.rolname, ''), s.setdatabase <> 0, setting FROM pg_db_role_setting s
LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database b ON b.oid = s.setdatabase,
unnest(s.setconfig) AS setting
WHERE (r.rolname = ANY(%s) OR s.setrole = 0) AND (s.setdatabase = 0 OR b.datname = current_database())
ORDER BY 1, 2, 3
"""
_DATABASE = """
SELECT json_build_object('owner', pg_get_userbyid(datdba), 'encoding', pg_encoding_to_char(encoding),
  'provider', datlocprovider, 'collate', datcollate, 'ctype', datctype, 'locale', datlocale)
FROM pg_database WHERE datname = current_database()
"""
_RIGHTS = """
SELECT CASE WHEN a.grantee = 0 THEN '' ELSE pg_get_userbyid(a.grantee) END, a.privilege_type, a.is_grantable
FROM pg_database d, aclexplode(d.datacl) a WHERE d.datname = current_database() ORDER BY 1, 2
"""
# All that can be granted on a database: nothing else of a backup is ever pasted into a GRANT.
GRANTABLE = {
    right: sql.SQL("GRANT " + right + " ON {} TO {}") for right in ("CONNECT", "CREATE", "TEMPORARY")
}
PROVIDERS = {"b": "builtin", "c": "libc", "i": "icu"}
_WORDS = ("login", "inherit", "createrole", "createdb", "replication", "bypassrls")


def read(connection: Connection, *, also: str = "", names: Iterable[str] = ()) -> Roles:
    """The roles of this database (`also`: one more by name), or these `names` where there are such."""
    wanted = list(names) or [name for (name,) in ask(connection, _NAMES, [also])]
    [(database,)] = ask(connection, _DATABASE)
    return {
        "roles": dict(ask(connection, _ROLES, [wanted])),
        "memberships": [list(row) for row in ask(connection, _MEMBERSHIPS, [wanted])],
        "settings": [list(row) for row in ask(connection, _SETTINGS, [wanted])],
        "database": database,
        "rights": [list(row) for row in ask(connection, _RIGHTS)],
    }


def are_known(saved: Roles) -> bool:
    """Whether it grants nothing but what there is to grant."""
    return all(right in GRANTABLE for _role, right, _may_pass_on in saved["rights"])


def as_objects(saved: Roles) -> dict[str, dict[str, str]]:
    """Kind → name → definition, to be compared like the objects of an inventory."""
    return {
        "role": {name: json.dumps(rights) for name, rights in saved["roles"].items()},
        "membership": {f"{of} in {group}": str(options) for group, of, *options in saved["memberships"]},
        "setting": {
            f"{role or 'every role'}{' here' if here else ''}: {setting.partition('=')[0]}": setting
            for role, here, setting in saved["settings"]
        },
        "database": {name: str(value) for name, value in saved["database"].items()},
    }


def make_missing(connection: Connection, saved: Roles, addresses: Iterable[Address]) -> list[str]:
    """Make the roles that are not there yet, with the password of the address that names each, if one does.

    Roles that are there keep theirs. Returns the names of the new ones.
    """
    there = {name for (name,) in ask(connection, "SELECT rolname FROM pg_roles")}
    missing = [name for name in saved["roles"] if name not in there]
    passwords = {address.get("USER"): address.get("PASSWORD") for address in addresses if address}
    for name in missing:
        run(connection, _create(name, saved["roles"][name]))
        if password := passwords.get(name):
            run(connection, sql.SQL("ALTER ROLE {} PASSWORD %s").format(sql.Identifier(name)), [password])
    for statement in (*_memberships(saved, missing), *_settings(saved, missing)):
        run(connection, statement)
    return missing


def _create(name: str, rights: Mapping[str, Any]) -> sql.Composed:
    words = " ".join(word if rights[word] else f"no{word}" for word in _WORDS)
    return sql.SQL("CREATE ROLE {} NOSUPERUSER " + words + " CONNECTION LIMIT {}").format(
        sql.Identifier(name), sql.Literal(rights["connection limit"])
    )


def _memberships(saved: Roles, made: list[str]) -> Iterator[sql.Composed]:
    for group, member, admin, inherit, change in saved["memberships"]:
        if member in made:
            options = zip(("ADMIN", "INHERIT", "SET"), (admin, inherit, change), strict=True)
            said = ", ".join(f"{word} {'TRUE' if on else 'FALSE'}" for word, on in options)
            yield sql.SQL("GRANT {} TO {} WITH " + said).format(sql.Identifier(group), sql.Identifier(member))


def _settings(saved: Roles, made: list[str]) -> Iterator[sql.Composed]:
    for role, here, setting in saved["settings"]:
        if role in made and not here:
            yield _set(sql.SQL("ROLE {}").format(sql.Identifier(role)), setting)


def _set(whose: sql.Composable, setting: str) -> sql.Composed:
    name, _equals, value = setting.partition("=")
    return sql.SQL("ALTER {} SET {} = {}").format(whose, sql.Identifier(name), sql.Literal(value))


def create_database(connection: Connection, name: str, saved: Roles) -> None:
    """A new database of the same encoding and rules of sorting, owned by the same role."""
    database = saved["database"]
    provider = PROVIDERS[database["provider"]]
    options = {
        "OWNER": sql.Identifier(database["owner"]),
        "ENCODING": sql.Literal(database["encoding"]),
        "LOCALE_PROVIDER": sql.SQL(provider),
        "LC_COLLATE": sql.Literal(database["collate"]),
        "LC_CTYPE": sql.Literal(database["ctype"]),
    }
    if provider != "libc":
        options["BUILTIN_LOCALE" if provider == "builtin" else "ICU_LOCALE"] = sql.Literal(database["locale"])
    said = sql.SQL(" ").join(sql.SQL(word + " = {}").format(value) for word, value in options.items())
    run(connection, sql.SQL("CREATE DATABASE {} TEMPLATE template0 ").format(sql.Identifier(name)) + said)


def fit_database(connection: Connection, name: str, saved: Roles) -> None:
    """Rights and settings of a new database."""
    database = sql.SQL("DATABASE {}").format(sql.Identifier(name))
    for role, here, setting in saved["settings"]:
        if here and role:
            run(connection, _set(sql.SQL("ROLE {} IN {}").format(sql.Identifier(role), database), setting))
        elif here:
            run(connection, _set(database, setting))
    if saved["rights"]:
        run(connection, sql.SQL("REVOKE ALL ON {} FROM PUBLIC").format(database))
    for role, right, may_pass_on in saved["rights"]:
        whom = sql.Identifier(role) if role else sql.SQL("PUBLIC")
        end = sql.SQL(" WITH GRANT OPTION" if may_pass_on else "")
        run(connection, GRANTABLE[right].format(database, whom) + end)
