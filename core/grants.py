"""What the app's unprivileged database role may do with each table.

Run by `migrate`, which connects as the owner: every new table is readable and writable for the app role;
append-only tables lose UPDATE and DELETE, tables that only a trigger writes lose every write.
"""

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

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


def withdraw_rights(sender: AppConfig, **_kwargs: object) -> None:
    """Re-applied after every app's migrations, so that no new table keeps a right by accident."""
    role = settings.APP_DATABASE_ROLE
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in apps.get_app_config(sender.label).get_models():
            table = model._meta.db_table
            if table not in tables:
                continue
            if getattr(model, "append_only", False):
                cursor.execute(f'REVOKE UPDATE, DELETE ON "{table}" FROM "{role}"')
            if getattr(model, "written_by_trigger", False):
                cursor.execute(f'REVOKE INSERT, UPDATE, DELETE ON "{table}" FROM "{role}"')


def become_app_role() -> None:
    """Go on as the app's own role in a process that began as the owner (`prepare_stack`).

    A new connection rather than SET ROLE: the owner is no member of the app's role and need not be.
    """
    connection.close()
    role = {part: settings.APP_DATABASE.get(part, "") for part in ("USER", "PASSWORD", "HOST", "PORT")}
    connection.settings_dict.update(role)
