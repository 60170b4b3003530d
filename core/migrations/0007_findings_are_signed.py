from django.db import migrations

# A finding is settled in one's own name, once, by a role that may, and what was found stays as it was found:
# an SQL statement slipped in by the author of a text must not clear it in another's name. Under the sight of
# the guard a finding only comes and goes with the words. The system (commands, and what tests set up) passes.
SIGNED = """
CREATE FUNCTION core_keep_finding() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  step text := OLD.state || '>' || NEW.state;
  decided text[] := '{state,settled_by_id,settled_at,reason}';
BEGIN
  IF public.core_role() = 'system' THEN RETURN NEW; END IF;
  IF to_jsonb(OLD) - decided IS DISTINCT FROM to_jsonb(NEW) - decided
  THEN RAISE EXCEPTION 'what was found is not changed' USING ERRCODE = 'restrict_violation'; END IF;
  IF step IN ('open>overtaken', 'overtaken>open') AND public.core_scope() IS NOT DISTINCT FROM 'guard'
  THEN RETURN NEW; END IF;
  IF step NOT IN ('open>take_out', 'open>no_leak')
  THEN RAISE EXCEPTION 'no such step of a finding: %', step USING ERRCODE = 'restrict_violation'; END IF;
  IF NEW.settled_by_id IS DISTINCT FROM public.core_who()
  THEN RAISE EXCEPTION 'nobody settles for another' USING ERRCODE = 'restrict_violation'; END IF;
  IF coalesce(public.core_role(), '') NOT IN ('field_staff', 'supply_coordinator', 'foster_officer')
  THEN RAISE EXCEPTION 'this role settles nothing' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER finding_is_kept BEFORE UPDATE ON core_leakfinding
  FOR EACH ROW EXECUTE FUNCTION core_keep_finding();
CREATE FUNCTION core_begin_finding() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.state <> 'open' AND public.core_role() IS DISTINCT FROM 'system'
  THEN RAISE EXCEPTION 'a finding begins open' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER finding_begins_open BEFORE INSERT ON core_leakfinding
  FOR EACH ROW EXECUTE FUNCTION core_begin_finding();
"""
BACK = """
DROP TRIGGER finding_begins_open ON core_leakfinding;
DROP FUNCTION core_begin_finding();
DROP TRIGGER finding_is_kept ON core_leakfinding;
DROP FUNCTION core_keep_finding();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0006_leak_findings")]
    operations = [migrations.RunSQL(SIGNED, BACK)]
