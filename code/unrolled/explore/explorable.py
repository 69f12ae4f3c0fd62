"""A figure that a reader drives: controls, panes, stories, and a function from values to an answer.

A subclass declares them; nothing is drawn or computed before it is shown or asked. The view is
written once, in unrolled/web, and asks for answers: of the kernel in a notebook, in a page of a
table, or of the engine's twin where the class has `constants`.
"""

from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from unrolled.figures import page
from unrolled.figures.audience import audience

from . import face, live
from .sentences import say
from .table import Table
from .templates import TEMPLATES


class Answer(NamedTuple):
    """What an explorable shows at one setting: arrays that are drawn, facts, and the sentences."""

    arrays: dict
    facts: dict
    sentences: dict

    def __str__(self):
        return "\n".join(self.sentences.values())


class Setting:
    """A control of one explorable: `value` reads it, and sets it and redraws."""

    def __init__(self, explorable, control, value):
        self._explorable, self.control = explorable, control
        self._value = _checked(control, value)

    @property
    def value(self):
        """Where the control stands. Raises ValueError if it is set to where it cannot."""
        return self._value

    @value.setter
    def value(self, value):
        self._value = _checked(self.control, value)
        self._explorable._show()


class Explorable:
    """A function drawn in panes that its controls drive.

    A subclass declares the attributes below, and two functions, written without `self`:

    compute(**values)
        One keyword argument per control; returns a dict. Arrays (of at most two axes, of the same
        shape everywhere; NaN is not drawn) fill the panes; numbers and texts are facts.
    panes()
        A list of Plotly figures and of `figures.network` diagrams that name these arrays.

    Where a page should compute, `constants()` returns the arrays that the twin in web/engines.js,
    of the same name as the class, is made from.

    The controls are attributes: `explorable.gain.value = 1.2` moves a slider and redraws.
    """

    title = caption = alt = ""  # a caption is a template, like the sentences
    controls = ()
    lines = ("verdict",)  # the sentences to show, in order
    stories = ()
    question = None
    constants = None
    bands = None  # arrays that go around others, which a page's table need not hold: see Table

    def __init_subclass__(cls):
        for name in ("compute", "panes", "constants"):
            if callable(function := vars(cls).get(name)):
                setattr(cls, name, staticmethod(function))

    def __init__(self, **start):
        names = [control.name for control in self.controls]
        if unknown := start.keys() - set(names):
            raise TypeError(
                f"{type(self).__name__} has the controls {names}; got {sorted(unknown)}"
            )
        for control in self.controls:
            value = start.get(control.name, control.start)
            setattr(self, control.name, Setting(self, control, value))

    @property
    def sentences(self):
        """The templates of this explorable: name -> template."""
        return TEMPLATES.get(type(self).__name__, {})

    @property
    def values(self):
        """The value of each control, a dict."""
        return {control.name: getattr(self, control.name).value for control in self.controls}

    def at(self, **values):
        """The `Answer` with some controls at other values. The figure stays where it is.

        Raises ValueError if a value is not on its control, or an answer cannot be shown.
        """
        for name, value in values.items():
            _checked(getattr(self, name).control, value)
        values = self.values | values
        arrays, facts = parted(self.compute(**values))
        known = values | facts
        return Answer(
            arrays, facts, {n: say(self.sentences[n], known, self.sentences) for n in self.lines}
        )

    @property
    def answer(self):
        """The `Answer` where the controls stand."""
        values = self.values
        if getattr(self, "_answered", (None,))[0] != values:
            self._answered = values, self.at()
        return self._answered[1]

    @property
    def facts(self):
        """Numbers and words of the present answer."""
        return self.answer.facts

    @property
    def arrays(self):
        """The arrays of the present answer."""
        return self.answer.arrays

    def table(self):
        """The function over the whole grid, as a `Table`.

        Raises ValueError if a control has no list of its values.
        """
        if free := [c.name for c in self.controls if not len(getattr(c, "values", ()))]:
            raise ValueError(
                f"there is no table over {free}: the page needs constants() and a twin"
            )
        grid = {control.name: control.values for control in self.controls}
        return Table.of(lambda **values: parted(self.compute(**values)), grid, self.bands)

    def save(self, path):
        """Write a page that stands alone: one HTML file, about 2 MB, that needs no network."""
        html = page.document(type(self).__name__, face.html(self))
        Path(path).write_text(html, encoding="utf-8")

    def spec(self):
        """All that the view needs but the answers, for JSON."""
        return {
            "name": type(self).__name__,
            "title": self.title,
            "alt": self.alt,
            "controls": [c.packed() | {"start": self.values[c.name]} for c in self.controls],
            "panes": [face.pane(pane) for pane in self.panes()],
            "lines": list(self.lines),
            "sentences": {**self.sentences, "caption": self.caption},
            "stories": [story._asdict() for story in self.stories],
            "question": self.question and self.question.packed(),
        }

    @cached_property
    def live(self):
        """Its widgets in a live kernel."""
        return live.Live(self)

    def take(self, values):
        """Set all controls at once, as a view does. Raises ValueError as `value` does."""
        for name, value in values.items():
            setting = getattr(self, name)
            setting._value = _checked(setting.control, value)

    def _show(self):
        if "live" in self.__dict__:
            self.live.show()

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {"text/plain": repr(self)}
        match audience():
            case "page":
                bundle["text/html"] = face.html(self)
            case "export":
                bundle["text/html"] = page.standalone(face.html(self))
            case "live":
                model_id = self.live.view.model_id
                bundle["text/html"] = face.still(self)  # for who opens the notebook elsewhere
                bundle[live.MIME] = {"version_major": 2, "version_minor": 0, "model_id": model_id}
        return bundle

    def __repr__(self):
        shown = (f"{c.name}={c.text(self.values[c.name])}" for c in self.controls)
        return f"{type(self).__name__}({', '.join(shown)})"


def parted(result):
    """The arrays and the facts of what a `compute` returned.

    Raises ValueError if a fact is no finite number, text or bool, or an array is infinite.
    """
    arrays, facts = {}, {}
    for key, value in result.items():
        if isinstance(value, np.ndarray):
            if value.ndim not in (1, 2) or np.isinf(value).any():
                raise ValueError(f"{key!r} must have one or two axes and no infinities")
            arrays[key] = np.asarray(value, float)
        elif isinstance(value, str | bool | np.bool_):
            facts[key] = bool(value) if isinstance(value, np.bool_) else value
        elif np.isscalar(value) and np.isfinite(value):
            facts[key] = value.item() if hasattr(value, "item") else value
        else:
            raise ValueError(f"{key!r} must be an array, a finite number or a text; got {value!r}")
    return arrays, facts


def _checked(control, value):
    """The control's own form of a value: a view says 1 where the control has 1.0."""
    if refusal := control.refusal(value):
        raise ValueError(refusal)
    own = next((own for own in getattr(control, "values", ()) if own == value), value)
    return own.item() if hasattr(own, "item") else own
