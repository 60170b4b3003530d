from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

# Who stays, and was said to leave today or later: that day was a plan. Nobody said what became of them, so
# the stay goes on until somebody does. Not where a later stay took place: nobody sleeps under two roofs.
OPEN_AGAIN = """
SET CONSTRAINTS ALL IMMEDIATE;  -- nothing waits for the end while the table changes
UPDATE shelters_stay AS stay SET leaves_on = upper(nights), nights = daterange(lower(nights), NULL)
WHERE NOT is_planned AND outcome = '' AND upper(nights) >= (now() AT TIME ZONE 'Asia/Tokyo')::date
  AND NOT EXISTS (SELECT FROM shelters_stay AS later
                  WHERE later.resident_id = stay.resident_id AND NOT later.is_planned
                    AND lower(later.nights) > lower(stay.nights));
UPDATE shelters_stay SET leaves_on = upper(nights), nights = daterange(lower(nights), NULL)
WHERE is_planned AND cancelled_at IS NULL AND upper(nights) IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0028_rations_end")]
    operations = [
        migrations.AddField(
            "stay", "leaves_on", models.DateField(blank=True, null=True, verbose_name="leaves on")
        ),
        migrations.RunSQL(OPEN_AGAIN, migrations.RunSQL.noop),
        # Stays that were over before, without an outcome, stay as they are.
        AddConstraintNotValid(
            "stay",
            models.CheckConstraint(
                condition=models.Q(
                    ("is_planned", True),
                    ("nights__upper_inf", True),
                    models.Q(("outcome", ""), _negated=True),
                    _connector="OR",
                ),
                name="stay_over_has_an_outcome",
                violation_error_message="Of a stay that is over it is said what became of the person.",
            ),
        ),
        migrations.AddConstraint(
            "stay",
            models.CheckConstraint(
                condition=models.Q(
                    ("leaves_on__isnull", True),
                    ("leaves_on__gt", models.F("nights__startswith")),
                    _connector="OR",
                ),
                name="stay_leaves_after_the_first_night",
                violation_error_message="They leave after the first night.",
            ),
        ),
    ]
