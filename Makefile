# `make book` and `make test` need nothing but Python 3.11 to 3.13 and make.
VENV   ?= .venv
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell \
	$(p) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $(p))))
BIN     = $(VENV)/bin
READY   = $(VENV)/.ready
PORT   ?= 8000
CHAPTER ?= book/*.ipynb
TESTS  ?= tests
EXTRAS ?= text
MODULE ?= engine
EACH   ?= 15
SEED   ?= 0
SECONDS ?= 600
EVENTS ?= 500
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

.PHONY: help book serve lab test lint unit chapters strict browser picture tidy bench digits mutants clean \
	weekly matrix events planted oldest newest audit faults fuzz

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

book: $(READY)  ## build the HTML book into _build/html
	$(BIN)/jupyter-book build book
	@echo; echo "The book is built. Open _build/html/index.html, or run: make serve"

serve: book  ## build the book, serve it on this machine and open it (PORT=8000)
	@(sleep 1; $(BIN)/python -m webbrowser -t http://localhost:$(PORT)) & \
	exec $(BIN)/python -m http.server --bind localhost --directory _build/html $(PORT)

lab: $(READY)  ## open the book's first page in JupyterLab
	$(BIN)/jupyter lab book/index.ipynb $(addprefix --ContentsManager.hide_globs=,$(HIDDEN))

test: lint unit chapters strict browser  ## run what every change has to pass: the next five

lint: $(READY)  ## look at the style of the code, in chapters too
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

unit: $(READY)  ## run the tests of the code and of the text (TESTS=tests/engine for some)
	$(BIN)/python -m pytest $(TESTS) --ignore tests/browser -q -n 2 --dist loadfile

chapters: $(READY)  ## execute chapters, compare with what they store (CHAPTER=book/02-one-step.ipynb)
	OMP_WAIT_POLICY=PASSIVE $(BIN)/python -m pytest $(NBVAL) $(CHAPTER) -q -n 2 --dist loadfile

strict: $(READY)  ## build the whole book, where a warning is an error
	$(BIN)/jupyter-book build book $(STRICT)

browser: strict $(VENV)/.browser  ## read the built pages in Chromium
	$(BIN)/python -m pytest tests/browser -m "not slow" -q -n 2 --dist loadfile

weekly: matrix events planted oldest newest audit  ## run what CI runs once a week: the next six

matrix: chapters $(OTHERS:%=as-%)  ## run all chapters as on this and as on other processors

as-%: $(READY)
	env OMP_WAIT_POLICY=PASSIVE $(AS_$*) $(BIN)/python -m pytest $(NBVAL) book -q -n 2 --dist loadfile

events: book $(VENV)/.browser  ## run the slow browser tests: random events, live (EVENTS=5000 SEED=1)
	UNROLLED_EVENTS=$(EVENTS) UNROLLED_SEED=$(SEED) $(BIN)/python -m pytest \
		tests/browser -m slow -q -n 2 --dist loadfile

planted: book $(VENV)/.browser  ## plant faults in copies of the built book, and see that a browser test notices
	$(BIN)/python code/trials/planted.py

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

picture: $(READY) $(VENV)/.browser  ## record the moving picture of the README
	$(BIN)/python -m pip install --quiet pillow==13.0.0
	PYTHONPATH=code $(BIN)/python -m booktools.moving_picture

tidy: $(READY)  ## execute chapters and write them back clean (CHAPTER=book/02-one-step.ipynb for one)
	$(BIN)/python code/booktools/tidy.py $(CHAPTER)
	$(BIN)/ruff format --quiet $(CHAPTER)

bench: book $(VENV)/.browser  ## print our speeds beside others', and the pages' times and weights
	$(BIN)/python benchmarks/cells.py
	$(BIN)/python benchmarks/page.py

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

$(READY): requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Unrolled needs Python 3.11, 3.12 or 3.13; none was found."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --progress-bar on -r requirements.txt
	@touch $@

# A browser of the system serves; where there is none, Playwright brings its own.
$(VENV)/.browser: $(READY)
	@command -v chromium || command -v chromium-browser || command -v google-chrome \
		|| $(BIN)/python -m playwright install --with-deps chromium
	@touch $@
