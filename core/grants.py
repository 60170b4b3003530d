"""What the database allows the app's unprivileged role, table by table: rights, triggers and row policies.

Run by `migrate`, which connects as the owner, after every app's migrations. New tables are readable and
writable for the app's role; then each table loses what its model does not ask for:

- no table gives up a row, unless its model says `deletable`;
- `append_only` tables take no change, tables `written_by_trigger` take nothing at all;
- every row written leaves an entry in the trail, and keeps its UUID (core/triggers.py);
- guarded tables show and take only a person's own rows (settings.ROW_WALLS).
"""

from collections.abc import Iterator

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models
from django.utils.module_loading import import_string

from core import identity, triggers

# Sequences and rows for the app; schema changes, TRUNCATE and triggers stay with the owner.
_FUTURE = """
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
    GRANT USAGE ON SCHEMA public TO "{role}";
    ALTER DEFAULT PRIVILEGES IN SCHEMA public
      GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{role}";
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO "{role}";
  END IF;
END $$;
"""

# A temporary table or function stands before ours in every later request of the same connection: it could
# listen for whom these act, and answer in place of our tables.
_NO_OBJECTS_OF_ITS_OWN = """
DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;
"""

MIGRATIONS = "django_migrations"  # who could write there could have the next one skipped


def grant_future_tables(sender: AppConfig, **_kwargs: object) -> None:
    """Raises ImproperlyConfigured when one role would own the tables and run the app."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == settings.APP_DATABASE_ROLE:
            raise ImproperlyConfigured(
                "The role that migrates owns the tables and must not be the one the app connects as: "
                "set OWNER_DATABASE_URL to the owner's address and DATABASE_URL to the app's."
            )
        cursor.execute(_FUTURE.format(role=settings.APP_DATABASE_ROLE))
        cursor.execute(_NO_OBJECTS_OF_ITS_OWN)


def is_ours(model: type[models.Model]) -> bool:
    """Our own tables, and those of libraries that hold what opens a log-in."""
    return (
        model._meta.app_label in settings.HOUSE_APPS
        or model._meta.label_lower in settings.GUARDED_LIBRARY_MODELS
    )


def protect_tables(sender: AppConfig, **_kwargs: object) -> None:
    """Rights, triggers and row policies of an app's tables."""
    walls = import_string(settings.ROW_WALLS)
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for model in apps.get_app_config(sender.label).get_models():
            if is_ours(model) and model._meta.db_table in there:
                for statement in (*_withdrawn(model), *triggers.statements(model), *walls(model)):
                    cursor.execute(statement)
            elif model._meta.db_table in there:
                for statement in walls(model):
                    cursor.execute(statement)
                if not _is_written(model):
                    cursor.execute(_only_read(model._meta.db_table))
        if MIGRATIONS in there:
            cursor.execute(_only_read(MIGRATIONS))


def _is_written(model: type[models.Model]) -> bool:
    return model._meta.label_lower in settings.WRITTEN_LIBRARY_MODELS


def _only_read(table: str) -> str:
    """Of a library's tables the app writes few; which migrations were run, it only reads."""
    return f'REVOKE INSERT, UPDATE, DELETE ON "{table}" FROM "{settings.APP_DATABASE_ROLE}"'


def _withdrawn(model: type[models.Model]) -> Iterator[str]:
    table, role = model._meta.db_table, settings.APP_DATABASE_ROLE
    lost = set()
    if not getattr(model, "deletable", False) and model._meta.app_label in settings.HOUSE_APPS:
        lost |= {"DELETE"}
    if getattr(model, "append_only", False):
        lost |= {"UPDATE", "DELETE"}
    if getattr(model, "written_by_trigger", False):
        lost |= {"INSERT", "UPDATE", "DELETE"}
    if lost:
        yield f'REVOKE {", ".join(sorted(lost))} ON "{table}" FROM "{role}"'


def faults() -> list[str]:
    """What the database lacks of the triggers and row policies that the code expects; and who may watch."""
    walls = import_string(settings.ROW_WALLS)
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity, "
            "ARRAY(SELECT tgname::text FROM pg_trigger WHERE tgrelid = c.oid AND tgenabled IN ('O', 'A')), "
            "(SELECT count(*) FROM pg_policy WHERE polrelid = c.oid) "
            "FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind = 'r'"
        )
        there = {name: rest for name, *rest in cursor.fetchall()}
        cursor.execute("SELECT has_database_privilege(current_database(), 'TEMP')")
        found += ["the app may make temporary objects"] * cursor.fetchone()[0]
        cursor.execute("SELECT current_setting('track_activities')")
        # They hold the proof for whom the app acts: whoever read it there could act for them.
        found += ["statements are shown to other connections"] * (cursor.fetchone() != ("off",))
    for model in apps.get_models():
        is_guarded, names, policies = there.get(model._meta.db_table, (False, [], 0))
        if is_ours(model):
            found += [
                f"{model._meta.label}: no {name}" for name in sorted(triggers.missing(model, set(names)))
            ]
        wanted = sum(statement.startswith("CREATE POLICY") for statement in walls(model))
        if wanted and (not is_guarded or policies != wanted):
            found.append(f"{model._meta.label}: {policies} of {wanted} row policies")
    return found


def share_identity_secrets(sender: AppConfig, **_kwargs: object) -> None:
    """The database learns by which secrets the app proves for whom it acts; nobody else may read them."""
    if sender.label != "core":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('core_identitysecret')")
        if cursor.fetchone()[0] is None:
            return
        cursor.execute(f'REVOKE ALL ON core_identitysecret FROM "{settings.APP_DATABASE_ROLE}"')
        cursor.execute("DELETE FROM core_identitysecret")
        for secret in identity.secrets_in_force():
            cursor.execute("INSERT INTO core_identitysecret VALUES (%s) ON CONFLICT DO NOTHING", [secret])


def become_app_role() -> None:
    """Go on as the app's own role in a process that began as the owner (`prepare_stack`).

    A new connection rather than SET ROLE: the owner is no member of the app's role and need not be.
    """
    connection.close()
    role = {part: settings.APP_DATABASE.get(part, "") for part in ("USER", "PASSWORD", "HOST", "PORT")}
    connection.settings_dict.update(role)
