from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core import grants

        pre_migrate.connect(grants.grant_future_tables, sender=self)
        post_migrate.connect(grants.share_identity_secrets, dispatch_uid="core.identity")
        post_migrate.connect(grants.protect_tables, dispatch_uid="core.grants")
