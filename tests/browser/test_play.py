"""What a play button does for every slider that is time."""

import json
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, Page, expect

LISTEN = """slider => {
  const figure = slider.closest("figure");
  const said = [];
  new MutationObserver(() => said.push(figure.querySelector("[role=status]").textContent))
    .observe(figure.querySelector("[role=status]"), { childList: true });
  figure.said = said;
}"""
SAID = "slider => slider.closest('figure').said"


class Play(NamedTuple):
    """A play button, its slider, and the milliseconds in which it would take two steps more."""

    page: Page
    button: Locator
    slider: Locator
    two_steps: float


@pytest.fixture(scope="module")
def play(visit, read, figure):
    name, _, id = figure.partition("#")
    with visit(name) as page:
        read(page)
        root = page.locator(f"#{id}")
        control = root.locator(".control", has=page.locator(".play"))
        steps = filter(None, json.loads(root.locator("script").text_content())["play"])
        yield Play(page, control.locator(".play"), control.locator("input"), 2.5 * max(steps))


def test_it_runs_to_the_end_and_stops(play):
    play.slider.press("End")
    for _ in range(6):  # long enough for a slow machine to see that it plays
        play.slider.press("ArrowLeft")
    expect(play.button).to_have_text("Play")
    play.button.click()
    expect(play.button).to_have_text("Pause")
    expect(play.slider).to_have_value(play.slider.get_attribute("max"))
    expect(play.button).to_have_text("Play")


@pytest.mark.parametrize("stop", ["button", "key"])
def test_it_begins_anew_at_the_end_and_can_be_stopped(play, stop):
    play.slider.press("End")
    play.button.click()
    play.page.until("slider => slider.value > 1", arg=play.slider.element_handle())
    play.button.click() if stop == "button" else play.slider.press("Shift")
    expect(play.button).to_have_text("Play")
    stopped = play.slider.input_value()
    play.page.wait_for_timeout(play.two_steps)
    assert play.slider.input_value() == stopped != play.slider.get_attribute("max")


def test_it_is_silent_while_it_plays_and_speaks_once_when_it_stops(play):
    play.slider.press("End")
    play.page.wait_for_timeout(600)  # until that is spoken
    slider = play.slider.element_handle()
    slider.evaluate(LISTEN)
    play.button.click()
    play.page.until("slider => slider.value > 1", arg=slider)
    assert slider.evaluate(SAID) == []
    play.button.click()
    play.page.wait_for_timeout(600)
    (said,) = slider.evaluate(SAID)
    assert play.slider.get_attribute("aria-valuetext") in said


def test_where_motion_is_unwelcome_it_takes_one_step(play):
    play.slider.press("Home")
    play.page.emulate_media(reduced_motion="reduce")
    expect(play.button).to_have_text("Step")
    play.button.click()
    play.page.wait_for_timeout(play.two_steps)
    expect(play.slider).to_have_value("1")
    expect(play.button).to_have_text("Step")
    play.page.emulate_media(reduced_motion="no-preference")
    expect(play.button).to_have_text("Play")
