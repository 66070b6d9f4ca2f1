# Two commands: `make demo` shows the main job on an invented borough, `make test` passes the tests.
# Both make a virtual environment in .venv first; all they need beforehand is Python 3.11 or later, with pip.
# The package is installed as links to the checkout, so that the tests run what stands in it.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test train clean

demo: .venv/installed
	$(BIN)/goldenthread demo

test: .venv/tools
	$(BIN)/python -m pytest

.venv/installed: pyproject.toml requirements.lock $(wildcard *.py commands/* evaluation/* examples/*.py examples/*/* graph/* graph/*/* loaders/* loaders/*/* loaders/*/*/* ontology/* queries/* services/* views/* views/*/*)
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	rm -rf build
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall --editable . --config-settings editable_mode=strict
	touch $@

.venv/tools: .venv/installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

clean:
	rm -rf .venv build demo *.egg-info

# Trains the model of the learned reader; PYTHON is one with training/requirements.txt, BASE the folder of the base encoder.
train:
	$(PYTHON) training/train.py --base $(BASE) --to training/run
	$(PYTHON) training/export.py --state training/run/epoch-7.pt --base $(BASE) --log training/run/log.jsonl --to loaders/readers/learned/model
