from django.db import migrations

TABLES = ["supply_movement", "supply_stockcount", "supply_routestatus"]


class Migration(migrations.Migration):
    dependencies = [("supply", "0001_ledger"), ("core", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
            f"DROP TRIGGER append_only ON {table}",
        )
        for table in TABLES
    ]
