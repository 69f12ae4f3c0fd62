"""Chapter 27: writing."""

import numpy as np

from unrolled.engine.gradcheck import numerical_gradient

from .checking import Wrong
from .comparing import array, number, result_of


def writing_1(answer):
    """What squared error makes of 1 with probability 3/4 and -1 with 1/4."""
    mistakes = {
        1.0: "that is the likeliest step, and squared error does not ask for it.",
        0.0: "that would be the middle of two steps that are equally likely.",
        0.75: "that is the probability of one of the steps.",
    }
    number(answer, 0.5, what="the prediction", mistakes=mistakes)


def writing_2(answer):
    """What -1.4 nats a step in centimeters are in millimeters."""
    mistakes = {
        -14.0: "a loss is a logarithm, so that a factor becomes a summand.",
        -0.14: "a loss is a logarithm, so that a factor becomes a summand.",
        -1.4 + np.log(10): "an offset has two numbers, and each of them has changed its unit.",
        -1.4 - 2 * np.log(10): "in the smaller unit the same cloud is wider, and so thinner.",
        -1.4: "the density does change: the same cloud covers a hundred times as many units.",
    }
    number(answer, -1.4 + 2 * np.log(10), rtol=2e-3, what="the loss", mistakes=mistakes)


def writing_3(answer):
    """The gradient of -log p of a mixture of normals with respect to its means."""
    rng = np.random.default_rng(5)
    for K in (1, 3):
        weights, mean = rng.dirichlet(np.ones(K)), rng.standard_normal(K)
        deviation, x = rng.uniform(0.3, 1.5, K), 0.4

        def parts(weights=weights, mean=mean, deviation=deviation, x=x):
            return weights * np.exp(-(((x - mean) / deviation) ** 2) / 2) / deviation

        right = numerical_gradient(lambda parts=parts: -np.log(parts().sum()), mean)
        share, pull = parts() / parts().sum(), (mean - x) / deviation**2
        g = np.asarray(result_of(answer, x, weights.copy(), mean.copy(), deviation.copy()))
        if g.shape == (K,):
            if np.allclose(g, -share * pull):
                raise Wrong("the sign: a step against the gradient has to bring a mean nearer.")
            if K > 1 and np.allclose(g, weights * pull):
                raise Wrong("this shares by the weights, and not by what each component explains.")
            if K > 1 and np.allclose(g, pull):
                raise Wrong("this pulls all components alike, whether or not they were near.")
            if np.allclose(g, share * (mean - x)) or np.allclose(g, share * pull * deviation):
                raise Wrong("by the deviation it is divided twice: z is, and so is its derivative.")
        array(g, right, what=f"the gradient for {K} component(s)", atol=1e-6)


def writing_4(answer):
    """Weights and deviations of a mixture at a bias: a function that returns both."""
    for bias in (0.0, 1.0, 3.0):
        weights, deviation = np.array([0.5, 0.3, 0.2]), np.array([0.1, 0.4, 2.0])
        raised = weights ** (1 + bias)
        found = result_of(answer, weights.copy(), deviation.copy(), bias)
        if not isinstance(found, tuple | list) or len(found) != 2:
            raise Wrong("expected a pair, the weights and the deviations.")
        if np.allclose(found[0], raised) and bias:
            raise Wrong("the weights of a mixture add up to 1.")
        if bias and np.allclose(found[0], weights):
            raise Wrong("the weights change as well: the bias raises each to the power of 1 + b.")
        if bias and np.allclose(found[1], deviation * np.exp(bias)):
            raise Wrong("a bias above 0 makes the clouds narrower.")
        array(found[0], raised / raised.sum(), what=f"the weights at a bias of {bias:g}")
        array(found[1], deviation * np.exp(-bias), what=f"the deviations at a bias of {bias:g}")
