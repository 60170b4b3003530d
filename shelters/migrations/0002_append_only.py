from django.db import migrations

TABLES = ["shelters_shelterstatus", "shelters_headcount"]


class Migration(migrations.Migration):
    dependencies = [("shelters", "0001_shelters"), ("core", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
            f"DROP TRIGGER append_only ON {table}",
        )
        for table in TABLES
    ]
