from tests.access import Row

STOCK = {"supply_coordinator", "auditor"}

ROWS = [
    Row("supply:start", STOCK),
    Row("supply:movements", STOCK),
    Row("supply:routes", {"supply_coordinator"}),
    Row("supply:recipients", STOCK),
    Row("supply:items", STOCK),
]
