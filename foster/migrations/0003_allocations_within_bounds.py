from django.db import migrations

# Σ allocations ≤ the due and ≤ the payment, also for two writers at once: both rows are locked, due first.
# SECURITY DEFINER: the lock needs no write right of the app's role on payments.
FUNCTION = """
CREATE FUNCTION foster_bound_allocation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  due foster_due;
  payment donations_donation;
BEGIN
  SELECT * INTO due FROM foster_due WHERE id = NEW.due_id FOR UPDATE;
  SELECT * INTO payment FROM donations_donation WHERE id = NEW.donation_id FOR UPDATE;
  IF due.currency <> payment.currency THEN
    RAISE EXCEPTION 'a due and its payment have one currency'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_one_currency';
  END IF;
  IF (SELECT sum(amount) FROM foster_allocation WHERE due_id = NEW.due_id) > due.amount THEN
    RAISE EXCEPTION 'more is allocated than is due'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_within_due';
  END IF;
  IF (SELECT sum(amount) FROM foster_allocation WHERE donation_id = NEW.donation_id)
     > payment.gross + coalesce((SELECT sum(gross) FROM donations_donation
                                 WHERE refund_of_id = payment.id), 0) THEN
    RAISE EXCEPTION 'more is allocated than was paid'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_within_payment';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER within_bounds AFTER INSERT OR UPDATE ON foster_allocation
  FOR EACH ROW EXECUTE FUNCTION foster_bound_allocation();
"""
BACK = """
DROP TRIGGER within_bounds ON foster_allocation;
DROP FUNCTION foster_bound_allocation();
"""


class Migration(migrations.Migration):
    dependencies = [("foster", "0002_append_only"), ("donations", "0001_money_in")]
    operations = [migrations.RunSQL(FUNCTION, BACK)]
