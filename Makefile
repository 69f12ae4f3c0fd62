# `make book` and `make test` need nothing but Python 3.11 or newer and make.
VENV   ?= .venv
RECENT  = import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
PYTHON ?= $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell $(p) -c '$(RECENT)' 2>/dev/null && echo $(p))))
WHICH   = import sys; print(sys.version_info[:2])
BIN     = $(VENV)/bin
READY   = $(VENV)/.ready

# Variables that a command line may set, as in: make serve PORT=9000
PORT   ?= 8000
## PORT     of make serve: the first port that is tried
CHAPTER ?= book/*.ipynb
## CHAPTER  of make chapters, tidy and digits, such as book/02-one-step.ipynb
TESTS  ?= tests
## TESTS    of make unit: a folder or a file
SINCE  ?= HEAD
## SINCE    of make quick: the commit from which on changes count
EXTRAS ?= text
## EXTRAS   of make oldest and newest, such as text,keras,torch
MODULE ?= engine
## MODULE   of make mutants: a package or a module, such as engine.gru
EACH   ?= 15
## EACH     of make mutants: so many in each module
SEED   ?= 0
## SEED     of make digits, events and mutants
SECONDS ?= 600
## SECONDS  of make fuzz
EVENTS ?= 500
## EVENTS   of make events: for each explorable
## VENV     where the virtual environment is (.venv); PYTHON: the Python that it is made with

NBVAL   = --nbval --nbval-current-env --nbval-cell-timeout=300
STRICT  = -W -n --keep-going --all
HIDDEN  = __pycache__ conftest.py ruff.toml _toc.yml images references.bib

# What makes this machine compute as another one would: NumPy, its BLAS, PyTorch and TensorFlow.
AS_one-thread = OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
AS_avx2       = OPENBLAS_CORETYPE=Haswell NPY_DISABLE_CPU_FEATURES="X86_V4 AVX512_ICL AVX512_SPR" \
	ATEN_CPU_CAPABILITY=avx2 MKL_ENABLE_INSTRUCTIONS=AVX2 ONEDNN_MAX_CPU_ISA=AVX2
AS_x86-64-v2  = OPENBLAS_CORETYPE=Nehalem \
	NPY_DISABLE_CPU_FEATURES="X86_V3 X86_V4 AVX512_ICL AVX512_SPR" ATEN_CPU_CAPABILITY=default \
	MKL_ENABLE_INSTRUCTIONS=SSE4_2 ONEDNN_MAX_CPU_ISA=SSE41 TF_ENABLE_ONEDNN_OPTS=0
OTHERS        = one-thread $(if $(filter x86_64,$(shell uname -m)),avx2 x86-64-v2)

# Two processes with two threads each get in each other's way on small machines.
export OMP_NUM_THREADS ?= 1
export PYDEVD_DISABLE_FILE_VALIDATION = 1

.PHONY: help book serve lab test quick lint unit chapters strict browser picture tidy bench digits mutants clean \
	weekly matrix events slow planted oldest newest audit lock faults fuzz

help:  ## list the commands, and the variables that a command line may set
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2} \
		/^## / {variables = variables substr($$0, 4) "\n"} END {printf "\n%s", variables}' $(MAKEFILE_LIST)

book: $(READY)  ## build the HTML book into _build/html
	$(BIN)/jupyter-book build book
	@echo; echo "The book is built. Open _build/html/index.html, or run: make serve"

serve: book  ## build the book, serve it on this machine, on the next free port, and open it
	@PYTHONPATH=code exec $(BIN)/python -m booktools.serve $(PORT)

lab: $(READY)  ## open the book's first page in JupyterLab
	$(BIN)/jupyter lab book/index.ipynb $(addprefix --ContentsManager.hide_globs=,$(HIDDEN))

quick: lint  ## run lint, changed chapters and their code's tests: a minute (SINCE=main)
	@PYTHONPATH=code $(BIN)/python -m booktools.quick $(SINCE)

test: lint unit chapters strict browser  ## run what every change has to pass: the next five

lint: $(READY)  ## look at the style of the code, in chapters too
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

unit: $(READY)  ## run the tests of the code and of the text (TESTS=tests/engine for some)
	$(BIN)/python -m pytest $(TESTS) --ignore tests/browser -m "not slow" -q -n 2 --dist loadfile

chapters: $(READY)  ## execute chapters for the build, compare with what they store (CHAPTER=book/02-one-step.ipynb)
	UNROLLED_AUDIENCE=page OMP_WAIT_POLICY=PASSIVE $(BIN)/python -m pytest $(NBVAL) $(CHAPTER) \
		-q -n 2 --dist loadfile

strict: $(READY)  ## build the whole book, where a warning is an error
	$(BIN)/jupyter-book build book $(STRICT)

browser: strict $(VENV)/.browser  ## read the built pages in Chromium
	$(BIN)/python -m pytest tests/browser -m "not slow" -q -n 2 --dist loadfile

weekly: matrix events slow planted oldest newest audit  ## run what CI runs once a week: the next seven

matrix: chapters $(OTHERS:%=as-%)  ## run all chapters as on this and as on other processors

as-%: $(READY)
	env OMP_WAIT_POLICY=PASSIVE $(AS_$*) $(BIN)/python -m pytest $(NBVAL) book -q -n 2 --dist loadfile

events: book $(VENV)/.browser  ## run the slow browser tests: random events, live (EVENTS=5000 SEED=1)
	UNROLLED_EVENTS=$(EVENTS) UNROLLED_SEED=$(SEED) $(BIN)/python -m pytest \
		tests/browser -m slow -q -n 2 --dist loadfile

slow: $(READY)  ## run the slow tests of the code: stories of the playground to their ends, counting tuned anew
	$(BIN)/python -m pytest tests --ignore tests/browser -m slow -q -n 2

planted: book $(VENV)/.browser  ## plant faults in copies of the built book, and see that a browser test notices
	PYTHONPATH=code $(BIN)/python -m trials.planted

oldest: on-oldest  ## run all that we can on the oldest versions that we declare (EXTRAS=text,keras,torch)

newest: on-newest  ## run all that we can on the newest versions that there are (EXTRAS=text,keras,torch)

# Each in an environment of its own. What old versions call is deprecated in newer ones beside them.
on-oldest: RESOLUTION = lowest-direct
on-oldest: WARNINGS   = -W ignore::DeprecationWarning
on-newest: RESOLUTION = highest
on-%: BIN = $(VENV)-$*/bin
on-%: UV  = $(BIN)/uv pip install --python $(BIN)/python
on-%:
	"$(PYTHON)" -m venv --clear $(VENV)-$*
	$(BIN)/python -m pip install --quiet uv==0.13.9
	$(UV) --resolution $(RESOLUTION) --editable ".[$(EXTRAS)]"
	sed -n '/^# tests/,$$p' requirements.txt | $(UV) --requirement -
	$(BIN)/python -m pytest tests --ignore tests/browser --ignore tests/book \
		-q -rs -n 2 --dist loadfile $(WARNINGS)
	OMP_WAIT_POLICY=PASSIVE $(BIN)/python -m pytest $(NBVAL) book \
		-q -rs -n 2 --dist loadfile $(WARNINGS)

# Without --strict, what could not be looked up would pass.
audit: $(READY)  ## look all installed packages up among the known vulnerabilities
	$(BIN)/python -m pip install --quiet pip-audit==2.10.1
	$(BIN)/python -m pip check
	$(BIN)/python -m pip freeze --exclude-editable | sed 's/+[a-z0-9]*$$//' > $(VENV)/installed.txt
	$(BIN)/pip-audit --strict --no-deps --disable-pip --requirement $(VENV)/installed.txt

# One lock for every system and every Python that the book is for.
lock: $(READY)  ## write the newest versions of what requirements.txt leaves open into its lock
	$(BIN)/python -m pip install --quiet uv==0.13.9
	sed '/^--constraint/d' requirements.txt | $(BIN)/uv pip compile - --universal --python-version 3.11 \
		--no-header --no-annotate --no-emit-package unrolled --upgrade --quiet --output-file requirements.lock

picture: $(READY) $(VENV)/.browser  ## record the moving picture of the README
	$(BIN)/python -m pip install --quiet pillow==13.0.0
	PYTHONPATH=code $(BIN)/python -m booktools.moving_picture

tidy: $(READY)  ## execute chapters and write them back clean (CHAPTER=book/02-one-step.ipynb for one)
	$(BIN)/python code/booktools/tidy.py $(CHAPTER)
	$(BIN)/ruff format --quiet $(CHAPTER)

bench: book $(VENV)/.browser  ## print our speeds beside others', and the pages' times and weights
	$(BIN)/python benchmarks/cells.py
	$(BIN)/python benchmarks/page.py
	$(BIN)/python benchmarks/playground.py

digits: $(READY)  ## change a digit of what each cell stores, in a copy, and see that nbval notices (SEED=1)
	OMP_WAIT_POLICY=PASSIVE PYTHONPATH=code $(BIN)/python -m trials.digits --seed $(SEED) $(CHAPTER)

mutants: $(READY)  ## plant small mistakes in the code and count those that its tests find (MODULE=engine.gru)
	$(BIN)/python -m pip install --quiet mutmut==3.8.1
	$(BIN)/python code/trials/mutants.py $(MODULE) --each $(EACH) --seed $(SEED)

faults: $(READY)  ## plant every fault of disks, networks, processes and files, and count what is lost
	$(BIN)/python -m pytest tests --ignore tests/browser -m fault -q -n 2 --dist loadfile

fuzz: $(READY)  ## search for bytes that break a loader, guided by what it executes (SECONDS=600)
	$(BIN)/python -m pip install --quiet atheris==3.0.0
	$(BIN)/python code/trials/fuzz.py --seconds $(SECONDS)

clean:  ## remove what was built, but not the virtual environment
	rm -rf _build .pytest_cache .ruff_cache .hypothesis

$(READY): requirements.txt requirements.lock pyproject.toml
	@"$(or $(PYTHON),false)" -c '$(RECENT)' || { echo "Unrolled needs Python 3.11 to 3.14, \
	and $(or $(PYTHON),python3) is not. Install one, or name one: make book PYTHON=python3.12"; exit 1; }
	test "$$($(BIN)/python -c '$(WHICH)' 2>&1)" = "$$("$(PYTHON)" -c '$(WHICH)')" \
		|| "$(PYTHON)" -m venv --clear $(VENV)
	$(BIN)/python -m pip install --progress-bar on -r requirements.txt
	@touch $@

# A browser of the system serves; where there is none, Playwright brings its own.
$(VENV)/.browser: $(READY)
	@command -v chromium-headless-shell || command -v chromium || command -v chromium-browser \
		|| command -v google-chrome \
		|| $(BIN)/python -m playwright install --with-deps --only-shell chromium
	@touch $@
