"""The playground's training on request: in a worker, in one from a text, or in the page itself."""

import json

import pytest
from booktools.content_security import HEADER
from unrolled import playground
from unrolled.playground.catalogue import catalogue
from unrolled.web.bundle import bundle, worker

PAGE = """<!doctype html><meta charset="utf-8"><title>Ways</title><link rel="icon" href="data:,">
<script src="_static/catalogue.js"></script><script src="_static/client.js"></script>"""
SETTING = playground.complete(
    {"task": "echo", "lag": 5, "optimizer": "sgd", "lr": 3.0, "clip": 0.25}
)
SMALL = playground.parse("task=parity&T=2&cell=rnn&H=2&N=1")

# What a page needs to train and to look: `until(says yes)` waits for messages.
TOOLS = """() => {
  globalThis.heard = [];
  globalThis.client = CLIENT.connect(CATALOGUE, (message) => heard.push(message));
  globalThis.of = (type) => heard.filter((message) => message.type === type);
  globalThis.pause = (ms) => new Promise((done) => setTimeout(done, ms));
  globalThis.until = async (yes) => {
    const end = performance.now() + 20_000;
    while (!yes()) {
      if (performance.now() > end) throw new Error(`never true: ${yes}`);
      await pause(5);
    }
  };
}"""
NO_WORKER = "globalThis.Worker = class { constructor() { throw new Error('blocked'); } };"
NO_BLOB = "globalThis.Blob = class { constructor() { throw new Error('blocked'); } };"
ELSEWHERE = "globalThis.UNROLLED_PLAYGROUND_WORKER = '/nowhere.js';"
# Where the page is, what is done to it before, and the way that is left.
WAYS = {
    "server": ("server", "", "worker"),
    "file": ("file", "", "blob"),
    "server, worker blocked": ("server", NO_WORKER, "slices"),
    "server, worker's script missing": ("server", ELSEWHERE, "slices"),
    "file, Blob blocked": ("file", NO_BLOB, "slices"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A page with the client and nothing else, and the book's headers."""
    folder = tmp_path_factory.mktemp("ways")
    static = folder / "_static"
    static.mkdir()
    (static / "catalogue.js").write_text(f"globalThis.CATALOGUE = {json.dumps(catalogue())};")
    (static / "client.js").write_text(f"globalThis.CLIENT = {bundle('playground/client.js')};")
    (static / "playground_worker.js").write_text(worker("playground_worker.js"))
    (folder / "index.html").write_text(PAGE)
    (folder / "_headers").write_text(f"/*\n  Content-Security-Policy: {HEADER}\n")
    return folder


@pytest.fixture(scope="module")
def opened(browser, folder, serve):
    """A function that opens the page: `opened(place, script that runs before, fault)`."""
    pages = []
    with serve(folder) as address:

        def open_page(place="server", before="", fault=("", "")):
            def plant(route):
                text = route.fetch().text()
                assert fault[0] in text
                route.fulfill(body=text.replace(*fault), content_type="text/javascript")

            page = browser.new_page()
            pages.append(page)
            page.problems = []
            page.on("console", lambda message: page.problems.append(message.text))
            page.on("pageerror", lambda error: page.problems.append(str(error)))
            page.add_init_script(before)
            if fault[0]:
                page.route("**/client.js", plant)
            page.goto(address if place == "server" else (folder / "index.html").as_uri())
            page.evaluate(TOOLS)
            return page

        yield open_page
        for page in pages:
            page.close()


@pytest.mark.parametrize("case", WAYS)
def test_it_trains_in_the_way_that_is_left(opened, case):
    place, before, way = WAYS[case]
    page = opened(place, before)
    solved, stopped, updates, losses, last, found = page.evaluate(
        """async (setting) => {
          client.setup(setting);
          client.run("full");
          client.frame();
          await until(() => of("stopped").length);
          client.frame();
          await until(() => of("frame").length === 2);
          const [one, two] = of("frame");
          client.end();
          return [
            of("solved")[0].update,
            of("stopped")[0].update,
            [...one.updates, ...two.updates],
            [...one.losses, ...two.losses],
            two.update,
            client.way,
          ];
        }""",
        SETTING,
    )
    assert found == way
    assert (solved, stopped, last) == (25, 225, 225)
    assert updates == list(range(1, 226))
    training = playground.Training(SETTING)
    assert losses[:10] == pytest.approx([training.step() for _ in range(10)], rel=1e-9)
    assert not page.problems or "missing" in case


def test_what_an_older_setup_says_is_dropped(opened):
    page = opened()
    setups, wanted = page.evaluate(
        """async ([setting, other]) => {
          client.setup(setting);
          client.run("full");
          for (let i = 0; i < 20; i++) client.frame();
          await pause(30);
          const before = heard.length;
          const setup = client.setup(other);
          client.frame();
          await until(() => of("frame").some((message) => message.setup === setup));
          await pause(50);
          return [heard.slice(before).map((message) => message.setup), setup];
        }""",
        [SETTING, SMALL],
    )
    assert set(setups) == {wanted}


@pytest.mark.parametrize("place", ["server", "file"])
def test_speed_pause_and_step(opened, place):
    page = opened(place)
    trained, paused, stepped, longer = page.evaluate(
        """async (setting) => {
          const updates = async () => {
            const before = of("frame").length;
            client.frame();
            await until(() => of("frame").length > before);
            return of("frame").at(-1).update;
          };
          client.setup(setting);
          await updates();
          client.run(20);
          await pause(1000);
          client.pause();
          const trained = await updates();
          await pause(200);
          const paused = await updates();
          client.step(7);
          const stepped = await updates();
          client.longer();
          await until(() => of("longer").length);
          return [trained, paused, stepped, of("longer")[0].rows];
        }""",
        SMALL,
    )
    assert 5 <= trained <= 25  # a busy machine pauses late
    assert paused == trained
    assert stepped == paused + 7
    assert [row["T"] for row in longer] == [2, 8, 32]


def test_it_starts_slowly_and_doubles_every_second(browser, web):
    page = browser.new_page()
    page.goto(web)
    due = """async (speed) => {
      const { due } = await import("/playground/session.js");
      return [0, 1, 2, 3, 6].map((seconds) => due(speed, seconds));
    }"""
    assert page.evaluate(due, "faster") == pytest.approx([0, 21.64, 64.92, 151.5, 1363], rel=1e-3)
    assert page.evaluate(due, 20) == [0, 20, 40, 60, 120]
    assert page.evaluate(due, "full") == [float("inf")] * 5
    page.close()


def test_losses_are_thinned_but_not_the_first(opened):
    page = opened()
    updates, losses = page.evaluate(
        """async (setting) => {
          client.setup(setting);
          for (let i = 0; i < 12; i++) client.step(500);
          client.frame();
          await until(() => of("frame").length);
          return [[...of("frame")[0].updates], of("frame")[0].losses.length];
        }""",
        SMALL,
    )
    assert len(updates) == losses <= 4096
    assert updates[:50] == list(range(1, 51))
    assert updates == sorted(set(updates))
    assert updates[-1] == 6000


@pytest.mark.parametrize("before", ["", NO_WORKER], ids=["worker", "slices"])
def test_what_breaks_off_is_told(opened, before):
    page = opened("server", before)
    sentence = page.evaluate(
        """async (setting) => {
          client.setup(setting);
          client.frame();
          await until(() => of("frame").length);
          client.setup({ ...setting, task: "none" });
          await until(() => of("failed").length);
          return of("failed")[0].sentence;
        }""",
        SMALL,
    )
    assert sentence.startswith("Training broke off: ")


def grown(page, times):
    """How many bytes more there are after so many restarts, each of a running training."""
    session = page.context.new_cdp_session(page)
    restart = """async ([setting, times]) => {
      for (let i = 0; i < times; i++) {
        client.setup({ ...setting, seed: i });
        client.run("full");
        client.frame();
        if (i % 20 === 0) await until(() => of("frame").length);
        heard.length = 0;
      }
      client.pause();
      await pause(100);
      heard.length = 0;
    }"""

    def used():
        session.send("HeapProfiler.collectGarbage")
        usage = session.send("Runtime.getHeapUsage")
        return usage["usedSize"] + usage["backingStorageSize"]

    setting = SETTING | {"lag": 2, "H": 16, "N": 4}
    page.evaluate(restart, [setting, 100])
    before = used()
    page.evaluate(restart, [setting, times])
    return used() - before


def test_thousand_restarts_leave_nothing_behind(opened):
    bytes_more = grown(opened("server", NO_WORKER), 1000)
    print(f"1,000 restarts: {bytes_more / 1000:.1f} kB more")
    assert bytes_more < 500_000


def test_a_planted_leak_is_noticed(opened):
    plain = "this.trainer = new Trainer("
    page = opened("server", NO_WORKER, (plain, f"(this.kept ??= []).push(this.trainer); {plain}"))
    assert grown(page, 100) > 500_000
