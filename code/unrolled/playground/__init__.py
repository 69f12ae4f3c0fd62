"""The playground: small recurrent networks that learn while one watches, in the book's page.

Here are its settings with their limits, its tasks and stories, and the same training in NumPy. A
run is a function of its setting, and a setting is written as an address.

    from unrolled import playground
    playground.train("task=echo&lag=10&k2=8")
"""

from .catalogue import catalogue
from .program import code
from .running import Training, alone, gradients, longer, outputs, reach, start, stream, train
from .settings import complete, defaults, hash_of, parse
from .stories import STORIES, Story
from .tasks import TASKS, Task, answer_at, batch, rival_loss, skill, steps

__all__ = [
    "STORIES",
    "TASKS",
    "Playground",
    "Story",
    "Task",
    "Training",
    "alone",
    "answer_at",
    "batch",
    "catalogue",
    "code",
    "complete",
    "defaults",
    "gradients",
    "hash_of",
    "longer",
    "outputs",
    "parse",
    "reach",
    "rival_loss",
    "skill",
    "start",
    "steps",
    "stream",
    "train",
]


def __getattr__(name):
    """`Playground`, which needs what draws figures, only when it is asked for."""
    if name == "Playground":
        from .face import Playground

        return Playground
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
