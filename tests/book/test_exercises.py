import re


def exercises(chapter):
    """(question, the cell after it) for every exercise."""
    pairs = zip(chapter.cells, [*chapter.cells[1:], None], strict=True)
    return [(cell, after) for cell, after in pairs if re.fullmatch(r"ex-\d+", cell.id)]


def last_text(cell):
    """What the last output of a cell says."""
    output = cell.outputs[-1]
    return output.get("text") or output["data"]["text/plain"]


def test_a_chapter_has_three_to_five_exercises_numbered_in_order(chapter):
    numbers = [question.id for question, _ in exercises(chapter)]
    assert 3 <= len(numbers) <= 5
    assert numbers == [f"ex-{n}" for n in range(1, len(numbers) + 1)]


def test_an_exercise_says_its_number_and_its_kind(chapter):
    for question, _ in exercises(chapter):
        assert question.cell_type == "markdown"
        number = question.id.removeprefix("ex-")
        assert re.match(rf"\*\*{number} \((Predict|Change|Derive)\)\.\*\* ", question.source), (
            question.id
        )


def test_every_kind_of_exercise_occurs(chapter):
    kinds = {re.search(r"Predict|Change|Derive", q.source).group() for q, _ in exercises(chapter)}
    assert kinds == {"Predict", "Change", "Derive"}


def test_every_exercise_is_followed_by_its_solution_folded(chapter):
    for question, solution in exercises(chapter):
        assert solution.id == f"{question.id}-solution"
        assert solution.cell_type == "code"
        assert solution.metadata.tags == ["hide-cell"]
        assert solution.source.startswith("# @title Solution\n")
    solutions = [cell.id for cell in chapter.cells if cell.id.endswith("-solution")]
    assert len(solutions) == len(exercises(chapter))


def test_only_solutions_are_folded(chapter):
    folded = [cell.id for cell in chapter.code if "hide-cell" in cell.metadata.get("tags", [])]
    assert folded == [solution.id for _, solution in exercises(chapter)]


def test_every_solution_ends_in_a_check_that_holds(chapter):
    for _, solution in exercises(chapter):
        assert solution.outputs, f"{solution.id} shows nothing"
        assert re.search(r"\bTrue\b", last_text(solution)), solution.id
        assert not re.search(r"\bFalse\b", last_text(solution)), solution.id


def test_the_exercises_stand_between_their_heading_and_the_summary(chapter):
    ids = [cell.id for cell in chapter.cells]
    headings = [cell.source for cell in chapter.cells if cell.source.startswith("## ")]
    assert [heading.splitlines()[0] for heading in headings][-2:] == ["## Exercises", "## Summary"]
    assert ids.index("exercises") < ids.index("ex-1") < ids.index("summary") == len(ids) - 1
