import json

from unrolled.figures.network import Arrow, Diagram, Row


def test_the_view_gets_a_diagram_as_plain_json():
    rows = (Row("h", "h", "states", scale=True), Row("x", "x", letters="word", role="forward"))
    arrows = (Arrow("x", "h"), Arrow("h", "h", -1, "norms", role="backward", label="logs"))
    diagram = Diagram("Three steps", "Boxes.", "norms", rows, arrows, cut="cuts", touch=("n", "t"))
    pane = json.loads(json.dumps(diagram.pane()))
    assert (pane["title"], pane["alt"], pane["length"]) == ("Three steps", "Boxes.", "norms")
    assert [(r["name"], r["values"], r["letters"], r["role"]) for r in pane["rows"]] == [
        ("h", "states", None, "ink"),
        ("x", None, "word", "forward"),
    ]
    assert [
        (a["from"], a["to"], a["shift"], a["strength"], a["label"]) for a in pane["arrows"]
    ] == [
        ("x", "h", 0, None, None),
        ("h", "h", -1, "norms", "logs"),
    ]
    assert (pane["cut"], pane["now"], pane["touch"]) == ("cuts", None, ["n", "t"])
