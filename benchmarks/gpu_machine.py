"""What a machine can do, for the calculator in `unrolled.analysis.device_time`.

The time of one small operation, the rate of a large matrix product, the rate of a large copy, and
how many operations or kernels one training step of a layer starts.
"""

import importlib
import statistics
import time

import gpu_keras
import torch
from gpu_ways import Skip, allow_tf32, over_cells
from torch.profiler import ProfilerActivity, profile
from unrolled.analysis.cost import cpu_model
from unrolled.experiments import record

CELLS = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}
COUNTED = (10, 20)  # lengths at which launches are counted; the rest follows a straight line
# Operations that only look at their arguments in another way, or only allocate.
LOOKS = (
    "alias as_strided chunk contiguous cudnn_is_acceptable detach empty empty_like empty_strided "
    "expand lift_fresh narrow permute reshape resolve_conj resolve_neg result_type select slice "
    "split split_with_sizes squeeze t to _to_copy transpose unbind unsafe_chunk unsafe_split "
    "_unsafe_view unsqueeze view"
)
FREE = {f"aten::{name}" for name in LOOKS.split()}


def about(device, settings):
    """Date, device and versions of this machine."""
    name = None
    if device.type == "cuda":
        name = f"{torch.cuda.get_device_name(device)}, driven by {cpu_model()}"
    found = record.about("gpu", settings, ("torch", "numpy"), name, ())
    del found["experiment"]
    if device.type == "cuda":
        cudnn = torch.backends.cudnn.version()
        found["versions"] |= {"cuda": torch.version.cuda, "cudnn": str(cudnn)}
    try:
        backend = gpu_keras.backend_name()
    except Skip as reason:
        return found | {"keras backend": None, "why no keras": str(reason)}
    for package in ("keras", backend):
        found["versions"][package] = importlib.import_module(package).__version__
    return found | {"keras backend": backend}


def synchronize(device):
    """Wait until a device has done all that it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize()


def seconds(call, device, repeats):
    """Median wall time of `call()`, until its results are there, after one to warm up."""
    times = []
    for turn in range(repeats + 1):
        start = time.perf_counter()
        call()
        synchronize(device)
        if turn:
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def constants(device, quick):
    """What the calculator needs to know of a device, by name."""
    repeats = 3 if quick else 9
    return {
        "seconds per launch": seconds_per_launch(device, 50 if quick else 500, repeats),
        "operations per second": {
            precision: products_per_second(device, precision, quick, repeats)
            for precision in ("float64", "float32", "tf32", "bf16")
        },
        "bytes per second": bytes_per_second(device, quick, repeats),
    }


def seconds_per_launch(device, n, repeats):
    """One operation on one number: a chain of n tanh and the n of its gradient, divided by 2 n."""
    x = torch.ones(1, device=device, requires_grad=True)

    def chain():
        y = x
        for _ in range(n):
            y = torch.tanh(y)
        torch.autograd.grad(y, x)

    return seconds(chain, device, repeats) / (2 * n)


def products_per_second(device, precision, quick, repeats):
    """Multiplications and additions per second of a large square matrix product, or None."""
    if precision == "tf32" and device.type != "cuda":
        return None
    n = 256 if quick else 1024 if device.type == "cpu" else 8192
    dtype = {"float64": torch.float64, "bf16": torch.bfloat16}.get(precision, torch.float32)
    a, b = torch.randn(2, n, n, device=device).to(dtype)
    allow_tf32(precision == "tf32")
    return 2 * n**3 / seconds(lambda: a @ b, device, repeats)


def bytes_per_second(device, quick, repeats):
    """Bytes read and written per second of a copy that no cache can hold."""
    size = 2**22 if quick else 2**28 if device.type == "cpu" else 2**31
    source = torch.zeros(size // 4, device=device)
    target = torch.zeros_like(source)
    return 2 * size / seconds(lambda: target.copy_(source), device, repeats)


def launches(device):
    """How many operations (CPU) or kernels (GPU) a training step starts, N=32 and D=H=128."""
    found = []
    for name, layer in CELLS.items():
        for T in COUNTED:
            for way in ("loop", "fused"):
                count = started(small_step(layer, way, T, device), device)
                found.append({"cell": name, "way": way, "T": T, "launches": count})
    return found


def small_step(layer, way, T, device):
    """A function that does one training step of a layer of PyTorch."""
    x = torch.randn(32, T, 128, device=device, requires_grad=True)
    kind = layer if way == "fused" else f"{layer}Cell"
    options = {"batch_first": True} if way == "fused" else {}
    module = getattr(torch.nn, kind)(128, 128, device=device, **options)

    def run():
        h = module(x)[0] if way == "fused" else over_cells(module, x)
        torch.autograd.grad(h.sum(), [x, *module.parameters()])
        synchronize(device)

    return run


def started(run, device):
    """Count what one `run()` starts, with PyTorch's profiler, after one to warm up."""
    run()
    kinds = [ProfilerActivity.CPU]
    if device.type == "cuda":
        kinds.append(ProfilerActivity.CUDA)
    with profile(activities=kinds) as profiler:
        run()
    events = profiler.events()
    if device.type == "cuda":
        on_gpu = [event for event in events if event.device_type.name == "CUDA"]
        return sum(not event.name.startswith(("Memcpy", "Memset")) for event in on_gpu)
    return sum(worked(event) for event in events if event.cpu_parent is None)


def worked(event):
    """How many operations that compute something lie in an event; one inside counts for it."""
    inner = sum(worked(child) for child in event.cpu_children)
    computes = event.name.startswith("aten::") and event.name not in FREE
    return max(inner, computes)
