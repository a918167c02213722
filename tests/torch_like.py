"""What stands for PyTorch's modules where there is no PyTorch: all that is asked of them, with weights by its names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from core.layer import MODULES, init


class Tensor:
    """A tensor that needs to be detached and fetched before NumPy may have it."""

    def __init__(self, values: Any, *, ready: int = 0) -> None:
        self._values, self._ready = np.asarray(values), ready

    def detach(self) -> Tensor:
        """Off the graph."""
        return Tensor(self._values, ready=1)

    def cpu(self) -> Tensor:
        """Off the card."""
        return Tensor(self._values, ready=2)

    def numpy(self) -> np.ndarray:
        """The numbers, as PyTorch gives them: only to who asked as it wants to be asked."""
        if self._ready < 2:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad or is elsewhere.")
        return self._values


class Narrow(Tensor):
    """A tensor of a type that NumPy has not."""

    def detach(self) -> Tensor:
        """Off the graph."""
        return self

    cpu = detach

    def numpy(self) -> np.ndarray:
        """What PyTorch says of bfloat16."""
        raise TypeError("Got unsupported ScalarType BFloat16")

    def float(self) -> Tensor:
        """The same numbers in a type that it has."""
        return Tensor(self._values, ready=2)


class LSTM:
    """Weights of `kind` by PyTorch's names, in float32 as it keeps them.

    Args:
        D: Inputs.
        H: Units.
        kind: "rnn", "lstm" or "gru".
        layers: How many.
        batch_first: As PyTorch's.
        seed: Of the weights.
    """

    nonlinearity = "tanh"

    def __init__(
        self, D: int, H: int, *, kind: str = "lstm", layers: int = 1, batch_first: bool = False, seed: int = 0
    ) -> None:
        rng = np.random.default_rng(seed)
        self.batch_first = batch_first
        self.cells = [init(kind, D if k == 0 else H, H, rng=rng) for k in range(layers)]
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        self.weights = {
            f"{name}_l{k}": array.astype(np.float32)
            for k, cell in enumerate(self.cells)
            for name, array in zip(names, MODULES[kind].to_torch(cell), strict=True)
        }

    def state_dict(self) -> dict[str, Tensor]:
        """Tensors by name."""
        return {name: Tensor(array) for name, array in self.weights.items()}


class Linear:
    """A read-out as PyTorch keeps it."""

    def __init__(self, H: int, O: int, seed: int = 1) -> None:  # noqa: E741 - field notation
        rng = np.random.default_rng(seed)
        self.weight, self.bias = Tensor(rng.normal(size=(O, H))), Tensor(rng.normal(size=O))


class Net:
    """A table of vectors, a recurrent layer that reads them, and a read-out: a module with modules in it."""

    def __init__(self, lstm: LSTM, fc: Linear, table: np.ndarray) -> None:
        self.lstm, self.fc, self.table = lstm, fc, table

    def state_dict(self) -> dict[str, Tensor]:
        """Tensors by their full names."""
        held = {f"lstm.{name}": tensor for name, tensor in self.lstm.state_dict().items()}
        return {"emb.weight": Tensor(self.table)} | held | {"fc.weight": self.fc.weight, "fc.bias": self.fc.bias}

    def named_modules(self) -> Iterator[tuple[str, Any]]:
        """Those within, by name."""
        yield from (("", self), ("emb", Embedding()), ("lstm", self.lstm), ("fc", self.fc))


class Embedding:
    """Named as PyTorch's."""
