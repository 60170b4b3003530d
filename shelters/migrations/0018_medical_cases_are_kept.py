from django.db import migrations

# Whose illness it was, since when and who wrote it down stays, and a closed case is closed.
KEEP = """
CREATE FUNCTION shelters_keep_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE told text[] := '{treatment,closed_on,outcome}';
BEGIN
  IF public.core_role() IS DISTINCT FROM 'system' AND (OLD.closed_on IS NOT NULL
     OR to_jsonb(NEW) - told IS DISTINCT FROM to_jsonb(OLD) - told) THEN
    RAISE EXCEPTION 'of an open case the treatment is written, and how it ended'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'medical_case_is_kept';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON shelters_medicalcase
  FOR EACH ROW EXECUTE FUNCTION shelters_keep_case();
"""
BACK = """
DROP TRIGGER kept ON shelters_medicalcase;
DROP FUNCTION shelters_keep_case();
"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0017_evacuations_are_kept")]
    operations = [migrations.RunSQL(KEEP, BACK)]
