"""Compare what a cell prints as words and numbers: a tag `approx:0.05` lets numbers differ by 5 %.

Words, dates and times are compared as they are, and so are how many numbers there are and in which
order. White space is not, since a number that is one character longer moves the columns of a table.
"""

import re

TAG = "approx:"
LARGEST = 0.25
# A digit that belongs to a word is a part of it, as in `float64`, and so is the minus of a range.
NUMBER = re.compile(
    r"""(?<![\w.])(?:
    (?P<word> \d{4}-\d\d(?:-\d\d)? (?!\d) | \d{1,2}:\d\d(?::\d\d)? (?!\d) ) |
    (?P<number> (?:(?<![\w.)\]])[-+−])?
        (?: (?:\d{1,3}(?:,\d{3})+(?!\d) | \d+) (?:\.\d*)? | \.\d+ ) (?:[eE][-+]?\d+)? )
    )""",
    re.VERBOSE,
)


def tolerance(tags):
    """By which part of itself a number of a cell with these tags may differ, 0 if none says so.

    Raises ValueError, which names the tag, if that is not a number above 0 and at most LARGEST.
    """
    found = 0.0
    for tag in tags:
        if not tag.startswith(TAG):
            continue
        try:
            found = float(tag.removeprefix(TAG))
        except ValueError:
            found = float("nan")
        if not 0 < found <= LARGEST:
            raise ValueError(f"tag {tag}: {TAG}R wants a number R, 0 < R <= {LARGEST}")
    return found


def parts(text):
    """A text as (words, numbers), with n + 1 words, some of them empty, around n numbers."""
    words, numbers, end = [], [], 0
    for found in NUMBER.finditer(text):
        if found["number"]:
            words.append(text[end : found.start()])
            numbers.append(found["number"])
            end = found.end()
    return [*words, text[end:]], numbers


def agree(stored, fresh, part):
    """Whether two numbers, as they are printed, differ by at most a part of the stored one.

    Zero has no parts: it agrees with what is at most half of the last digit that is printed.
    """
    one, other = map(_value, (stored, fresh))
    if one and other:
        return abs(one - other) <= part * abs(one)
    steps = [_step(text) for text in (stored, fresh) if not _value(text) or "e" not in text.lower()]
    return abs(one - other) <= min(steps) / 2


def settled(stored, fresh, part):
    """The fresh text with stored numbers in place of those that agree with them.

    It equals the stored text if all of them do, and the words are the same. If they are not, the
    fresh text stays as it is.
    """
    (words, numbers), (others, news) = parts(stored), parts(fresh)
    if [word.split() for word in words] != [word.split() for word in others]:
        return fresh
    pairs = zip(numbers, news, strict=True)
    chosen = [old if agree(old, new, part) else new for old, new in pairs]
    return "".join(word + number for word, number in zip(words, [*chosen, ""], strict=True))


def settle(stored, fresh, part):
    """Put stored numbers in place of those that agree in the fresh outputs of a cell.

    Both are lists of outputs as a notebook has them; texts are compared kind by kind, in order.
    """
    kinds = {kind for _, _, kind in texts(stored)}
    for kind in kinds:
        pairs = (
            [(h, key) for h, key, k in texts(outputs) if k == kind] for outputs in (stored, fresh)
        )
        for (old, old_key), (new, key) in zip(*pairs, strict=False):  # nbval says if one is missing
            new[key] = settled(old[old_key], new[key], part)


def texts(outputs):
    """Every text of a cell's outputs: the dict that holds it, its key there, and its kind."""
    for output in outputs:
        if "text" in output:
            yield output, "text", output.get("name")
        for key, value in output.get("data", {}).items():
            if isinstance(value, str):
                yield output["data"], key, key


def _value(text):
    return float(text.replace(",", "").replace("−", "-"))


def _step(text):
    """What one more in the last digit of a printed number is worth."""
    mantissa, _, exponent = text.lower().partition("e")
    return 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
