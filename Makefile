# `make book` and `make test` need nothing but Python 3.11 to 3.13 and make.
VENV   ?= .venv
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell \
	$(p) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $(p))))
BIN     = $(VENV)/bin
READY   = $(VENV)/.ready
PORT   ?= 8000
CHAPTER ?= book/[0-9]*.ipynb
NBVAL   = --nbval --nbval-current-env --nbval-cell-timeout=300
STRICT  = -W -n --keep-going --all

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

.PHONY: help book serve lab test lint unit chapters matrix strict browser tidy bench clean

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

book: $(READY)  ## build the HTML book into _build/html
	$(BIN)/jupyter-book build book
	@echo; echo "The book is built. Open _build/html/index.html, or run: make serve"

serve: book  ## build the book, serve it on this machine and open it
	@(sleep 1; $(BIN)/python -m webbrowser -t http://localhost:$(PORT)) & \
	exec $(BIN)/python -m http.server --bind localhost --directory _build/html $(PORT)

lab: $(READY)  ## open the chapters in JupyterLab
	$(BIN)/jupyter lab book

test: lint unit chapters as-$(lastword $(OTHERS)) strict browser  ## run everything that CI runs

matrix: chapters $(OTHERS:%=as-%)  ## run all chapters as on this and as on other processors

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

unit: $(READY)
	$(BIN)/python -m pytest tests --ignore tests/browser -q -n 2 --dist loadfile

chapters: $(READY)
	OMP_WAIT_POLICY=PASSIVE $(BIN)/python -m pytest $(NBVAL) book -q -n 2 --dist loadfile

as-%: $(READY)
	env OMP_WAIT_POLICY=PASSIVE $(AS_$*) $(BIN)/python -m pytest $(NBVAL) book -q -n 2 --dist loadfile

strict: $(READY)
	$(BIN)/jupyter-book build book $(STRICT)

browser: strict $(VENV)/.browser
	$(BIN)/python -m pytest tests/browser -q -n 2 --dist loadfile

tidy: $(READY)  ## execute chapters and write them back clean (CHAPTER=book/02-one-step.ipynb for one)
	$(BIN)/python code/booktools/tidy.py $(CHAPTER)
	$(BIN)/ruff format --quiet $(CHAPTER)

bench: book $(VENV)/.browser  ## print our speeds beside others', and the pages' times and weights
	$(BIN)/python benchmarks/cells.py
	$(BIN)/python benchmarks/page.py

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
