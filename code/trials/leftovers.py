"""What no page should say outside of code: leftovers of markup, TeX and Python."""

import re

TEX = {"a dollar sign": r"\$", "a backslash": r"\\"}
LEFTOVERS = TEX | {
    "a stray star": r"\*\*|(?<![\w*])\*\w",
    "a backtick": "`",
    "a raw role, or braces": r"[{}]|(?<!\w):[a-z:-]+:(?!\w)|:::",
    "a raw link, list, heading or table": r"\]\(|\[\^|^#{1,6} |(?<=\n)(?:[-+>]|\d+\.) |^\|.*\|",
    "a tag or an entity": r"</?[a-z][^<>]*>|&#?\w+;",
    "a number that is none": r"(?<![\w-])(?:nan|NaN|undefined|null|inf)(?![\w-])",
    "None": r"(?<![.?!] )(?<!^)\bNone\b|\ANone\Z",  # it may begin a sentence
    "the repr of an object": r"\[object |\barray\(|\bdtype=|<\w+[ .]|\bat 0x|\bnp\.\w+\(",
    "a name that Plotly gave": r"\btrace \d|Click to enter",
    # "Attention is not not explanation" is a title.
    "a word twice": r"(?i:(?<![\w-])(?!not not explanation)([^\W\d_]+)\s+\1(?![\w-]))",
}
MEANT = {  # twice, as English has it, or because the words are data
    "had had",
    "that that",
    "hundred hundred",  # what the counting model of chapter 8 writes
}
REPR = r"<\S+ .*?at 0x[0-9a-f]+>"


def faults(texts, patterns):
    """Where texts, (place, text) each, hold what a reader should not see: one line for each."""
    return [
        f"{what} in {place}: …{text[max(found.start() - 40, 0) : found.end() + 40]}…"
        for place, text in texts
        for what, pattern in patterns.items()
        for found in re.finditer(pattern, text, re.MULTILINE)
        if " ".join(found[0].lower().split()) not in MEANT
    ]
