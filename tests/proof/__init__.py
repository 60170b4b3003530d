"""The promises of docs/threat-model.md as tests with numbers: few in `make test`, whole in `make prove`."""
