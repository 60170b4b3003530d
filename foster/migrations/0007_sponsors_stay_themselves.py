from django.db import migrations

# Row policies ask this table who pays as whom: a foster parent who changes what they may change of their own
# row does not become somebody else's donor by it.
KEEP = """
CREATE FUNCTION foster_keep_sponsor() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF public.core_role() = 'sponsor' THEN
    RAISE EXCEPTION 'who pays and who logs in is kept by the office'
      USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'sponsor_stays_themselves';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stays_themselves BEFORE UPDATE ON foster_sponsor FOR EACH ROW
  WHEN (OLD.donor_id IS DISTINCT FROM NEW.donor_id OR OLD.user_id IS DISTINCT FROM NEW.user_id
        OR OLD.code IS DISTINCT FROM NEW.code)
  EXECUTE FUNCTION foster_keep_sponsor();
"""
BACK = "DROP TRIGGER stays_themselves ON foster_sponsor; DROP FUNCTION foster_keep_sponsor()"


class Migration(migrations.Migration):
    dependencies = [("foster", "0006_spellings")]
    operations = [migrations.RunSQL(KEEP, BACK)]
