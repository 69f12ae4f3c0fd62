"""Every word that a reader or a contributor meets is in an American dictionary or in words.txt."""

import ast
import builtins
import json
import re
from collections import defaultdict
from pathlib import Path

import pytest
from hunspell import Hunspell

ROOT = Path(__file__).parents[2]
LIST = Path(__file__).with_name("words.txt")
OWN = set(LIST.read_text().split("\n")) - {""}
DICTIONARY = Hunspell("en_US")
KINDS = (".ipynb", ".md", ".py", ".svg", ".js", ".css", ".bib")

# What is no prose: code, formulas, links' targets, tags, and names of parameters in docstrings.
CODE = re.compile(
    r"```(?!\{glossary).*?```|`+[^`]+`+|\$\$.*?\$\$|\$[^$\n]*\$|\]\([^)]*\)|https?://\S+|<[^>]*>|"
    r"^ *[\w, *]+ : |^(?:from|import) .*?$|\{[^}]*\}|[\w,]+=\S+",
    re.DOTALL | re.MULTILINE,
)
# A run of letters between spaces and signs. What has a digit, an underscore, a point or a capital
# inside is a name or an abbreviation.
TOKEN = re.compile(r"[^\s(){}\[\],;:!?\"“”…=|<>+*]+")
NAME = re.compile(r"[\d_@\\~^]|(?:\w|^)[.]\w|^--?[a-z]")
WORD = re.compile(r"[A-Za-zÀ-ÿ][a-zà-ÿ]+(?:'[a-z]+)?")
COMMENT = re.compile(r"(?:^|\s)#+ (?!noqa)(.*)$", re.MULTILINE)
SCRIPT_COMMENT = re.compile(r"/\*.*?\*/|(?<!:)// [^\n]*", re.DOTALL)


def words(text):
    """The words of a text, without its code."""
    for token in TOKEN.findall(CODE.sub(" ", text)):
        for part in [] if NAME.search(token) else re.split("[-/–—]", token):
            word = part.replace("’", "'").strip(".'‘&%").removesuffix("'s")
            if len(word) > 2 and WORD.fullmatch(word):
                yield word


def is_known(word):
    """Whether a word is in the dictionary or, as written or in small letters, in our list."""
    return word in OWN or word.lower() in OWN or DICTIONARY.spell(word)


def of_python(source, *, strings=True):
    """Comments, docstrings, and, if asked for, strings of three words and more.

    They may speak of the names of the code beside them, so these are taken out.
    """
    tree = ast.parse(re.sub(r"^( *)%.*", r"\1pass", source, flags=re.MULTILINE))
    nodes = list(ast.walk(tree))
    texts = COMMENT.findall(source)
    for node in nodes:
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            texts.append(ast.get_docstring(node) or "")
    if strings:
        texts += strings_of(tree)
    names = {name for node in nodes for name in names_of(node)} | set(dir(builtins))
    return [re.sub(r"\w+", lambda m: "" if m[0] in names else m[0], text) for text in texts]


def strings_of(node):
    """The strings of three words and more below a node, with 0 where an f-string is filled."""
    if isinstance(node, ast.JoinedStr):
        parts = (getattr(part, "value", None) for part in node.values)
        text = "".join(part if isinstance(part, str) else "0" for part in parts)
    elif isinstance(node, ast.Constant):
        text = node.value if isinstance(node.value, str) else ""
    else:
        return [text for child in ast.iter_child_nodes(node) for text in strings_of(child)]
    return [text] if len(text.split()) > 2 and "\\" not in text else []


def names_of(node):
    """The names that a node of a syntax tree holds: variables, attributes, modules, keys."""
    fields = ("id", "arg", "attr", "name", "module", "value")
    found = (getattr(node, field, None) for field in fields)
    return {n for name in found if isinstance(name, str) for n in name.split(".") if n.isalnum()}


def of_chapter(path):
    """(cell, text) of a notebook: prose, and in code the comments and strings."""
    for cell in json.loads(path.read_text())["cells"]:
        source = "".join(cell["source"])
        texts = [source] if cell["cell_type"] == "markdown" else of_python(source)
        yield from ((f"cell {cell['id']}", text) for text in texts)


def of_other(path):
    """Texts of a file by its kind: a page, a diagram, a script, a bibliography, settings."""
    text = path.read_text()
    match path.suffix:
        case ".md":
            return [text]
        case ".py":
            return of_python(text, strings="tests" not in path.parts)
        case ".svg":
            return re.findall(r">([^<>]+)</(?:text|tspan|title|desc)>", text)
        case ".js" | ".css":
            return SCRIPT_COMMENT.findall(text)
        case ".bib":
            return [re.sub("[{}]", "", t) for t in re.findall(r"^ *title = (.*),$", text, re.M)]
        case _:
            return COMMENT.findall(text)


def sources():
    """The files of the project in which somebody reads words."""
    for pattern in (
        "*.md",
        "_config.yml",
        "pyproject.toml",
        "Makefile",
        "data/README.md",
        "tests/README.md",
    ):
        yield from ROOT.glob(pattern)
    for folder in ("book", "code", "tests", "benchmarks"):
        for path in (ROOT / folder).rglob("*.*"):
            if path.suffix in KINDS and not {".ipynb_checkpoints", "node_modules"} & {*path.parts}:
                yield path


@pytest.fixture(scope="module")
def found():
    """Where each word stands: {word: {places}}."""
    places = defaultdict(set)
    for path in sources():
        name = str(path.relative_to(ROOT))
        texts = of_chapter(path) if path.suffix == ".ipynb" else [("", t) for t in of_other(path)]
        for cell, text in texts:
            for word in words(text):
                places[word].add(f"{name} {cell}".strip())
    return places


def test_every_word_is_in_the_dictionary_or_in_our_list(found):
    unknown = [f"{word}: {sorted(found[word])}" for word in sorted(found) if not is_known(word)]
    remedy = f"If a word is right, it needs its line in {LIST.relative_to(ROOT)}, in order:"
    assert not unknown, "\n".join([remedy, *unknown])


def test_our_list_is_sorted_and_every_word_of_it_is_used_and_in_no_dictionary(found):
    assert sorted(OWN, key=lambda word: (word.lower(), word)) == LIST.read_text().split()
    used = set(found) | {word.lower() for word in found}
    assert sorted(OWN - used) == []
    assert [word for word in sorted(OWN) if DICTIONARY.spell(word)] == []


def test_words_are_found_in_prose_and_not_in_code():
    text = "The gradeint of `W_xh`, $\\alpha$ and x_t isn’t [here](there.md): Elman's, 3rd, LSTMs."
    assert list(words(text)) == ["The", "gradeint", "and", "isn't", "here", "Elman"]
    source = "\n".join(['"""Teh first."""', 'x = "a secnod string"', "# a thrid x"])
    assert list(of_python(source)) == ["a thrid ", "Teh first.", "a secnod string"]
    assert list(of_python('f"{x}.npz of {y} things"')) == ["", "0.npz of 0 things"]


@pytest.mark.parametrize("word", ["gradeint", "recieve", "colour", "behaviour", "Keras's"])
def test_a_misspelled_and_a_british_word_are_unknown(word):
    assert not is_known(word)
