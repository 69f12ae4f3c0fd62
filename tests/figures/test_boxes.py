from unrolled.figures import boxes


def test_rows_are_written_in_lines_and_a_tensor_that_is_not_there_is_nothing():
    rows = [("Input", [(1, "x", ("N", "T")), None]), ("Bias", [None, (2, "a … b", ("2", "4H"))])]
    assert boxes.written(rows) == "Input\t1|x|N T\t\nBias\t\t2|a … b|2 4H"


def test_the_view_gets_the_columns_and_where_words_and_sizes_are():
    pane = boxes.Boxes("Shapes", "Boxes.", ("NumPy",), "words", "sizes").pane()
    assert pane.keys() == {"title", "alt", "columns", "words", "sizes"}
