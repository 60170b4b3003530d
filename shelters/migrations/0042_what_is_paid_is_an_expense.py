from django.db import migrations

# What is paid for an incident out of a fund, for the sick and for who leaves becomes an expense: by kind, day
# and amount, and by the code of an incident; never by place or person, as the code of a case or of who leaves
# would be (docs/adr/0029). A payment and a note that says "mistake" wait for one another at the incident.
PAYMENTS = """
CREATE FUNCTION shelters_expense_of_payment(payment shelters_incidentpayment) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE struck shelters_incident;
BEGIN
  IF payment.corrects_id IS NOT NULL THEN
    PERFORM donations_take_back_expense(
      'incident', (SELECT key FROM shelters_incidentpayment WHERE id = payment.corrects_id), payment.key,
      payment.by_id);
    RETURN;
  END IF;
  SELECT * INTO struck FROM shelters_incident WHERE id = payment.incident_id FOR NO KEY UPDATE;
  IF payment.paid_from_id IS NULL OR EXISTS (
    SELECT FROM shelters_incidentnote AS note WHERE note.incident_id = struck.id AND note.step = 'mistake'
  ) THEN
    RETURN;
  END IF;
  PERFORM donations_book_expense(
    'incident', payment.key, struck.starts_on, struck.starts_precision, payment.paid_from_id,
    CASE WHEN struck.kind = 'fine' THEN 'fine' WHEN struck.kind IN ('extortion', 'ransom') THEN 'ransom'
      ELSE 'other' END,
    struck.code, payment.currency, payment.value, payment.value_upper, payment.qualifier,
    coalesce(payment.by_id, core_who(), struck.by_id), now());
END $$;
CREATE FUNCTION shelters_take_up_payment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM shelters_expense_of_payment(NEW);
  RETURN NULL;
END $$;
CREATE TRIGGER is_an_expense AFTER INSERT ON shelters_incidentpayment FOR EACH ROW
  EXECUTE FUNCTION shelters_take_up_payment();
CREATE FUNCTION shelters_take_back_payments() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM shelters_incident WHERE id = NEW.incident_id FOR NO KEY UPDATE;
  PERFORM donations_take_back_expense('incident', payment.key, gen_random_uuid(), NEW.by_id)
  FROM shelters_incidentpayment AS payment WHERE payment.incident_id = NEW.incident_id;
  RETURN NULL;
END $$;
CREATE TRIGGER mistake_takes_expenses_back AFTER INSERT ON shelters_incidentnote FOR EACH ROW
  WHEN (NEW.step = 'mistake') EXECUTE FUNCTION shelters_take_back_payments();
DO $$ DECLARE payment shelters_incidentpayment; BEGIN
  FOR payment IN SELECT * FROM shelters_incidentpayment ORDER BY id LOOP
    PERFORM shelters_expense_of_payment(payment);
  END LOOP;
END $$;
"""
PAYMENTS_BACK = """
DROP TRIGGER mistake_takes_expenses_back ON shelters_incidentnote;
DROP FUNCTION shelters_take_back_payments();
DROP TRIGGER is_an_expense ON shelters_incidentpayment;
DROP FUNCTION shelters_take_up_payment();
DROP FUNCTION shelters_expense_of_payment(shelters_incidentpayment);
"""

# A cost that names another takes that one's expense back. A sum below zero that names none is a row below
# zero: which cost it means would be a guess, and the order in which a workbook comes in would change it.
MEDICAL = """
CREATE FUNCTION shelters_expense_of_medical_cost(cost shelters_medicalcost) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF cost.corrects_id IS NOT NULL THEN
    PERFORM donations_take_back_expense(
      'medical', (SELECT key FROM shelters_medicalcost WHERE id = cost.corrects_id), cost.key, cost.by_id);
  ELSE
    PERFORM donations_book_expense(
      'medical', cost.key, cost.month, 'month', NULL, 'medical', '', cost.currency, cost.amount, NULL,
      'exact', cost.by_id, now());
  END IF;
END $$;
CREATE FUNCTION shelters_take_up_medical_cost() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM shelters_expense_of_medical_cost(NEW);
  RETURN NULL;
END $$;
CREATE TRIGGER is_an_expense AFTER INSERT ON shelters_medicalcost FOR EACH ROW
  EXECUTE FUNCTION shelters_take_up_medical_cost();
DO $$ DECLARE cost shelters_medicalcost; BEGIN
  FOR cost IN SELECT * FROM shelters_medicalcost ORDER BY id LOOP
    PERFORM shelters_expense_of_medical_cost(cost);
  END LOOP;
END $$;
"""
MEDICAL_BACK = """
DROP TRIGGER is_an_expense ON shelters_medicalcost;
DROP FUNCTION shelters_take_up_medical_cost();
DROP FUNCTION shelters_expense_of_medical_cost(shelters_medicalcost);
"""

# The whole sum, in the month it begins: it is promised at once.
ALLOWANCES = """
CREATE FUNCTION shelters_expense_of_allowance(given shelters_allowance) RETURNS void LANGUAGE sql AS $$
  SELECT donations_book_expense(
    'allowance', given.key, given.from_month, 'month', NULL, 'allowance', '', given.currency,
    given.amount * given.months, NULL, 'exact', given.by_id, now());
$$;
CREATE FUNCTION shelters_take_up_allowance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM shelters_expense_of_allowance(NEW);
  RETURN NULL;
END $$;
CREATE TRIGGER is_an_expense AFTER INSERT ON shelters_allowance FOR EACH ROW
  EXECUTE FUNCTION shelters_take_up_allowance();
CREATE FUNCTION shelters_take_back_allowance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM donations_take_back_expense('allowance', given.key, NEW.key, NEW.by_id)
  FROM shelters_allowance AS given WHERE given.id = NEW.allowance_id;
  RETURN NULL;
END $$;
CREATE TRIGGER takes_an_expense_back AFTER INSERT ON shelters_allowancetakenback FOR EACH ROW
  EXECUTE FUNCTION shelters_take_back_allowance();
DO $$ BEGIN
  PERFORM shelters_expense_of_allowance(given) FROM shelters_allowance AS given
  WHERE NOT EXISTS (SELECT FROM shelters_allowancetakenback WHERE allowance_id = given.id);
END $$;
"""
ALLOWANCES_BACK = """
DROP TRIGGER takes_an_expense_back ON shelters_allowancetakenback;
DROP FUNCTION shelters_take_back_allowance();
DROP TRIGGER is_an_expense ON shelters_allowance;
DROP FUNCTION shelters_take_up_allowance();
DROP FUNCTION shelters_expense_of_allowance(shelters_allowance);
"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0041_plans_by_workbook"), ("donations", "0003_expenses_follow")]
    operations = [
        migrations.RunSQL(PAYMENTS, PAYMENTS_BACK),
        migrations.RunSQL(MEDICAL, MEDICAL_BACK),
        migrations.RunSQL(ALLOWANCES, ALLOWANCES_BACK),
    ]
