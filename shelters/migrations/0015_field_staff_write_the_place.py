from django.db import migrations

# Field staff change the row of their own shelter for one reason: to seal its place anew. Codes, days, places
# and what may be published are the administrator's.
KEEP = """
CREATE FUNCTION shelters_keep_register() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE place text[] := '{address,map_point,contact,spellings}';
BEGIN
  IF public.core_role() = 'field_staff' AND to_jsonb(NEW) - place IS DISTINCT FROM to_jsonb(OLD) - place THEN
    RAISE EXCEPTION 'of a shelter field staff write the place alone'
      USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'shelter_register_is_the_administrators';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER register_is_kept BEFORE UPDATE ON shelters_shelter
  FOR EACH ROW EXECUTE FUNCTION shelters_keep_register();
"""
BACK = """
DROP TRIGGER register_is_kept ON shelters_shelter;
DROP FUNCTION shelters_keep_register();
"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0014_medical_cases")]
    operations = [migrations.RunSQL(KEEP, BACK)]
