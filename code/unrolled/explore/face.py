"""The HTML of an explorable: what its scripts find in a page, and what is left without them."""

import itertools
from html import escape

from unrolled.figures import page

_numbers = itertools.count(1)


def html(explorable):
    """A figure element with controls, panes, texts, caption, and the table as JSON."""
    name = f"{type(explorable).__name__.lower()}-{next(_numbers)}"
    panes, headings = [], []
    for pane in explorable.panes:
        content, title, alt = page.split(pane.to_plotly_json())
        content["data"] = [_unfilled(trace) for trace in content["data"]]
        panes.append(content)
        headings.append(page.pane_html(title, escape(alt or title)))
    controls = "".join(_control(name, s, explorable.values[s.name]) for s in explorable.sliders)
    spec = page.script(
        sliders=[[s.text(v) for v in s.values] for s in explorable.sliders],
        play=[s.play for s in explorable.sliders],
        panes=panes,
        **explorable.table().packed(),
    )
    return (
        f'<figure class="unrolled-figure explorable" id="{name}" role="group" '
        f'aria-label="{escape(explorable.title)}" aria-describedby="{name}-alt">'
        f'<div class="controls" hidden>{controls}</div>'
        f'<div class="panes" style="--panes:{len(panes)}">{"".join(headings)}</div>'
        f"{words_html(explorable.result, explorable.texts)}"
        f'<p class="visually-hidden" role="status"></p>'
        f"<figcaption>{escape(explorable.caption)}</figcaption>"
        f'<p class="alternative" id="{name}-alt">{escape(explorable.alt)}</p>'
        f"{spec}</figure>"
    )


def words_html(result, keys):
    """The texts of a result, one line each."""
    lines = (f'<p data-text="{key}">{escape(result[key])}</p>' for key in keys)
    return f'<div class="words">{"".join(lines)}</div>'


def _unfilled(trace):
    """A trace without the attributes that the table fills."""
    return {key: value for key, value in trace.items() if key not in trace.get("meta", {})}


def _control(name, slider, value):
    index, text = slider.values.index(value), escape(slider.text(value))
    identity = f"{name}-{slider.name}"
    play = '<button type="button" class="play">Play</button>' if slider.play else ""
    return (
        f'<div class="control" data-slider="{slider.name}">'
        f'<label for="{identity}">{escape(slider.label)}</label>'
        f'<output for="{identity}">{text}</output>'
        f'<input type="range" id="{identity}" min="0" max="{len(slider.values) - 1}" step="1" '
        f'value="{index}" aria-valuetext="{text}" autocomplete="off">{play}</div>'
    )
