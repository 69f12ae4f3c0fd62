"""What no shape tells: sentences that `shape_debugger` writes below its boxes."""

from itertools import groupby

from unrolled.analysis.shapes import sizes_of, tensors


def call(network, sizes):
    """How the network is built in PyTorch."""
    settings = {
        "num_layers": network.layers if network.layers > 1 else None,
        "bidirectional": True if network.directions == 2 else None,
        "batch_first": network.batch_first or None,
    }
    options = "".join(f", {name}={value}" for name, value in settings.items() if value)
    return f"In PyTorch this is nn.{network.cell}({sizes['D']}, {sizes['H']}{options})."


def takes(network, sizes):
    """What it takes and what it returns there."""
    shapes = {t.name: sizes_of(t.axes, sizes) for t in tensors("PyTorch", network)}
    return (
        f"It takes an input of {shapes['input']} and returns an output of {shapes['output']} and "
        f"h_n of {shapes['h_n']}."
    )


def final(network):
    """The states that PyTorch returns."""
    return "h_n and c_n" if network.cell == "LSTM" else "h_n"


def order(network, sizes):
    """What batch_first does, or does without anybody asking."""
    N, T, D = (sizes[symbol] for symbol in "NTD")
    if network.batch_first:
        return (
            f"With batch_first=True the batch is the first axis of input and output, but still the "
            f"second of {final(network)}: h_n[:, -1] is the last sequence, not the last layer."
        )
    if N == T:
        return (
            f"With batch_first=False the first axis is time, and as N and T are both {N} no shape "
            "shows whether time and batch are exchanged."
        )
    return (
        f"With batch_first=False the first axis is time: given (N, T, D) = {(N, T, D)}, the layer "
        f"raises nothing and reads {counted(T, 'sequence')} of {counted(N, 'step')}."
    )


def counted(count, noun):
    """A count with its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def last_step(network, T):
    """What the last step of the output has read."""
    if network.directions == 1:
        return (
            "The last step of the output is the highest layer's last state: what PyTorch has in "
            "h_n[-1] and Keras returns with return_sequences=False."
        )
    if T == 1:
        return "With a single step, both halves of the output have read all there is."
    return (
        f"At the last step of the output the backward half has read 1 step of {T}; its state after "
        f"all {T} is in PyTorch's h_n[-1], and in what Keras returns with return_sequences=False."
    )


def alike(sizes):
    """Which sizes are equal, so that a confusion of them shows in no shape."""
    ordered = sorted("NTDH", key=lambda symbol: (sizes[symbol], "NTDH".index(symbol)))
    groups = [list(group) for _, group in groupby(ordered, key=sizes.get)]
    same = [f"{' = '.join(group)} = {sizes[group[0]]}" for group in groups if len(group) > 1]
    if not same:
        return "No two of N, T, D and H are equal: exchange two of them, and shapes change."
    return f"Here {' and '.join(same)}: exchange them, and no shape changes and no error is raised."
