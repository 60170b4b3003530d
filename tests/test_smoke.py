def test_ledger_trigger(stocked, rice):
    from supply.models import Balance
    assert Balance.objects.get(place=stocked.store, item=rice).quantity == 100
