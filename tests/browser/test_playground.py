"""The playground as a reader meets it: what is in view, trains and is said, and its address."""

import gzip
import json
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect
from unrolled import playground
from unrolled.playground import STORIES, settings
from unrolled.playground.catalogue import recorded
from unrolled.playground.face import live_script, live_styles

PAGE = "playground.html"
SCREENS = {"wide": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
SHOWN = [story for story in STORIES if not story.reserve]
RESERVE = [story for story in STORIES if story.reserve]
FIRST = "task=echo&lag=10&k1=8&k2=8"
WEIGHT = 400_000  # bytes of a first visit, compressed
BOXES = """selectors => selectors.map(selector => {
  const box = document.querySelector(selector).getBoundingClientRect();
  return [box.left, box.top, box.right, box.bottom];
})"""
# What the strip shows, as a number that another picture would hardly have.
PICTURE = """() => {
  const canvas = document.querySelector("canvas.strip");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let sum = 7;
  for (let i = 0; i < data.length; i++) sum = (31 * sum + data[i]) | 0;
  return sum;
}"""
BLANK = """() => {
  const canvas = document.querySelector("canvas.strip");
  return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
    .every(value => value === 0);
}"""
SETTING = "() => UNROLLED.playground.setting"
LISTEN = """() => {
  window.said = [];
  const status = document.querySelector(".playground .status");
  const told = () => said.push(status.textContent);
  new MutationObserver(told).observe(status, { childList: true });
}"""
RUBBISH = """
#|##|#task|#task=|#task=echo&|#task=echo&&&|#=&=|#task=nothing|#task=echo&lag=|#task=echo&lag=NaN
#task=echo&lag=-1|#task=echo&lag=1e400|#task=echo&lag=9999999999999999999999|#task=echo&lag=2.5
#task=echo&lag=0x10|#task=echo&lr=Infinity|#task=echo&lr=-0|#task=echo&lr=1e-999
#task=echo&seed=-1|#task=echo&seed=4294967296|#task=echo&cell=__proto__|#task=__proto__
#task=constructor|#task=echo&__proto__=1|#task=echo&constructor=1&toString=2
#task=echo&hasOwnProperty=1|#task=<script>alert(1)</script>
#task=text&text=<img src=x onerror=alert(1)>|#task=text&text=%|#task=text&text=%E0%A4%A
#task=text&text=|#task=text&text=a|#task=text&text=LONG|#task=echo&k1=9&k2=3
#task=text&text=%F0%9F%98%80%20ab|#task=echo&lag=26&lag=3|#task=parity&lag=3&asked=never
#task=waves&waves=4|#task=waves&waves=2.0|#task=echo&H=0|#task=echo&H=65|#the-playground
#TruncationLab:k2=20|#task=echo;lag=3|#task=adding&T=80|#%00
""".strip().replace("LONG", "ab" * 5000)


class Reader:
    """What a reader of an open playground does and sees."""

    def __init__(self, page):
        self.page = page
        expect(self.root).to_have_attribute("data-ready", "yes")

    @property
    def root(self):
        return self.page.locator(".playground")

    @property
    def status(self):
        return self.root.locator(".status")

    @property
    def question(self):
        return self.root.locator(".question")

    @property
    def train(self):
        return self.root.locator(".train")

    @property
    def setting(self):
        return self.page.evaluate(SETTING)

    @property
    def update(self):
        return self.page.evaluate("() => UNROLLED.playground.frame.update")

    def press(self, name):
        self.root.get_by_role("button", name=name, exact=True).click()

    def fast(self):
        self.page.evaluate("() => UNROLLED.playground.pace('full')")

    def trained(self, updates):
        self.page.until(f"UNROLLED.playground.frame.update >= {updates}")

    def restore(self, hash):
        self.page.evaluate("hash => UNROLLED.playground.restore(hash)", hash)


@pytest.fixture
def open_at(visit):
    """A function that opens the playground at an address: `with open_at("#...") as reader`."""

    @contextmanager
    def opened(hash="", **options):
        with visit(PAGE + hash, **options) as page:
            yield Reader(page)

    return opened


@pytest.fixture
def reader(open_at):
    with open_at() as reader:
        yield reader


def random_setting(rng):
    """Some allowed setting, each key anywhere within its limits."""
    task = str(rng.choice(list(playground.TASKS)))
    setting = {"task": task}
    for key in settings.keys_of(task):
        allowed = None if key == "task" else settings.limits(task, key)
        if allowed is None or rng.random() < 0.4:
            continue
        if key == "text":
            setting[key] = (
                "".join(rng.choice(list("ab &=+%#é😀~*'()!"), rng.integers(2, 60))) + "xy"
            )
        elif isinstance(allowed[0], str) or key == "waves":
            setting[key] = allowed[int(rng.integers(len(allowed)))]
        elif key in settings.WHOLE:
            setting[key] = int(rng.integers(allowed[0], allowed[1], endpoint=True))
        else:
            setting[key] = float(round(rng.uniform(*allowed), int(rng.integers(0, 4)) or 1))
            setting[key] = min(max(setting[key], allowed[0]), allowed[1])
    if 0 < setting.get("k2", 0) < setting.get("k1", 0):
        setting["k2"] = setting["k1"]
    return playground.complete(setting)


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_the_task_train_the_strip_and_the_skill_of_every_story_are_in_view(open_at, screen):
    parts = [".task", ".train", "canvas.strip", ".meter", ".bar"]
    with open_at(viewport=screen) as reader:
        for story in SHOWN:
            reader.restore(f"#{playground.hash_of(story.setting)}")
            chosen = reader.root.locator("[role=radio][aria-checked=true]").first
            assert chosen.text_content() == story.title
            boxes = reader.page.evaluate(BOXES, parts)
            for name, (left, top, right, bottom) in zip(parts, boxes, strict=True):
                assert 0 <= left < right <= screen["width"], (story.name, name)
                assert 0 <= top < bottom <= screen["height"], (story.name, name)
            strip, bar = boxes[2], boxes[4]
            assert strip[3] <= bar[1] or strip[2] <= bar[0], f"the bar covers {story.name}"


# Each answers in another way; all stories are told in the weekly job.
EVERY_DAY = {"counting", "waves", "your-text"}


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(story, id=story.name, marks=[pytest.mark.slow] * (story.name not in EVERY_DAY))
        for story in STORIES
    ],
)
def test_every_story_trains_draws_and_is_told_before_and_after_its_button(open_at, story):
    with open_at(f"#{playground.hash_of(story.setting)}") as reader:
        untrained = reader.page.evaluate(PICTURE)
        assert not reader.page.evaluate(BLANK)
        assert story.question in reader.question.inner_text()
        reader.page.evaluate(LISTEN)
        reader.fast()
        reader.question.get_by_role("button", name=story.guesses[story.right], exact=True).click()
        expect(reader.train).to_have_text("Pause")
        expect(reader.question).to_contain_text(story.before, timeout=120_000)
        assert reader.page.evaluate(PICTURE) != untrained
        reader.press(story.button[0])
        expect(reader.question).to_contain_text(story.after, timeout=60_000)
        solved = recorded(story.name, "after")["updates"][0]
        assert f"Solved after {solved} updates" in " ".join(reader.page.evaluate("said"))
        changed = playground.complete(story.setting | story.button[1])
        assert playground.complete(reader.setting) == changed
        reader.press("Undo the change")
        assert playground.complete(reader.setting) == playground.complete(story.setting)
        assert reader.update == 0
        assert reader.page.problems == []


def test_it_prints_the_digits_of_the_package(reader, capsys):
    reader.fast()
    reader.root.locator(".python summary").click()
    for story in STORIES:
        for changes in ({}, story.button[1]):
            setting = playground.complete(story.setting | changes)
            playground.train(setting)
            wanted = capsys.readouterr().out.splitlines()
            if setting["lr"] > 1 and not setting["clip"]:  # chaotic from then on
                wanted = wanted[:3]
            hash = playground.hash_of(setting)
            reader.restore(f"#{hash}")
            reader.train.click()
            reader.trained(50)
            shown = reader.root.locator(".python .digits")
            expect(shown).to_contain_text(wanted[-1].strip())
            assert shown.text_content().splitlines()[: len(wanted)] == wanted, hash
            short = reader.root.locator(".python pre").first.text_content()
            assert f'playground.train("{hash}")' in short


def test_an_address_is_read_and_written_as_python_does_and_so_is_the_program(reader):
    rng = np.random.default_rng(5)
    reader.root.locator(".python summary").click()
    for _ in range(80):
        setting = random_setting(rng)
        hash = playground.hash_of(setting)
        reader.restore(f"#{hash}")
        assert reader.setting == setting, hash
        assert reader.page.evaluate("UNROLLED.playground.hash") == f"#{hash}"
        assert reader.root.locator(".trouble").is_hidden()
        reader.page.evaluate("UNROLLED.playground.board.python.write()")
        text = reader.root.locator(".python pre").nth(1).text_content()
        assert text == playground.code(setting), hash


def test_no_address_makes_it_throw_and_what_is_wrong_is_told(reader):
    rng = np.random.default_rng(6)
    signs = list("task=&echolagtextwaves#%0123456789.-+eE<>\"'\\{}[];: é\u2028😀")
    hashes = RUBBISH.replace("\n", "|").split("|") + [
        "#task=" + "".join(rng.choice(signs, 40)) for _ in range(40)
    ]
    hashes += ["#task=echo&" + "".join(rng.choice(signs, 60)) for _ in range(40)]
    for hash in hashes:
        reader.page.evaluate("hash => { location.hash = hash; }", hash)
        reader.restore(hash)
        assert playground.complete(reader.setting) == reader.setting, hash
        assert not reader.page.evaluate(BLANK), hash
    assert reader.page.problems == []


WRONG = {
    "#task=echo&lag=99": "Steps back to the answer cannot be “99”; it stays 5.",
    "#task=echo&cell=gnu": "Cell cannot be “gnu”; it stays rnn.",
    "#task=waves&lag=3": "Steps back to the answer does not count here.",
    "#task=nothing": "There is no task “nothing”.",
    "#task=echo&size=3": "There is no setting “size”.",
    "#task=echo&k1=9&k2=3": "k1 cannot be more than k2",
    "#task=text&text=a": "Your text needs 2 to 200 characters",
}


def test_a_wrong_value_falls_back_to_the_default_and_is_told(open_at):
    with open_at(next(iter(WRONG))) as reader:
        for hash, told in WRONG.items():
            reader.restore(hash)
            expect(reader.root.locator(".trouble")).to_contain_text(told)


def test_a_link_that_is_copied_opens_the_same_run(open_at):
    with open_at() as reader:
        reader.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        reader.root.locator(".more summary").click()
        reader.press("New seed")
        reader.press("Copy link")
        expect(reader.root.get_by_role("button", name="Copied")).to_be_visible()
        link = reader.page.evaluate("navigator.clipboard.readText()")
        assert urlsplit(link).fragment == f"{FIRST}&seed=1"
        setting, picture = reader.setting, reader.page.evaluate(PICTURE)
    with open_at(f"#{urlsplit(link).fragment}") as other:
        assert other.setting == setting
        assert other.page.evaluate(PICTURE) == picture


def test_a_link_to_another_place_of_the_page_leaves_the_run_alone(reader):
    reader.train.click()
    reader.trained(3)
    reader.train.click()
    reader.page.evaluate("location.hash = '#how-to-read-it'")
    reader.page.wait_for_timeout(200)
    assert reader.update >= 3


def test_the_address_follows_the_setting(reader):
    assert urlsplit(reader.page.url).fragment == ""
    reader.root.locator(".more summary").click()
    reader.press("New seed")
    reader.page.until(f"location.hash === '#{FIRST}&seed=1'")


def test_the_readers_own_text_is_learned_and_stays_in_the_address(reader):
    reader.root.get_by_role("radio", name="Your text").click()
    field = reader.root.get_by_label("Your text")
    field.fill("tea & 100% ☕ ")
    reader.page.until("UNROLLED.playground.setting.text === 'tea & 100% ☕ '")
    reader.page.until("location.hash.includes('text=tea+%26+100%25')")
    reader.fast()
    reader.train.click()
    expect(reader.status).to_contain_text("Solved", timeout=60_000)
    reader.press("Let it go on by itself")
    expect(reader.root.locator(".alone .text")).to_contain_text("tea & 100% ☕ tea")


def test_a_text_that_cannot_be_learned_is_told_when_it_is_typed(reader):
    reader.root.get_by_role("radio", name="Your text").click()
    before = reader.setting
    field = reader.root.get_by_label("Your text")
    field.fill("a")
    trouble = reader.root.locator(".trouble")
    expect(trouble).to_have_text(
        "Your text needs 2 to 200 characters, at least two of them different; "
        "it stays “a network that reads…”."
    )
    assert reader.setting == before
    field.fill(before["text"])
    expect(trouble).to_be_hidden()


def test_what_is_told_of_our_text_is_not_told_of_the_readers_own(open_at):
    with open_at("#task=text&text=abababcdcd") as reader:
        reader.fast()
        reader.question.get_by_role("button", name="about 500", exact=True).click()
        expect(reader.question).to_contain_text("This text is your own", timeout=60_000)
        expect(reader.question).to_contain_text("five were there by update 50.")
        expect(reader.question).not_to_contain_text("the answer is")
        reader.root.get_by_label("Your text").fill("xyxyxyzz")
        expect(reader.question).to_contain_text("After how many updates")


def test_a_link_to_the_second_half_of_a_story_says_so(reader):
    for story in STORIES:
        reader.restore(f"#{playground.hash_of(story.setting | story.button[1])}&seed=3")
        expect(reader.question).to_contain_text("This is the second half of the story")
        expect(reader.question).not_to_contain_text(story.question)
        expect(
            reader.question.get_by_role("button", name=story.guesses[0], exact=True)
        ).to_be_hidden()
        reader.press("Undo the change")
        expect(reader.question).to_contain_text(story.question)
        expect(reader.question).not_to_contain_text(story.before)


def test_nothing_said_of_a_run_stays_with_the_next(reader):
    reader.train.click()
    reader.trained(3)
    expect(reader.status).to_have_text("It trains, here in your browser.")
    reader.root.get_by_role("radio", name="Waves").click()
    expect(reader.status).to_have_text("")
    reader.press("Step")
    expect(reader.status).to_contain_text("Update 1,")
    reader.restore(f"#{FIRST}")
    reader.page.wait_for_timeout(200)
    expect(reader.status).to_have_text("")


def test_after_a_failure_it_can_be_paused_and_goes_on(open_at):
    with open_at("#task=count&cell=linear&optimizer=sgd&lr=10&clip=0&gain=3") as reader:
        reader.fast()
        reader.train.click()
        expect(reader.status).to_contain_text("After")
        reader.page.evaluate("UNROLLED.playground.set({ lr: 0.001, clip: 1 })")
        reader.train.click()
        reader.trained(3)
        reader.train.click()
        expect(reader.status).to_contain_text("Paused at update")
        before = reader.update
        reader.train.click()
        reader.trained(before + 1)


def test_a_guess_is_judged_and_what_does_not_learn_is_told_after_1500_updates(reader):
    reader.fast()
    guess, right = STORIES[0].guesses[0], STORIES[0].guesses[STORIES[0].right]
    reader.question.get_by_role("button", name=guess, exact=True).click()
    expect(reader.status).to_contain_text(
        f"Not solved after 1,500 updates. Pause it, or press “{STORIES[0].button[0]}”.",
        timeout=120_000,
    )
    expect(reader.question).to_contain_text(f"You guessed “{guess}”; the answer is “{right}”.")
    assert reader.update >= 1500


def test_a_guess_is_judged_for_whoever_does_not_wait_for_the_end(reader):
    reader.question.get_by_role("button", name="no", exact=True).click()
    reader.train.click()
    reader.press(STORIES[0].button[0])
    expect(reader.question).to_contain_text("You guessed “no”, and you were right. Changed: ")


def test_what_shows_only_in_the_test_is_not_told_before(open_at):
    with open_at("#task=count&T=20") as reader:
        reader.page.evaluate("() => UNROLLED.playground.pace(60)")
        reader.train.click()
        expect(reader.status).to_contain_text("Solved after 175 updates", timeout=60_000)
        expect(reader.question).to_contain_text("What happens?")
        reader.fast()
        expect(reader.question).to_contain_text("none can count to 80")
        expect(reader.root.locator(".results")).to_be_visible()


@pytest.mark.parametrize(("title", "test"), [("counting", "Test it"), ("waves", "Let it go on")])
def test_the_last_act_is_in_view(open_at, title, test):
    story = next(story for story in STORIES if story.name == title)
    with open_at(f"#{playground.hash_of(story.setting)}", viewport=SCREENS["wide"]) as reader:
        reader.fast()
        reader.train.click()
        expect(reader.train).to_have_text("Train", timeout=60_000)
        reader.press(test)
        results = reader.root.locator(".results")
        expect(results).to_be_visible()
        assert reader.page.evaluate("scrollY") == 0
        top, bottom = (reader.page.evaluate(BOXES, [".results"])[0][i] for i in (1, 3))
        assert 0 < top < bottom <= SCREENS["wide"]["height"]
        reader.press("Reset")
        expect(results).to_be_hidden()
        expect(reader.root.locator("canvas.weights")).to_be_visible()


def test_how_far_off_it_counts_is_told_in_ones(open_at):
    with open_at("#task=count") as reader:
        off = reader.page.evaluate("""() => {
          const { shown } = UNROLLED.playground.frame;
          const errors = Array.from(shown.targets, (t, i) => Math.abs(shown.outputs[i] - t));
          return (10 * errors.reduce((a, b) => a + b)) / errors.length;
        }""")
        expect(reader.root.locator(".numbers")).to_contain_text(f"off by {off:.2g} on average")


def test_it_stops_200_updates_after_it_is_solved(open_at):
    after = STORIES[0].setting | STORIES[0].button[1]
    with open_at(f"#{playground.hash_of(after)}") as reader:
        reader.fast()
        reader.train.click()
        expect(reader.status).to_contain_text("Solved after 125 updates; stopped at update 325")
        expect(reader.train).to_have_text("Train")
        reader.page.wait_for_timeout(300)
        assert reader.update == 325
        reader.train.click()
        reader.trained(326)


def test_it_stops_when_the_page_is_hidden(reader):
    reader.train.click()
    reader.trained(2)
    reader.page.evaluate("""() => {
      Object.defineProperty(document, "hidden", { get: () => true });
      document.dispatchEvent(new Event("visibilitychange"));
    }""")
    expect(reader.status).to_contain_text("Hidden, so it paused at update")
    before = reader.update
    reader.page.wait_for_timeout(400)
    assert reader.update == before


def test_it_stops_when_it_is_out_of_view(reader):
    reader.train.click()
    reader.trained(2)
    reader.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(reader.status).to_contain_text("Out of view, so it paused at update")


def test_a_reader_without_a_mouse_picks_a_story_guesses_trains_and_changes_it(reader):
    page = reader.page
    reader.root.get_by_role("radio", name="How far back?").focus()
    page.keyboard.press("ArrowRight")
    expect(reader.root.get_by_role("radio", name="Forget bias")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    expect(reader.root.get_by_role("radio", name="How far back?")).to_be_focused()
    page.keyboard.press("Tab")
    expect(reader.question.get_by_role("button").first).to_be_focused()
    reader.train.focus()
    page.keyboard.press("Space")
    reader.trained(3)
    page.keyboard.press("Space")
    expect(reader.status).to_contain_text("Paused at update")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(reader.status).to_contain_text("loss")
    more = reader.root.locator(".more")
    more.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(more.get_by_label("Speed")).to_be_visible()
    page.keyboard.press("Escape")
    expect(more.get_by_label("Speed")).to_be_hidden()
    expect(more.locator("summary")).to_be_focused()


def test_it_says_what_happens_and_nothing_while_it_trains(reader):
    expect(reader.status).to_have_attribute("role", "status")
    assert reader.status.text_content() == ""
    reader.page.evaluate(LISTEN)
    reader.train.click()
    reader.trained(20)
    assert reader.page.evaluate("said") == ["It trains, here in your browser."]
    reader.train.click()
    expect(reader.status).to_contain_text("Paused at update")
    reader.press("Reset")
    expect(reader.status).to_have_text("Back at update 0, with the same seed.")


def test_the_earlier_loss_stays_in_grey_until_another_story(reader):
    reader.train.click()
    reader.trained(5)
    reader.train.click()
    reader.root.locator(".more summary").click()
    reader.press("New seed")
    kept = "UNROLLED.playground.before?.losses.length ?? 0"
    assert reader.page.evaluate(kept) >= 5
    reader.root.get_by_role("radio", name="Waves").click()
    assert reader.page.evaluate(kept) == 0


def test_a_control_that_moves_starts_again_and_is_drawn_at_once(reader):
    reader.root.locator(".settings summary").click()
    slider = reader.root.locator("[data-control=lag] input")
    drawn = slider.evaluate(f"""slider => {{
      const before = ({PICTURE})();
      slider.value = 4;
      slider.dispatchEvent(new Event("input", {{ bubbles: true }}));
      return ({PICTURE})() !== before;
    }}""")
    assert drawn
    assert reader.setting["lag"] == 4
    expect(reader.root.locator(".task")).to_contain_text("4 steps")
    expect(reader.question).to_contain_text("a setting of your own")


def test_k2_follows_where_k1_would_leave_losses_out(reader):
    reader.page.evaluate("UNROLLED.playground.set({ k1: 12 })")
    assert (reader.setting["k1"], reader.setting["k2"]) == (12, 12)
    reader.page.evaluate("UNROLLED.playground.set({ k2: 5 })")
    assert (reader.setting["k1"], reader.setting["k2"]) == (5, 5)


def test_longer_sequences_are_tested_as_in_the_package(open_at):
    counting = next(story for story in STORIES if story.name == "counting")
    with open_at(f"#{playground.hash_of(counting.setting)}") as reader:
        reader.fast()
        reader.train.click()
        reader.trained(25)
        reader.train.click()
        reader.press("Test on longer sequences")
        rows = reader.root.locator(".rows .length")
        expect(rows).to_have_count(3)
        assert [row.split()[0] for row in rows.all_inner_texts()] == ["20", "80", "320"]


def test_with_reduced_motion_it_is_drawn_once_a_second_and_a_step_is_25_updates(open_at):
    with open_at(reduced_motion="reduce") as reader:
        reader.press("Step")
        reader.trained(25)
        assert reader.update == 25
        reader.page.evaluate("""() => {
          window.drawn = 0;
          const { board } = UNROLLED.playground;
          const draw = board.draw.bind(board);
          board.draw = (...given) => { window.drawn += 1; return draw(...given); };
        }""")
        reader.train.click()
        reader.page.wait_for_timeout(2600)
        assert 1 <= reader.page.evaluate("drawn") <= 4
        assert reader.update > 25


def test_the_theme_recolors_the_pictures(reader):
    before = reader.page.evaluate(PICTURE)
    reader.page.emulate_media(color_scheme="dark")
    expect(reader.page.locator("html")).to_have_attribute("data-theme", "dark")
    reader.page.until(f"({PICTURE})() !== {before}")


def test_the_list_of_pages_opens_and_closes(reader):
    sidebar = reader.page.locator(".bd-sidebar-primary")
    expect(sidebar).to_be_hidden()
    reader.page.locator(".primary-toggle").first.click()
    expect(sidebar).to_be_visible()


def test_it_trains_under_the_policy_in_a_worker_and_stops_no_console(reader):
    reader.train.click()
    reader.trained(10)
    assert reader.page.evaluate("UNROLLED.playground.connection.way") == "worker"
    assert reader.page.problems == []


def test_it_trains_from_a_folder(site, open_at):
    with open_at(base=f"{site.resolve().as_uri()}/") as reader:
        reader.train.click()
        reader.trained(10)
        assert reader.page.evaluate("UNROLLED.playground.connection.way") == "blob"


def test_a_first_visit_is_light(site, reader):
    reader.train.click()
    reader.trained(5)
    urls = {url for url in reader.page.requests if url.startswith("http")}
    paths = {site / unquote(urlsplit(url).path[1:]) for url in urls}
    files = {path: path.read_bytes() for path in paths}
    sent = [len(d) if p.suffix == ".woff2" else len(gzip.compress(d)) for p, d in files.items()]
    assert sum(sent) < WEIGHT
    assert not [path for path in paths if "plotly" in path.name]


def test_without_scripts_the_stories_stand_in_a_table_with_a_strip(open_at, visit):
    with visit(PAGE, java_script_enabled=False) as page:
        rows = page.locator(".still tbody tr")
        assert rows.count() == len(STORIES)
        assert "125 100 150 100 150" in rows.first.inner_text()
        expect(page.locator(".still-strip circle").first).to_be_visible()
        expect(page.locator(".still .asked")).to_contain_text("10 steps")


def test_on_paper_are_the_picture_and_the_stories(reader):
    expect(reader.root.locator(".still")).to_be_hidden()
    reader.page.emulate_media(media="print")
    expect(reader.root.locator(".still table")).to_be_visible()
    expect(reader.root.locator("canvas.strip")).to_be_visible()
    expect(reader.train).to_be_hidden()


def test_a_notebook_has_the_same_playground(browser):
    """As an anywidget it is a module that renders into an element, with nothing to fetch."""
    page = browser.new_page()
    page.set_content(f"<style>{live_styles()}</style><div id='place' style='width:900px'></div>")
    script = json.dumps(live_script())
    page.evaluate(f"""async () => {{
      const address = URL.createObjectURL(new Blob([{script}], {{ type: "text/javascript" }}));
      const {{ default: widget }} = await import(address);
      const model = {{ get: () => "#task=echo&lag=4" }};
      window.end = widget.render({{ model, el: document.querySelector("#place") }});
    }}""")
    expect(page.locator(".playground .task")).to_contain_text("4 steps")
    page.locator(".train").click()
    expect(page.locator(".numbers")).to_contain_text("Update", timeout=15_000)
    page.evaluate("window.end()")
    page.close()


def act(reader, rng):
    """One thing that a reader might do, anywhere in the playground."""
    page, root = reader.page, reader.root
    kind = rng.choice(["button", "range", "select", "radio", "summary", "hash", "text", "wait"])
    if kind == "hash":
        reader.restore(f"#{playground.hash_of(random_setting(rng))}")
    elif kind == "text" and root.locator(".own-text input").count():
        root.locator(".own-text input").fill("".join(rng.choice(list("abc é"), 12)))
    elif kind == "wait":
        page.wait_for_timeout(int(rng.integers(1, 120)))
    else:
        selectors = {"button": "button", "range": "input[type=range]", "select": "select"}
        selector = selectors.get(str(kind), f"[role={kind}], {kind}")
        found = root.locator(f"{selector} >> visible=true")
        if not (count := found.count()):
            return str(kind)
        one = found.nth(int(rng.integers(count)))
        pick = int(rng.integers(1 << 20))
        one.evaluate(
            """(e, pick) => {
              if (e.tagName === "SELECT") e.value = e.options[pick % e.options.length].value;
              if (e.type === "range") {
                const [low, high] = [Number(e.min), Number(e.max)];
                e.value = low + (pick / (1 << 20)) * (high - low);
              }
              e.dispatchEvent(new Event("input", { bubbles: true }));
              e.dispatchEvent(new Event("change", { bubbles: true }));
              if (!["SELECT", "INPUT"].includes(e.tagName)) e.click();
            }""",
            pick,
        )
    return str(kind)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(9))
def test_whatever_a_reader_does_it_stands(open_at, seed):
    rng = np.random.default_rng([11, seed])
    with open_at(viewport=SCREENS["phone" if seed % 2 else "wide"]) as reader:
        done = []
        for _ in range(60):
            done.append(act(reader, rng))
            setting = reader.setting
            assert playground.complete(setting) == setting, done[-5:]
        assert not reader.page.evaluate(BLANK)
        reader.page.evaluate("UNROLLED.playground.running && UNROLLED.playground.pause()")
        reader.restore(f"#{FIRST}")
        reader.fast()
        reader.train.click()
        reader.trained(3)
        assert reader.page.problems == [], done
