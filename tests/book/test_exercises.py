import re
from pathlib import Path

import nbformat
from unrolled import exercises as package
from unrolled.exercises import checking

BOOK = Path(package.__file__).parents[3] / "book"
FIRST = nbformat.read(sorted(BOOK.glob("*.ipynb"))[0], as_version=4)
DETAILS = re.compile(r"<details><summary>([^\n]+)</summary>\n\n(.+?)\n\n</details>", re.DOTALL)


def numbered(chapter, pattern):
    """The markdown cells of a chapter whose whole id matches."""
    return [cell for cell in chapter.prose if re.fullmatch(pattern, cell.id)]


def exercises(chapter):
    """(question, answer cell, solution) for every exercise."""
    cells = {cell.id: cell for cell in chapter.cells}
    return [
        (cell, cells.get(f"{cell.id}-answer"), cells.get(f"{cell.id}-solution"))
        for cell in numbered(chapter, r"ex-\d+")
    ]


def last_text(cell):
    """What the last output of a cell says."""
    output = cell.outputs[-1]
    return output.get("text") or output["data"]["text/plain"]


def module_of(chapter):
    """The name of the module that holds the chapter's checks."""
    answers = [answer.source for _, answer, _ in exercises(chapter)]
    prefixes = {re.search(r'check\("([a-z0-9-]+)-\d+", answer\)', a)[1] for a in answers}
    assert len(prefixes) == 1, prefixes
    return prefixes.pop().replace("-", "_")


def test_a_chapter_has_three_to_five_exercises_numbered_in_order(chapter):
    numbers = [question.id for question, _, _ in exercises(chapter)]
    assert 3 <= len(numbers) <= 5
    assert numbers == [f"ex-{n}" for n in range(1, len(numbers) + 1)]


def test_an_exercise_says_its_number_its_kind_and_what_the_answer_is(chapter):
    for question, _, _ in exercises(chapter):
        number = question.id.removeprefix("ex-")
        assert re.match(rf"\*\*{number} \((Predict|Change|Derive)\)\.\*\* ", question.source), (
            question.id
        )
        assert "`answer` " in question.source, question.id


def test_every_kind_of_exercise_occurs(chapter):
    kinds = {
        re.search(r"Predict|Change|Derive", q.source).group() for q, _, _ in exercises(chapter)
    }
    assert kinds == {"Predict", "Change", "Derive"}


def test_an_exercise_has_two_hints_or_more_in_steps(chapter):
    for question, _, _ in exercises(chapter):
        hints = [title for title, _ in DETAILS.findall(question.source)]
        assert len(hints) >= 2, question.id
        assert hints == [f"Hint {n}" for n in range(1, len(hints) + 1)], question.id


def test_an_exercise_is_followed_by_a_place_for_the_answer_and_the_solution_folded(chapter):
    ids = [cell.id for cell in chapter.cells]
    for question, answer, solution in exercises(chapter):
        at = ids.index(question.id)
        assert ids[at + 1 : at + 3] == [f"{question.id}-answer", f"{question.id}-solution"]
        assert answer.metadata.tags == ["remove-cell"]
        assert solution.metadata.tags == ["hide-cell"]
        assert solution.source.startswith("# @title Solution\n")
        assert solution.cell_type == answer.cell_type == "code"


def test_an_answer_cell_waits_for_the_reader(chapter):
    for question, answer, _ in exercises(chapter):
        lines = answer.source.splitlines()
        assert lines[0] == "answer = ...", question.id
        assert len(lines) == 2, question.id
        assert "no answer yet" in last_text(answer), question.id


def test_every_solution_ends_in_the_readers_check_which_nbval_runs_and_stores_no_answer(chapter):
    for question, answer, solution in exercises(chapter):
        name = re.search(r'"(.+)"', answer.source)[1]
        number = question.id.removeprefix("ex-")
        assert name == f"{module_of(chapter)}-{number}".replace("_", "-")
        assert re.search(rf'\ncheck\(\s*"{name}"', solution.source), question.id
        assert solution.outputs == [], question.id


def test_a_chapter_and_a_module_have_the_same_exercises(chapter):
    names = [f"{module_of(chapter)}-{n}" for n, _ in enumerate(exercises(chapter), 1)]
    assert list(checking.exercises(module_of(chapter))) == [n.replace("_", "-") for n in names]


def test_only_solutions_are_folded_and_only_answers_removed(chapter):
    for tag, ending in (("hide-cell", "solution"), ("remove-cell", "answer")):
        tagged = [cell.id for cell in chapter.code if tag in cell.metadata.get("tags", [])]
        assert tagged == [f"{question.id}-{ending}" for question, _, _ in exercises(chapter)]


def test_the_exercises_stand_between_the_questions_and_the_summary(chapter):
    ids = [cell.id for cell in chapter.cells]
    headings = [
        line
        for cell in chapter.prose
        for line in cell.source.splitlines()
        if line.startswith("## ")
    ]
    assert headings[-3:] == ["## Questions", "## Exercises", "## Summary"]
    order = ["questions", "quiz-1", "exercises", "exercises-check", "ex-1", "summary"]
    places = [ids.index(name) for name in order]
    assert places == sorted(places)
    assert places[-1] == len(ids) - 1


def test_the_exercises_open_alike_everywhere(chapter):
    cells = {cell.id: cell.source for cell in chapter.cells}
    first = {cell.id: cell.source for cell in FIRST.cells}
    for name in ("exercises", "exercises-check"):
        assert cells[name] == first[name]


def test_three_questions_or_more_have_one_right_choice_and_say_why_the_others_are_wrong(chapter):
    quizzes = numbered(chapter, r"quiz-\d+")
    assert len(quizzes) >= 3
    for n, quiz in enumerate(quizzes, 1):
        assert quiz.id == f"quiz-{n}"
        assert re.match(rf"\*\*{n}\.\*\* [^<]+\?\n\n<details>", quiz.source), quiz.id
        choices = DETAILS.findall(quiz.source)
        assert 3 <= len(choices) == quiz.source.count("<details>"), quiz.id
        right = [said.startswith("Yes. ") for _, said in choices]
        assert sum(right) == 1, quiz.id
        assert all(said.startswith(("Yes. ", "No. ")) for _, said in choices), quiz.id
        assert all(len(said) > 30 for _, said in choices), quiz.id
        assert all("$" not in title and "`" not in title for title, _ in choices), quiz.id


def test_the_right_choice_is_not_always_in_the_same_place(chapter):
    places = {
        [said[:3] for _, said in DETAILS.findall(quiz.source)].index("Yes")
        for quiz in numbered(chapter, r"quiz-\d+")
    }
    assert len(places) > 1
