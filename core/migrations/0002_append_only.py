from django.db import migrations

# One function for every append-only table, of whatever app: a mistake is corrected by a further row.
FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: correct a mistake by a further row', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
"""
TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_ground")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION refuse_change()"),
        migrations.RunSQL(
            TRIGGER.format(table="core_auditentry"), "DROP TRIGGER append_only ON core_auditentry"
        ),
    ]
