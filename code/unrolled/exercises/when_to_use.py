"""Chapter 28: when to use a recurrent network now."""

from .comparing import result_of, whole


def when_to_use_1(answer):
    """The longest echo of a causal convolution with six layers of two inputs."""
    reach = sum(2**layer for layer in range(6))
    mistakes = {
        2**5: "that is the step of the last layer alone; those below it reach back as well.",
        2**6: "that is how many steps it sees, the present one among them.",
        6: "each layer looks twice as far back as the one below it.",
    }
    whole(answer, reach, what="the lag", mistakes=mistakes)


def when_to_use_2(answer):
    """What attention keeps if it looks at a window only: a function of n, d, layers, window."""
    for n, d, layers, window in ((100, 8, 3, 512), (1000, 8, 3, 512), (5000, 64, 5, 1024)):
        mistakes = {
            2 * n * d * layers: "what has left the window need not be kept.",
            2 * window * d * layers: "a window that is not yet full keeps only what there is.",
            min(n, window) * d * layers: "a step leaves a key and a value.",
            2 * min(n, window) * d: "every layer has a cache of its own.",
        }
        del mistakes[2 * min(n, window) * d * layers]
        kept = result_of(answer, n, d, layers, window)
        what = f"the answer for n = {n}, d = {d}, layers = {layers}, window = {window}"
        whole(kept, 2 * min(n, window) * d * layers, what=what, mistakes=mistakes)


def when_to_use_3(answer):
    """The multiplications of attention for n steps from nothing: a function of n, d, layers."""
    for n, d, layers in ((1, 8, 1), (10, 8, 2), (1000, 64, 3)):
        own = 12 * d**2 * layers * n
        right = own + d * layers * n * (n - 1)
        mistakes = {
            own + 2 * d * layers * n * (n - 1): "the first steps find a short cache, the last a "
            "long one: add up what each finds.",
            own + d * layers * n * (n + 1): "count the first step as one that finds nothing "
            "before it.",
            own + 2 * d * layers * n: "this is as if each step found one step in the cache.",
            own: "these are the weights alone.",
        }
        mistakes.pop(right, None)
        what = f"the answer for n = {n}, d = {d}, layers = {layers}"
        whole(result_of(answer, n, d, layers), right, what=what, mistakes=mistakes)
