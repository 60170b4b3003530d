from django.db import migrations, models

# When an outcome was said: a slip can be taken back on that day. The system loads registers: it says nothing.
SAY = """
CREATE FUNCTION shelters_say_when() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  NEW.said_at := CASE
    WHEN NEW.outcome = '' OR public.core_role() IS NOT DISTINCT FROM 'system' THEN NULL
    WHEN TG_OP = 'UPDATE' AND NEW.outcome = OLD.outcome THEN OLD.said_at
    ELSE clock_timestamp() END;
  RETURN NEW;
END $$;
CREATE TRIGGER outcome_is_said BEFORE INSERT OR UPDATE ON shelters_stay
  FOR EACH ROW EXECUTE FUNCTION shelters_say_when();
"""
SAY_BACK = """
DROP TRIGGER outcome_is_said ON shelters_stay;
DROP FUNCTION shelters_say_when();
"""

# As before (0016_stays_are_kept), but for the outcome that was a slip and is taken back: then they are here.
KEEP = """
CREATE OR REPLACE FUNCTION shelters_keep_nights() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF public.core_role() = 'system' THEN RETURN NEW; END IF;
  IF NEW.cancelled_at IS NULL
     AND (NEW.outcome, upper(NEW.nights), NEW.note)
         IS DISTINCT FROM (OLD.outcome, upper(OLD.nights), OLD.note)
     -- Handed on or moved with a day before: they had left later than it was written.
     AND NOT (NEW.outcome = 'moved' AND upper(NEW.nights) < upper(OLD.nights)
              AND NEW.note IS NOT DISTINCT FROM OLD.note){taken_back} THEN
    RAISE EXCEPTION 'a stay that is over stays as it was told'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'stay_over_stays_so';
  END IF;
  RETURN NEW;
END $$;
"""
TAKEN_BACK = """
     -- A day of leeway: a day ends elsewhere in the world before it ends in Tokyo.
     AND NOT (NEW.outcome = '' AND upper_inf(NEW.nights) AND OLD.said_at > now() - interval '2 days'
              AND NEW.note IS NOT DISTINCT FROM OLD.note)"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0029_leaves_on")]
    operations = [
        migrations.AddField(
            "stay",
            "said_at",
            models.DateTimeField(editable=False, null=True, verbose_name="outcome said"),
        ),
        migrations.RunSQL(SAY, SAY_BACK),
        migrations.RunSQL(KEEP.format(taken_back=TAKEN_BACK), KEEP.format(taken_back="")),
        migrations.RemoveConstraint("evacuationperson", "evacuation_each_person_once"),
        migrations.AddIndex(
            "evacuationperson",
            models.Index(fields=["evacuation", "stay", "-id"], name="evacuation_person_newest"),
        ),
    ]
