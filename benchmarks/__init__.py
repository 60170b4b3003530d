"""What the walls and the keys cost, as ratios in one run: `make bench`. Never part of the tests."""
