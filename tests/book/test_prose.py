import re
from pathlib import Path

import nbformat
import pytest
import yaml

BOOK = Path(__file__).parents[2] / "book"
PAGES = sorted([*BOOK.glob("*.md"), *BOOK.parent.glob("*.md")])

BRITISH = (
    r"\w*(?:behaviour|colour|favour|honour|labour|neighbour|flavour)\w*|"
    r"\w*(?:organis|initialis|normalis|generalis|optimis|visualis|realis|recognis|summaris|"
    r"minimis|maximis|parametris|regularis|memoris|stabilis|utilis|specialis|emphasis[ei])"
    r"(?:e|es|ed|er|ers|ing|ation|ations)\b|"
    r"analys(?:e|ed|ing)\b|cent(?:re|red|res)\b|(?:travell|modell|labell|cancell|signall)\w+|"
    r"\bgre(?:y|yer|ys)\b|learnt|whilst|amongst|towards|catalogue|programme\b|defence|licence"
)
# A surname, perhaps followed by others or by "et al.", then a year in or after a parenthesis.
NAME = r"[A-Z][\w’'-]*[a-z]"
CITATION = (
    rf"({NAME})(?:, {NAME})*(?:,? and {NAME}|,? et al\.| and colleagues)?,? "
    r"(?:\()?((?:18|19|20)\d\d)[a-z]?[,);]"
)


def without_code(markdown):
    """Markdown without code, formulas and images' syntax; what an image says stays."""
    for pattern in (r"```.*?```", r"`[^`]*`", r"\$\$.*?\$\$", r"\$[^$\n]*\$", r"\]\([^)]*\)"):
        markdown = re.sub(pattern, " ", markdown, flags=re.DOTALL)
    return markdown.replace("![", "")


def joined(markdown):
    """Displayed formulas beside a line of text, which a page takes for a part of that line."""
    blocks = re.finditer(r"\$\$.*?\$\$", markdown, re.DOTALL)
    return [
        block[0]
        for block in blocks
        if not re.search(r"(?:\A|\n\n)\Z", markdown[: block.start()])
        or not re.match(r"\Z|\n\n", markdown[block.end() :])
    ]


def prose(chapter):
    return [(cell.id, without_code(cell.source)) for cell in chapter.prose]


def bibliography():
    """(surname of the first author, year) of every entry."""
    text = (BOOK / "references.bib").read_text()
    plain = str.maketrans({"{": "", "}": "", "\\": "", "'": "", '"': ""})
    known = set()
    for entry in re.split(r"\n(?=@)", text):
        authors = re.search(r"author\s*=\s*[{\"](.+?)[}\"],?\n", entry, re.DOTALL)
        year = re.search(r"year\s*=\s*[{\"]?(\d{4})", entry)
        if authors and year:
            known.add((authors.group(1).split(",")[0].translate(plain), year.group(1)))
    return known


def test_the_words_and_the_citations_are_found_where_they_are():
    assert re.search(BRITISH, "we analyse", re.IGNORECASE)
    assert re.search(BRITISH, "Initialisation", re.IGNORECASE)
    assert not re.search(BRITISH, "analysis, organism, gray colors, behavior, realistic, emphasis")
    found = re.findall(CITATION, "(Elman, 1990) and Werbos (1990), Bai, Kolter and Koltun (2018).")
    assert found == [("Elman", "1990"), ("Werbos", "1990"), ("Bai", "2018")]
    assert re.findall(CITATION, "(LeCun et al., 1998), since 1919 (in 1700).") == [
        ("LeCun", "1998")
    ]


def test_a_chapter_opens_with_its_title_and_a_promise_of_one_sentence(chapter):
    title, blank, promise = chapter.cells[0].source.splitlines()
    assert chapter.cells[0].cell_type == "markdown"
    number = int(chapter.path.stem[:2])
    assert re.fullmatch(rf"# {number}\. \w.*[\w?]", title), "make tidy writes the number"
    assert not blank
    assert re.fullmatch(r"\*[A-Z][^.!?*]*\.\*", promise)
    assert not any(cell.source.startswith("# ") for cell in chapter.prose[1:])


def test_the_summary_has_three_to_five_sentences(chapter):
    summary = chapter.cells[-1].source.split("\n", 1)[1]
    sentences = re.findall(r"[.?](?=\s|$)", without_code(summary))
    assert 3 <= len(sentences) <= 5


def test_every_citation_is_in_the_bibliography(chapter):
    for name, text in prose(chapter):
        for surname, year in re.findall(CITATION, text):
            assert (surname, year) in bibliography(), f"{surname} {year} in {name}"


def test_every_entry_of_the_bibliography_is_cited_in_a_chapter():
    cited = set()
    for path in BOOK.glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                cited.update(re.findall(CITATION, without_code(cell.source)))
    assert bibliography() - cited == set()


def test_every_image_exists_and_is_described(chapter):
    for cell in chapter.prose:
        for alt, target in re.findall(r"!\[(.*?)\]\((.*?)\)", cell.source, re.DOTALL):
            assert (BOOK / target).is_file(), target
            assert len(alt) > 40, f"{target} in {cell.id}"
            assert alt.endswith("."), f"{target} in {cell.id}"
        assert "<img" not in cell.source


def test_a_number_of_three_digits_in_the_prose_was_printed_before(chapter):
    printed = ""
    for path in sorted(BOOK.glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                texts = (o.get("text") or o.data.get("text/plain", "") for o in cell.outputs)
                printed += "\n".join([cell.source, *texts, ""])
            elif path == chapter.path:
                for number in re.findall(r"\d+\.\d+", without_code(cell.source)):
                    digits = number.replace(".", "").lstrip("0")
                    assert len(digits) < 3 or number in printed, f"{number} in {cell.id}"
        if path == chapter.path:
            break


def test_the_spelling_is_american(chapter):
    for name, text in prose(chapter):
        assert not re.findall(BRITISH, text, re.IGNORECASE), name


def test_nobody_shouts(chapter):
    for name, text in prose(chapter):
        assert "!" not in text, name


def test_mathematics_reads_well_in_jupyterlab_and_colab_too(chapter):
    for cell in chapter.prose:
        assert not re.search(r"```\{|:::|\{(?:math|eq|numref|cite)[a-z:]*\}`", cell.source), cell.id
        assert cell.source.count("$$") % 2 == 0, cell.id
        assert joined(cell.source) == [], cell.id


def test_a_formula_that_is_joined_to_a_line_of_text_is_found():
    assert joined("so\n$$a$$\n\n$$b$$") == ["$$a$$"]
    assert joined("so\n\n$$a\n= b$$\nand") == ["$$a\n= b$$"]
    assert joined("so $$a$$.") == ["$$a$$"]
    assert joined("$$a$$\n\nso $b$\n\n$$a\n= b$$") == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_beside_the_chapters_are_american_and_calm_too(page):
    text = without_code(page.read_text())
    assert not re.findall(BRITISH, text, re.IGNORECASE)
    assert "!" not in text


def listed(contents):
    """The files that a table of contents names, in order."""
    if isinstance(contents, list):
        return [name for entry in contents for name in listed(entry)]
    own = [contents[key] for key in ("root", "file") if key in contents]
    return own + [n for k in ("parts", "chapters", "sections") for n in listed(contents.get(k, []))]


def test_the_table_of_contents_lists_every_page_and_the_chapters_in_order():
    files = listed(yaml.safe_load((BOOK / "_toc.yml").read_text()))
    pages = [path.stem for path in BOOK.iterdir() if path.suffix in (".md", ".ipynb")]
    assert sorted(files) == sorted(pages)
    chapters = [name for name in files if name[0].isdigit()]
    assert chapters == sorted(chapters)
    assert all(name.startswith(f"{n:02d}-") for n, name in enumerate(chapters, 1))
