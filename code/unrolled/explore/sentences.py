"""Facts become sentences here and nowhere else. The page's twin is web/sentences.js.

A template is a text with fields, such as "after {steps} steps {share:.3g} is left"; a list of
templates, which are joined by spaces; or a dict {fact: {its value: template}}, which chooses. A
field is a fact or another template by its name. After the colon stands a format of Python's, or
"sci" for a number given as its logarithm to base 10, or "step|steps" for a word in singular and
plural.
"""

import re

NOTHING = -300  # the logarithm of what is written as 0
FIELD = re.compile(r"\{(\w+)(?::([^}]*))?\}")


def say(template, facts, templates=None):
    """The sentence of a template.

    Raises KeyError if it names a fact that is not there, or has no case for a value.
    """
    templates = templates or {}
    if isinstance(template, list | tuple):
        parts = (say(part, facts, templates) for part in template)
        return " ".join(filter(None, parts))
    if isinstance(template, dict):
        ((fact, cases),) = template.items()
        return say(cases[_word(facts[fact])], facts, templates)

    def field(match):
        name, spec = match[1], match[2] or ""
        if name not in facts:
            return say(templates[name], facts, templates)
        value = facts[name]
        if "|" in spec:
            return spec.split("|")[value != 1]
        return _word(value) if isinstance(value, str | bool) else number(value, spec)

    return FIELD.sub(field, template)


def number(value, spec=""):
    """A number by a format of Python's, or by "sci", with a minus sign."""
    if spec == "sci":
        text = scientific(value)
    elif not spec and value == int(value):
        text = f"{int(value)}"
    else:
        text = format(value, spec or "g")
    return text.replace("-", "−") if text.startswith("-") and text.count("-") == 1 else text


def scientific(log10):
    """The number whose logarithm is `log10`, in two digits."""
    if log10 <= NOTHING:
        return "0"
    if -3 <= log10 < 3:
        return f"{10**log10:.2g}" if log10 < 2 else f"{10**log10:.0f}"
    mantissa, exponent = f"{10.0**log10:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def _word(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else f"{value:g}"
