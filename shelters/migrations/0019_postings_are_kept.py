from django.db import migrations

# Where somebody was posted is what they could see: an administrator ends a posting, and rewrites none.
KEEP = """
CREATE FUNCTION shelters_keep_posting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF public.core_role() IS DISTINCT FROM 'system' AND (
     to_jsonb(NEW) - 'days' IS DISTINCT FROM to_jsonb(OLD) - 'days'
     OR lower(NEW.days) <> lower(OLD.days)) THEN
    RAISE EXCEPTION 'a posting keeps its person, its shelter and its first day'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'posting_is_kept';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON shelters_posting
  FOR EACH ROW EXECUTE FUNCTION shelters_keep_posting();
"""
BACK = """
DROP TRIGGER kept ON shelters_posting;
DROP FUNCTION shelters_keep_posting();
"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0018_medical_cases_are_kept")]
    operations = [migrations.RunSQL(KEEP, BACK)]
