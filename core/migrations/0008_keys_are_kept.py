from django.db import migrations

# A row that could take another's key would take its foreign keys with it: two log-ins that swap theirs have
# swapped their rights. The trigger itself is put up at each migrate (core/triggers.py).
KEPT = """
CREATE OR REPLACE FUNCTION core_keep_uuid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'key and UUID of % are kept for ever', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""
BACK = """
CREATE OR REPLACE FUNCTION core_keep_uuid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the UUID of % is kept for ever', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0007_findings_are_signed")]
    operations = [migrations.RunSQL(KEPT, BACK)]
