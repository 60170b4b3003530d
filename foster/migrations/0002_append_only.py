from django.db import migrations

TABLES = ["foster_childstatus"]


class Migration(migrations.Migration):
    dependencies = [("foster", "0001_sponsorships"), ("core", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
            f"DROP TRIGGER append_only ON {table}",
        )
        for table in TABLES
    ]
