"""The stories of the playground: after how many updates is each solved, and what comes after?

    OMP_NUM_THREADS=1 python -m unrolled.experiments playground

For seeds 0 to 4, both settings of every story are trained until a look on 128 fresh sequences,
every 25 updates, finds them solved, or for 1,500 updates. A solved one is then trained 200 updates
more, as the page does, and tried on longer sequences; waves and text go on by themselves after 100
more.
Writes data/results/playground.json.
"""

import numpy as np

from unrolled import playground
from unrolled.playground.running import AFTER_SOLVED, CHECK_EVERY, CHECKED, PATIENCE

from . import record

SEEDS, LIMIT, MORE, ALONE_MORE = range(5), PATIENCE, AFTER_SOLVED, 100


def run(setting):
    """What comes out for one setting, seed included."""
    training = playground.Training(setting)
    updates = training.until_solved(LIMIT)
    found = {"updates": updates, "skill": training.skill(), "loss": training.loss}
    for _ in range(0 if updates is None else MORE):
        training.step()
        if training.update == updates + ALONE_MORE and setting["task"] in ("waves", "text"):
            found["alone"] = playground.alone(setting, training.params)[2]
    if updates is not None:
        rows = playground.longer(setting, training.params)
        found["longer"] = [row["skill"] for row in rows]
        found["T"] = [row["T"] for row in rows]
    return found


def entry(changes):
    """What is recorded of one setting, over all seeds."""
    runs = [run(playground.complete(changes | {"seed": seed})) for seed in SEEDS]
    found = {"updates": [r["updates"] for r in runs]}
    for part in ("skill", "loss", "alone", "longer"):
        values = [r[part] for r in runs if part in r]
        if values and not (part in ("skill", "loss") and all(found["updates"])):
            found[part] = np.round(values, 3).tolist()
    lengths = [r["T"] for r in runs if "T" in r]
    return found | ({"T": lengths[0]} if lengths else {})


def main():
    """Train the networks of all stories and write down what came out."""
    found = {}
    for story in playground.STORIES:
        found[story.name] = {
            "before": entry(story.setting),
            "after": entry(story.setting | story.button[1]),
        }
        print(story.name, found[story.name], flush=True)
    settings = {
        "seeds": list(SEEDS), "updates at most": LIMIT, "looked at every": CHECK_EVERY,
        "sequences of a look": CHECKED, "updates after solved": MORE,
        "updates after solved, alone": ALONE_MORE,
    }  # fmt: skip
    record.write("playground", settings=settings, results=found)
