from django.db import migrations

# What other apps write down as paid becomes an expense in the same transaction, whoever writes it and by
# whatever path; who writes it needs no right on the register (docs/adr/0029). `source_key`: that row's key.
BOOK = """
CREATE FUNCTION donations_book_expense(
  wanted_source text, wanted_key uuid, day date, precise text, from_fund bigint, of_nature text,
  for_what text, in_currency text, low numeric, high numeric, how_exact text, author bigint, at timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE made text := md5(wanted_source || ':' || wanted_key);
BEGIN
  IF EXISTS (  -- a row that the owner took away and put back, as after a restore
    SELECT FROM donations_expense WHERE source = wanted_source AND source_key = wanted_key AND stands
  ) THEN
    RETURN;
  END IF;
  INSERT INTO donations_expense (
    uuid, code, key, paid_on, paid_precision, fund_id, nature, what, currency, value, value_upper, qualifier,
    unit, source, source_key, stands, reason, by_id, recorded_at)
  VALUES (
    gen_random_uuid(), 'E-' || to_char(day, 'YYMMDD') || '-' || upper(left(made, 8)), made::uuid, day,
    precise, from_fund, of_nature, for_what, in_currency, low, high, how_exact, '', wanted_source, wanted_key,
    true, '', author, at);
END $$;
CREATE FUNCTION donations_take_back_expense(wanted_source text, wanted_key uuid, by_key uuid, author bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  FOR attempt IN 1..2 LOOP  -- finance may have taken it back meanwhile: then it waits in a row that is new
    INSERT INTO donations_expense (
      uuid, code, key, paid_on, paid_precision, fund_id, programme_id, nature, what, currency, value,
      value_upper, qualifier, unit, source, source_key, stands, corrects_id, reason, by_id, recorded_at)
    SELECT
      gen_random_uuid(), code || '-R', gen_random_uuid(), paid_on, paid_precision, fund_id, programme_id,
      nature, what, currency, value, value_upper, qualifier, unit, source, by_key, false, id, '', author,
      now()
    FROM donations_expense WHERE source = wanted_source AND source_key = wanted_key AND stands FOR UPDATE;
    EXIT WHEN FOUND;
  END LOOP;
END $$;
"""
BOOK_BACK = """
DROP FUNCTION donations_take_back_expense(text, uuid, uuid, bigint);
DROP FUNCTION donations_book_expense(text, uuid, date, text, bigint, text, text, text, numeric, numeric, text,
  bigint, timestamptz);
"""

# A mirror says what the row says that it takes back. Taken back in the register itself, what is written down
# elsewhere still was paid, and waits anew.
MIRROR = """
CREATE FUNCTION donations_check_expense_mirror() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE mistaken donations_expense;
BEGIN
  SELECT * INTO mistaken FROM donations_expense WHERE id = NEW.corrects_id FOR UPDATE;
  IF mistaken.corrects_id IS NOT NULL OR NOT mistaken.stands
     OR (mistaken.paid_on, mistaken.paid_precision, mistaken.fund_id, mistaken.programme_id, mistaken.nature,
         mistaken.what, mistaken.currency, mistaken.value, mistaken.value_upper, mistaken.qualifier)
        IS DISTINCT FROM (NEW.paid_on, NEW.paid_precision, NEW.fund_id, NEW.programme_id, NEW.nature,
         NEW.what, NEW.currency, NEW.value, NEW.value_upper, NEW.qualifier) THEN
    RAISE EXCEPTION 'a correction mirrors the expense that it takes back'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'expense_correction_mirrors';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mirrors_an_expense BEFORE INSERT ON donations_expense FOR EACH ROW
  WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION donations_check_expense_mirror();
CREATE FUNCTION donations_take_expense_out() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE fresh uuid := gen_random_uuid();
BEGIN
  UPDATE donations_expense SET stands = false WHERE id = NEW.corrects_id;
  IF NEW.source = '' THEN
    INSERT INTO donations_expense (
      uuid, code, key, paid_on, paid_precision, nature, what, currency, value, value_upper, qualifier, unit,
      source, source_key, stands, reason, by_id, recorded_at)
    SELECT
      gen_random_uuid(), 'E-' || to_char(paid_on, 'YYMMDD') || '-' || upper(left(fresh::text, 8)), fresh,
      paid_on, paid_precision, nature, what, currency, value, value_upper, qualifier, unit, source,
      source_key, true, '', NEW.by_id, NEW.recorded_at
    FROM donations_expense WHERE id = NEW.corrects_id AND source <> '';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER takes_an_expense_out AFTER INSERT ON donations_expense FOR EACH ROW
  WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION donations_take_expense_out();
"""
MIRROR_BACK = """
DROP TRIGGER takes_an_expense_out ON donations_expense;
DROP FUNCTION donations_take_expense_out();
DROP TRIGGER mirrors_an_expense ON donations_expense;
DROP FUNCTION donations_check_expense_mirror();
"""

# History: only what was not known is named, once, while it stands.
KEEP = """
CREATE FUNCTION donations_keep_expense() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF to_jsonb(OLD) - '{fund_id,programme_id,stands}'::text[]
       IS DISTINCT FROM to_jsonb(NEW) - '{fund_id,programme_id,stands}'::text[]
     OR (OLD.fund_id IS NOT NULL AND NEW.fund_id IS DISTINCT FROM OLD.fund_id)
     OR (OLD.programme_id IS NOT NULL AND NEW.programme_id IS DISTINCT FROM OLD.programme_id)
     OR (NOT OLD.stands AND NEW IS DISTINCT FROM OLD)
     OR (OLD.stands AND NOT NEW.stands
         AND NOT EXISTS (SELECT FROM donations_expense WHERE corrects_id = OLD.id)) THEN
    RAISE EXCEPTION 'an expense is never changed'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'expense_is_kept';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER expense_is_kept BEFORE UPDATE ON donations_expense FOR EACH ROW
  EXECUTE FUNCTION donations_keep_expense();
"""
KEEP_BACK = """
DROP TRIGGER expense_is_kept ON donations_expense;
DROP FUNCTION donations_keep_expense();
"""

# Stock knows nothing of funds: the costs of its consignments are taken up here.
COSTS = """
CREATE FUNCTION donations_expense_of_cost(cost supply_consignmentcost) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF cost.corrects_id IS NULL THEN
    PERFORM donations_book_expense(
      'consignment', cost.key, cost.paid_on, 'day', NULL,
      CASE WHEN cost.kind IN ('side_payment', 'other') THEN cost.kind ELSE 'transport' END,
      (SELECT code FROM supply_consignment WHERE id = cost.consignment_id),
      cost.currency, cost.amount, NULL, 'exact', cost.by_id, cost.recorded_at);
  ELSE
    PERFORM donations_take_back_expense(
      'consignment', (SELECT key FROM supply_consignmentcost WHERE id = cost.corrects_id), cost.key,
      cost.by_id);
  END IF;
END $$;
CREATE FUNCTION donations_take_up_cost() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM donations_expense_of_cost(NEW);
  RETURN NULL;
END $$;
CREATE TRIGGER is_an_expense AFTER INSERT ON supply_consignmentcost FOR EACH ROW
  EXECUTE FUNCTION donations_take_up_cost();
DO $$ DECLARE cost supply_consignmentcost; BEGIN
  FOR cost IN SELECT * FROM supply_consignmentcost ORDER BY id LOOP
    PERFORM donations_expense_of_cost(cost);
  END LOOP;
END $$;
"""
COSTS_BACK = """
DROP TRIGGER is_an_expense ON supply_consignmentcost;
DROP FUNCTION donations_take_up_cost();
DROP FUNCTION donations_expense_of_cost(supply_consignmentcost);
"""


class Migration(migrations.Migration):
    dependencies = [("donations", "0002_expenses"), ("supply", "0027_rice_equivalents")]
    operations = [
        migrations.RunSQL(BOOK, BOOK_BACK),
        migrations.RunSQL(MIRROR, MIRROR_BACK),
        migrations.RunSQL(KEEP, KEEP_BACK),
        migrations.RunSQL(COSTS, COSTS_BACK),
    ]
