import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from core import grants


def test_app_role_may_not_migrate(db):
    with pytest.raises(ImproperlyConfigured, match="set OWNER_DATABASE_URL"):
        grants.grant_future_tables(sender=apps.get_app_config("core"))
