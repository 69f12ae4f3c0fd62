"""What the explorables say, in English: for each, its templates by name (see sentences.py).

Another language needs these files in its own words, and nothing else.
"""

from . import (
    forward_and_back,
    front_page,
    libraries,
    practice,
    recurrence,
    words_and_gates,
    writing,
)

TEMPLATES = (
    front_page.TEMPLATES
    | forward_and_back.TEMPLATES
    | words_and_gates.TEMPLATES
    | libraries.TEMPLATES
    | practice.TEMPLATES
    | recurrence.TEMPLATES
    | writing.TEMPLATES
)
