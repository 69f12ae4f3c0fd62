"""Facts become sentences here and nowhere else. The page's twin is web/sentences.js.

A template is a text with fields, such as "after {steps} steps {share:.3g} is left"; a list of
templates, which are joined by spaces; or a dict {fact: {its value: template}}, which chooses. A
field is a fact or another template by its name. After the colon stands a format of Python's, or
"sci" for a number given as its logarithm to base 10, or "step|steps" for a word in singular and
plural.
"""

import re

NOTHING = -300  # the logarithm of what is written as 0
POWER = re.compile(r"e([+-]\d+)$")
NEGATIVE_ZERO = re.compile(r"^-(?=[0.]+%?$)")
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
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
    """A number by a format of Python's, or by "sci", with a minus sign and powers of ten."""
    if spec == "sci":
        text = scientific(value)
    elif not spec and value == int(value):
        text = f"{int(value)}"
    else:
        text = format(value, spec or "g")
    return POWER.sub(_power, NEGATIVE_ZERO.sub("", text)).replace("-", "−")


def scientific(log10):
    """The number whose logarithm is `log10`, in two digits."""
    if log10 <= NOTHING:
        return "0"
    if -3 <= log10 < 3:
        return f"{10**log10:.2g}" if log10 < 2 else f"{10**log10:.0f}"
    return f"{10.0**log10:.1e}"


def _power(match):
    """The power of ten of "1.5e-06", with spaces that do not break."""
    return "\u00a0×\u00a010" + f"{int(match[1])}".translate(RAISED)


def _word(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else f"{value:g}"
