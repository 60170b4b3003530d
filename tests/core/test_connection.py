import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_joins_of_many_tables_are_not_weighed_in_every_order():
    """docs/adr/0027."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW join_collapse_limit")
        assert cursor.fetchone() == ("4",)
