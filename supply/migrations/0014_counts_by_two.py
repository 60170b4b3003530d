from django.db import migrations

# A count is two people's word only if each speaks for themselves: what was found is typed by who counts while
# they count, and finished by who presses it. The constraint alone that both differ takes any two names.
KEEP = """
CREATE FUNCTION supply_sign_count_sheet() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE told text[] := '{state,finisher_id,finished_at}';
BEGIN
  IF core_role() = 'system' THEN RETURN NEW; END IF;
  IF to_jsonb(NEW) - told IS DISTINCT FROM to_jsonb(OLD) - told THEN
    RAISE EXCEPTION 'what is counted where, when and by whom stays'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'count_sheet_is_kept';
  END IF;
  IF NEW.finisher_id <> core_who()
     OR (NEW.state = 'counted' AND OLD.state <> 'counted' AND OLD.counter_id <> core_who())
     OR (NEW.state = 'finished' AND OLD.state <> 'counted') THEN
    RAISE EXCEPTION 'handed in by who counted, finished by who presses it'
      USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'count_sheet_is_signed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER is_signed BEFORE UPDATE ON supply_countsheet
  FOR EACH ROW EXECUTE FUNCTION supply_sign_count_sheet();

CREATE FUNCTION supply_sign_count_line() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF core_role() = 'system' THEN RETURN NEW; END IF;
  IF NOT EXISTS (SELECT FROM supply_countsheet
                 WHERE id = NEW.sheet_id AND counter_id = core_who() AND state = 'counting') THEN
    RAISE EXCEPTION 'what was found is typed by who counts'
      USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'count_line_is_signed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER is_signed BEFORE UPDATE ON supply_countline FOR EACH ROW
  WHEN (NEW.counted IS NOT NULL AND NEW.counted IS DISTINCT FROM OLD.counted)
  EXECUTE FUNCTION supply_sign_count_line();
CREATE TRIGGER is_signed_anew BEFORE INSERT ON supply_countline FOR EACH ROW
  WHEN (NEW.counted IS NOT NULL) EXECUTE FUNCTION supply_sign_count_line();
"""
BACK = """
DROP TRIGGER is_signed_anew ON supply_countline;
DROP TRIGGER is_signed ON supply_countline;
DROP FUNCTION supply_sign_count_line();
DROP TRIGGER is_signed ON supply_countsheet;
DROP FUNCTION supply_sign_count_sheet();
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0013_who_asks_the_ledger")]
    operations = [migrations.RunSQL(KEEP, BACK)]
