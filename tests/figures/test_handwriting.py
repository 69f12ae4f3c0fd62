import json

from unrolled.figures.handwriting import Handwriting


def test_the_view_gets_a_line_as_plain_json():
    pane = Handwriting("A line", "A hand.", "steps", "clouds", "read", "t", "hand").pane()
    assert json.loads(json.dumps(pane)) == {
        "title": "A line",
        "alt": "A hand.",
        "offsets": "steps",
        "clouds": "clouds",
        "read": "read",
        "now": "t",
        "hand": "hand",
    }
