from unrolled.figures.passage import Passage


def test_the_view_gets_the_names_of_the_text_and_of_its_colors():
    pane = Passage("A text", "Colored.", "words", "states").pane()
    assert pane == {
        "title": "A text", "alt": "Colored.", "passage": "words", "values": "states",
        "marked": False, "line": False,
    }  # fmt: skip
