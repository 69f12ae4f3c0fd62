"""A diagram and the line in italics below it, joined into a figure with its caption.

In JupyterLab and Colab they are an image and a paragraph. In the pages they become one element, so
that whoever reads with a screen reader hears that the two belong together.
"""

from docutils import nodes
from sphinx.transforms import SphinxTransform


class Captioned(nodes.General, nodes.Element):
    """A figure without a number. Sphinx would count a figure of its own kind."""


class Caption(nodes.General, nodes.TextElement):
    """The caption of a `Captioned`."""


TAGS = {Captioned: '<figure class="captioned">', Caption: "<figcaption>"}


def setup(app):
    """Add the transform and the nodes below to Sphinx."""
    app.add_transform(JoinCaptions)
    for node in TAGS:
        app.add_node(node, html=(open_tag, close_tag))


def open_tag(writer, node):
    """Write the start tag of one of the two nodes."""
    writer.body.append(TAGS[type(node)])


def close_tag(writer, node):
    """Write the end tag of one of the two nodes."""
    name = TAGS[type(node)].strip("<>").split()[0]
    writer.body.append(f"</{name}>\n")


class JoinCaptions(SphinxTransform):
    """Make a figure of every image that is followed by a paragraph in italics."""

    default_priority = 400

    def apply(self, **options):
        """Do it for the page that is being read."""
        for image in list(self.document.findall(nodes.image)):
            paragraph = image.parent
            below = paragraph.next_node(descend=False, siblings=True)
            if only(paragraph, nodes.image) and only(below, nodes.emphasis):
                caption = Caption("", "", *below[0].children)
                paragraph.parent.remove(below)
                paragraph.replace_self(Captioned("", image, caption))


def only(paragraph, kind):
    """Whether a node is a paragraph that holds one node of a kind and nothing else."""
    if not isinstance(paragraph, nodes.paragraph) or len(paragraph) != 1:
        return False
    return isinstance(paragraph[0], kind)
