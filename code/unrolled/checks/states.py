"""What a model of PyTorch or Keras holds at one moment, so that it can be put back bit for bit."""

import sys

PLAIN = (bool, int, float, str, type(None))


class TorchState:
    """Parameters, buffers, modes, hooks and other tensors of a module."""

    def __init__(self, model):
        torch = sys.modules["torch"]
        scripted = isinstance(model, torch.jit.ScriptModule)  # whose modules have no __dict__
        self.tensors, self.dicts, self.seen = {}, [], set()
        self.modes = [(module, module.training) for module in model.modules()]
        self.buffers = dict(model.named_buffers())
        for name, tensor in (*model.named_parameters(), *self.buffers.items()):
            if not getattr(tensor, "cls_to_become", None):  # a lazy one has no values yet
                self._tensor(name, tensor)
        for i, module in enumerate([] if scripted else model.modules()):
            own = vars(module)
            self.dicts.append((own, dict(own)))
            for name, value in own.items():
                self._container(f"{i}.{name}", value)

    def _tensor(self, name, tensor):
        flags = (tensor.requires_grad, tensor.grad)
        grad = None if tensor.grad is None else tensor.grad.detach().clone()
        self.tensors[name] = (tensor, tensor.data, tensor.detach().clone(), flags, grad)
        self.seen.add(id(tensor))

    def _container(self, name, value, depth=0):
        """Keep what a registry, list or dict holds, and tensors that are no parameters."""
        if hasattr(value, "detach"):
            if id(value) not in self.seen and value.is_leaf:
                self._tensor(f"({name})", value)
        elif isinstance(value, dict | list) and depth < 3:
            self.dicts.append((value, value.copy()))
            parts = value.values() if isinstance(value, dict) else value
            for i, part in enumerate(parts):
                self._container(f"{name}.{i}", part, depth + 1)
        elif isinstance(value, tuple) and depth < 3:
            for i, part in enumerate(value):
                self._container(f"{name}.{i}", part, depth + 1)

    def changed(self, buffers):
        """Names of parameters that differ now; with `buffers`, of these, too."""
        return [
            name
            for name, (tensor, _, before, *_) in self.tensors.items()
            if not name.startswith("(")
            and (buffers or name not in self.buffers)
            and tensor.is_floating_point()
            and tensor.shape == before.shape
            and not _same_bits(tensor, before)
        ]

    def restore(self, buffers):
        """Put everything back, or with `buffers` the buffers alone."""
        torch = sys.modules["torch"]
        if buffers:
            with torch.no_grad():
                for name in self.buffers:
                    self.tensors[name][0].copy_(self.tensors[name][2])
            return
        for now, before in self.dicts:
            if isinstance(now, list):
                now[:] = before
            elif now.keys() != before.keys() or any(now[k] is not before[k] for k in before):
                now.clear()
                now.update(before)
        with torch.no_grad():
            for tensor, data, before, (requires, grad), grad_before in self.tensors.values():
                if tensor.shape != before.shape or tensor.dtype != before.dtype:
                    tensor.data = data
                if not _same_bits(tensor, before):
                    tensor.copy_(before)
                if tensor.is_leaf and tensor.requires_grad != requires:
                    tensor.requires_grad_(requires)
                if tensor.grad is not grad and tensor.is_leaf:
                    tensor.grad = grad
                if grad is not None and not _same_bits(grad, grad_before):
                    grad.copy_(grad_before)
        for module, was in self.modes:
            if module.training != was:
                module.training = was


class KerasState:
    """Variables and plain attributes of a layer and of the layers in it."""

    def __init__(self, model):
        layers = list(model._flatten_layers())
        self.variables = [(v, v.numpy().copy()) for v in model.variables]
        stateful = [layer for layer in layers if getattr(layer, "stateful", False)]
        self.carried = {id(v) for layer in stateful for v in layer.non_trainable_variables}
        self.attributes = [
            (layer, {k: v for k, v in vars(layer).items() if _is_plain(k, v)})
            for layer in layers
            if layer.built
        ]

    def changed(self, buffers):
        """Paths of trainable variables that differ now; with `buffers`, of others, too."""
        return [
            v.path
            for v, before in self.variables
            if (buffers or v.trainable)
            and "float" in str(v.dtype)
            and id(v) not in self.carried
            and v.numpy().tobytes() != before.tobytes()
        ]

    def restore(self, buffers):
        """Put everything back, or with `buffers` only what is not trained."""
        for variable, before in self.variables:
            if buffers and variable.trainable:
                continue
            if variable.numpy().tobytes() != before.tobytes():
                variable.assign(before)
        for layer, before in [] if buffers else self.attributes:
            for name, value in before.items():
                if vars(layer).get(name) is not value:
                    object.__setattr__(layer, name, value)


def _is_plain(name, value):
    return not name.startswith("_") and name != "built" and isinstance(value, PLAIN)


def _same_bits(tensor, other):
    """Whether two tensors are equal, where NaN equals NaN and the sign of zero counts."""
    torch = sys.modules["torch"]
    tensor, other = tensor.detach(), other.detach()
    if tensor.shape != other.shape or tensor.dtype != other.dtype:
        return False
    if tensor.layout != torch.strided or not tensor.is_floating_point():
        return bool((tensor == other).all()) if tensor.layout == torch.strided else True
    bits = {8: torch.int64, 4: torch.int32, 2: torch.int16, 1: torch.int8}[tensor.element_size()]
    return torch.equal(tensor.contiguous().view(bits), other.contiguous().view(bits))
