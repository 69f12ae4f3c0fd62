"""Each explorable of the book, once through: its controls by keyboard, its marks, what it asks."""

from unrolled import explore


def places(figure, control):
    """Keys for the element of a control that bring it to both ends, or to each of its choices."""
    root = figure.control(control.name)
    count = len(getattr(control, "values", ()))
    if root.locator("input[type=range]").count():
        yield root.locator("input[type=range]"), ["End", "Home"]
    elif root.locator("[role=radio]").count():
        yield root.locator("[role=radio][aria-checked=true]"), ["Home"]
        for i in range(count - 1):
            yield root.locator("[role=radio]").nth(i), ["ArrowRight"]
    elif root.locator("select").count():
        yield root.locator("select"), ["Home", *["ArrowDown"] * (count - 1)]
    elif root.locator("[role=switch]").count():
        yield root.locator("[role=switch]"), ["Space", "Enter"]
    else:
        field = root.locator("input")
        field.press("Control+A")
        yield field, ["z", *("abc" if "a" in control.letters else control.letters[:3])]


def meet_control(figure, control):
    """Press its keys. What was wrong on the way, and what was seen at each place."""
    figure.move(**figure.start)
    wrong, seen, reached = [], [figure.seen()], {figure.start[control.name]}
    for target, keys in places(figure, control):
        for key in keys:
            figure.press(target, key)
            wrong += figure.disagreements()
            seen.append(figure.seen())
            reached.add(figure.values[control.name])
    last = getattr(control, "span", None) or getattr(control, "values", None)
    ends = {last[0], last[1 if getattr(control, "span", None) else -1]} if last else set()
    if not ends <= reached:
        wrong.append(f"{control.name} reached only {reached}, not {ends}")
    if all(each == seen[0] for each in seen):
        wrong.append(f"{control.name} changes nothing")
    figure.root.evaluate("() => document.activeElement.blur()")
    figure.move(**figure.start)
    if parts := figure.differences(seen[0]):
        wrong.append(f"after {control.name} moved back, it shows other {parts}")
    return wrong


def meet_mark(figure, line):
    """Drag a mark past both sides of its chart, and move it by keys."""
    name, grip = line.get_attribute("data-mark"), line.locator(".grip")
    figure.move(**figure.start)
    grip.scroll_into_view_if_needed()
    seen, wrong = {figure.values[name]}, []
    for side in (-3000, 3000):
        box = grip.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        with figure.moves():
            figure.page.mouse.move(x, y)
            figure.page.mouse.down()
            figure.page.mouse.move(x + side, y + side)
            figure.page.mouse.up()
        seen.add(figure.values[name])
        wrong += figure.disagreements()
    figure.press(grip, *["ArrowLeft", "ArrowUp"])
    figure.press(grip, *["ArrowRight", "ArrowDown"])
    if len(seen) < 2:
        wrong.append(f"the mark of {name} moves nothing")
    return wrong


def meet_words(figure):
    """Press each story and each answer of the question, and compare with what Python sets."""
    wrong = []
    for story in figure.explorable.stories:
        button = figure.root.locator(".stories").get_by_role("button", name=story.name, exact=True)
        figure.press(button, "Enter")
        told = figure.root.locator(".watch").text_content()
        if (figure.values, told) != (figure.values | story.values, story.watch):
            wrong.append(f"{story.name} sets {figure.values} and says {told}")
        if button.get_attribute("aria-pressed") != "true":
            wrong.append(f"{story.name} does not look pressed")
        wrong += figure.disagreements()
    if question := figure.explorable.question:
        for i, choice in enumerate(question.choices):
            figure.move(**figure.start)
            button = figure.root.locator(".choices button").nth(i)
            figure.press(button, "Space")
            reply = question.reply(i)
            told = figure.root.locator(".reply").text_content()
            if (figure.values, told) != (figure.values | question.values, reply):
                wrong.append(f"{choice} sets {figure.values} and says {told}")
            wrong += figure.disagreements()
    return wrong


def test_it_opens_and_all_of_it_moves_and_shows_what_python_computes(met_in_turn, figure):
    opened = met_in_turn(figure)
    assert opened.start == opened.explorable.values
    opened.move(**opened.start)  # or an answer may still be hidden
    wrong = opened.disagreements()
    for control in opened.explorable.controls:
        wrong += meet_control(opened, control)
    for line in opened.root.locator("[data-mark]").all():
        wrong += meet_mark(opened, line)
    wrong += meet_words(opened)
    assert wrong == []
    assert opened.page.problems == []


def test_every_explorable_has_a_page(figures):
    shown = {place.partition("#")[2].rpartition("-")[0] for place in figures}
    assert shown <= set(explore.NAMES)
    if len(shown) > len(explore.NAMES) / 2:  # not in a part of the book
        assert shown == set(explore.NAMES)
