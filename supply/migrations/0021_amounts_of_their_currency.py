from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models.functions import Round


def payable(name: str) -> models.Q:
    whole, cents = (models.Q((name, Round(name, precision=digits))) for digits in (0, 2))
    is_of_yen = models.Q(currency__in=["JPY", "KRW"])
    return cents & models.Q((f"{name}__range", (-1_000_000_000, 1_000_000_000))) & (~is_of_yen | whole)


def amounts_of_their_currency(model: str, name: str, condition: models.Q) -> AddConstraintNotValid:
    """What was written down before stays as it is: the table is append-only."""
    sentence = "Yen and won have no digits after the point, other money has two. The most is 1000000000."
    rule = models.CheckConstraint(condition=condition, name=name, violation_error_message=sentence)
    return AddConstraintNotValid(model_name=model, constraint=rule)


class Migration(migrations.Migration):
    dependencies = [("supply", "0020_nothing_over_a_lost_route")]
    operations = [
        amounts_of_their_currency(
            "consignmentcost",
            "consignment_cost_is_payable",
            models.Q(payable("amount"), ("corrects__isnull", False), _connector="OR"),
        )
    ]
