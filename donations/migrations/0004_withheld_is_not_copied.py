from django.db import migrations

# As before (0003_expenses_follow); an amount that is withheld where it was written down is not copied: the
# register's rows stand in the trail with all that they say, and auditors read that.
BOOK = """
CREATE OR REPLACE FUNCTION donations_book_expense(
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
    precise, from_fund, of_nature, for_what, in_currency, {low}, {high}, how_exact, '', wanted_source,
    wanted_key, true, '', author, at);
END $$;
"""
TOLD = "CASE WHEN how_exact <> 'withheld' THEN {} END"


class Migration(migrations.Migration):
    dependencies = [("donations", "0003_expenses_follow")]
    operations = [
        migrations.RunSQL(
            BOOK.format(low=TOLD.format("low"), high=TOLD.format("high")), BOOK.format(low="low", high="high")
        )
    ]
