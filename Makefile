# Two commands matter: `make run` starts everything, `make test` runs everything that must pass.
PYTHON ?= python3
VENV := .venv/bin

# Only the Python that is here: nothing but packages is ever fetched.
export UV_PYTHON_DOWNLOADS = never
export UV_PYTHON_PREFERENCE = only-system
# Trust what this machine trusts (a company's own certificates too), where it keeps such a list.
export UV_SYSTEM_CERTS ?= $(if $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/ssl/cert.pem),true,false)

.DEFAULT_GOAL := help
.PHONY: help run test prove lint check audit bench install lock clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

run: .venv/.run-installed  ## start everything with sample data (PORT=8000); Ctrl-C stops it
	@exec $(VENV)/python -m scripts.stack up

test: lint  ## all that must pass: linters, migrations, tests, browser (TESTS='-k stock' for some)
	@exec $(VENV)/python -m scripts.stack exec -- $(VENV)/python -m scripts.checks tests $(TESTS)

prove: .venv/.test-installed  ## the promises of the threat model at their whole numbers, for auditors (an hour at most)
	@PROVE=whole exec $(VENV)/python -m scripts.stack exec -- $(VENV)/python -m scripts.checks tests tests/proof tests/browser/test_policy.py $(TESTS)

lint: .venv/.test-installed  ## the linters alone
	@exec $(VENV)/python -m scripts.checks lint

check: lint  ## what a commit needs, in seconds: linters, Django's own checks, migrations
	@exec $(VENV)/python -m scripts.stack exec -- $(VENV)/python -m scripts.checks project

audit: .venv/.test-installed  ## locks, licences, known holes of the packages (REQUIRED=1: no network is a fault)
	@exec $(VENV)/python -m scripts.audit $(if $(REQUIRED),--required)

bench: .venv/.test-installed  ## what the walls and the keys cost, as ratios (BENCH=walls for one)
	@exec $(VENV)/python -m scripts.stack exec -- $(VENV)/python -m benchmarks $(BENCH)

install: .venv/.test-installed  ## install all packages into .venv, start nothing

lock:  ## compile requirements/*.lock from pyproject.toml (UPGRADE=1: to the newest versions)
	@$(compile) -o requirements/base.lock
	@$(compile) --group local -o requirements/run.lock
	@$(compile) --group local --group test --group e2e --group lint -o requirements/test.lock

clean:  ## remove all data (.local/); refuses while something runs
	@exec $(PYTHON) -m scripts.stack clean

# --- how packages get here ------------------------------------------------------------------------
# Locks hold names, versions and hashes and no address; what is installed matches a hash.

uv = "$$($(PYTHON) scripts/bootstrap.py)"
compile = uv=$(uv) && "$$uv" pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command 'make lock' \
	$(if $(UPGRADE),--upgrade) pyproject.toml
# Always named: an activated environment of another project must not get our packages.
install = echo 'Installing packages into .venv …' && uv=$(uv) && { $(VENV)/python -c '' 2>/dev/null \
	|| "$$uv" venv --quiet --clear --python '$(PYTHON)' .venv; } && "$$uv" pip
into = --quiet --python $(VENV)/python --require-hashes

# A system's upgrade can take away the Python that .venv was made of: then it is made anew.
ifneq ($(shell $(VENV)/python -c 'print(1)' 2>/dev/null),1)
.PHONY: .venv/.run-installed .venv/.test-installed
endif

# `install` leaves alone what `make test` brought; `sync` also removes what is no longer locked.
.venv/.run-installed: requirements/run.lock
	@$(install) install $(into) --requirement $<
	@touch $@

.venv/.test-installed: requirements/test.lock
	@$(install) sync $(into) $<
	@touch .venv/.run-installed $@
