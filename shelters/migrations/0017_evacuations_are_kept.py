from django.db import migrations

# An evacuation is finished once, by who presses it; why and when it began, and who was reached, stays.
KEEP = """
CREATE FUNCTION shelters_keep_evacuation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE ending text[] := '{finished_at,finished_by_id}';
BEGIN
  IF public.core_role() = 'system' THEN RETURN NEW; END IF;
  IF OLD.finished_at IS NOT NULL OR to_jsonb(NEW) - ending IS DISTINCT FROM to_jsonb(OLD) - ending THEN
    RAISE EXCEPTION 'an evacuation is finished once and else not changed'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'evacuation_is_kept';
  END IF;
  IF NEW.finished_by_id IS DISTINCT FROM public.core_who() OR NEW.finished_at < OLD.started_at THEN
    RAISE EXCEPTION 'who finishes it says so themselves'
      USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'evacuation_is_finished_in_person';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON shelters_evacuation
  FOR EACH ROW EXECUTE FUNCTION shelters_keep_evacuation();

CREATE FUNCTION shelters_keep_call() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF public.core_role() IS DISTINCT FROM 'system' AND (OLD.reached_at IS NOT NULL
     OR to_jsonb(NEW) - 'reached_at' IS DISTINCT FROM to_jsonb(OLD) - 'reached_at') THEN
    RAISE EXCEPTION 'who was called is kept, and when they were reached'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'evacuation_call_is_kept';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON shelters_evacuationcall
  FOR EACH ROW EXECUTE FUNCTION shelters_keep_call();
"""
BACK = """
DROP TRIGGER kept ON shelters_evacuationcall;
DROP FUNCTION shelters_keep_call();
DROP TRIGGER kept ON shelters_evacuation;
DROP FUNCTION shelters_keep_evacuation();
"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0016_stays_are_kept")]
    operations = [migrations.RunSQL(KEEP, BACK)]
