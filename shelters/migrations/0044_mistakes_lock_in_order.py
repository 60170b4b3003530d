from django.db import migrations

# As before (0042_what_is_paid_is_an_expense); of several expenses the first is held first, as finance holds
# those that it books at once: else each could hold what the other waits for, and one of the two would fail.
TAKE_BACK = """
CREATE OR REPLACE FUNCTION shelters_take_back_payments() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM shelters_incident WHERE id = NEW.incident_id FOR NO KEY UPDATE;{hold}
  PERFORM donations_take_back_expense('incident', payment.key, gen_random_uuid(), NEW.by_id)
  FROM shelters_incidentpayment AS payment WHERE payment.incident_id = NEW.incident_id;
  RETURN NULL;
END $$;
"""
HOLD = """
  PERFORM FROM donations_expense WHERE source = 'incident' AND stands AND source_key IN (
    SELECT key FROM shelters_incidentpayment WHERE incident_id = NEW.incident_id) ORDER BY id FOR UPDATE;"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0043_nobody_comes_while_all_leave")]
    operations = [migrations.RunSQL(TAKE_BACK.format(hold=HOLD), TAKE_BACK.format(hold=""))]
