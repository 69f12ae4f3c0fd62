import pytest
from booktools.captions import Caption, Captioned, JoinCaptions
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document


def a_page(*paragraphs):
    """A page of paragraphs, each given as the nodes in it, with its captions joined."""
    page = new_document("page", get_default_settings())
    page += [nodes.paragraph("", "", *inline) for inline in paragraphs]
    JoinCaptions(page).apply()
    return page


def image():
    return nodes.image(uri="images/step.svg", alt="One step.")


def italics(text="Blue is the state."):
    return nodes.emphasis("", text)


def test_an_image_and_the_italics_below_it_become_a_figure():
    page = a_page([image()], [italics()], [nodes.Text("Then prose.")])
    assert [type(node) for node in page] == [Captioned, nodes.paragraph]
    assert [type(node) for node in page[0]] == [nodes.image, Caption]
    assert page[0][1].astext() == "Blue is the state."
    assert page[0][0]["alt"] == "One step."


@pytest.mark.parametrize(
    "paragraphs",
    [
        ([image()],),
        ([image()], [nodes.Text("Prose.")]),
        ([image()], [italics(), nodes.Text(" in prose.")]),
        ([image(), nodes.Text(" in a line.")], [italics()]),
        ([image()], [nodes.Text("Prose.")], [italics()]),
    ],
)
def test_other_images_and_other_italics_stay_as_they_are(paragraphs):
    page = a_page(*paragraphs)
    assert [type(node) for node in page] == [nodes.paragraph] * len(paragraphs)


def test_two_images_in_a_row_keep_their_captions():
    page = a_page([image()], [italics("One.")], [image()], [italics("Two.")])
    assert [node[1].astext() for node in page] == ["One.", "Two."]
