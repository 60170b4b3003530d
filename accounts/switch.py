"""The second person for addresses, switched off or on in the settings: written down before the start."""

from django.apps import AppConfig
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts import openings, selectors, services


def after_migrate(sender: AppConfig, **_kwargs: object) -> None:
    """`migrate` goes before every start, with the settings of the web.

    The first use writes it too, should a process run with other settings. Only a database that is up to date
    has a trail to write in.
    """
    has_trail = "core_auditentry" in connection.introspection.table_names()
    if not has_trail or openings.is_switched_off(openings.last_switch()) != settings.REVEAL_NEEDS_TWO:
        return
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        services.note_switch(by=selectors.system_user())
