"""What the lesson that compares the two cells is set to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from dashboard.kit.link_settings import Linked, entry, one_of, whole

MOST_D, MOST_H, MOST_O = 64, 128, 64
RNN_STARTS: Mapping[str, str] = MappingProxyType({"uniform": "Plain", "orthogonal": "Orthogonal"})
BIASES: Mapping[str, str] = MappingProxyType({"1": "1", "3": "3", "5": "5"})
SIZED: Mapping[str, str] = MappingProxyType(
    {
        "uniform": "Plain",
        "orthogonal": "Orthogonal",
        "uniform-large": "Plain, larger",
        "orthogonal-large": "Orthogonal, larger",
    }
)
EQUAL: Mapping[str, str] = MappingProxyType({"units": "Units", "parameters": "Parameters"})
COUNTED: Mapping[str, str] = MappingProxyType({"model": "Layer and read-out", "layer": "Layer alone"})
PER_BLOCK: Mapping[str, str] = MappingProxyType({"1": "One", "2": "Two (PyTorch)"})
FAR: Mapping[str, str] = MappingProxyType({str(gap): str(gap) for gap in (5, 10, 20, 35, 50, 100)})
KINDS: Mapping[str, str] = MappingProxyType({"keep": "Keep it", "replace": "Replace it", "combine": "Calculate"})
SCARCE: Mapping[str, str] = MappingProxyType({"nothing": "Nothing", "time": "Time", "size": "Parameters"})


@dataclass(frozen=True)
class CompareSettings(Linked):
    """Everything that decides what the lesson shows.

    The table's starts stand above it. A fold has its own, so that a change there runs that fold alone.

    Attributes:
        start: How the RNNs' recurrent weights are drawn, one of `RNN_STARTS`.
        bias: Forget bias of the LSTMs, one of `BIASES`.
        equal: Whether the two cells have as many "units" or as many "parameters".
        D: Inputs of the networks whose parameters are counted.
        H: Their units; of the LSTM where the parameters are equal.
        O: Their outputs.
        counted: Whether the read-out counts, one of `COUNTED`.
        biases: Bias vectors in each block, one of `PER_BLOCK`.
        same: As `equal`, of the counted networks.
        paced: As `equal`, of the networks whose steps are timed.
        fresh_start: As `start`, of the fresh networks.
        fresh_bias: As `bias`, of the fresh networks.
        runs_start: The RNN whose runs are shown, one of `SIZED`: "large" has as many parameters as the LSTM.
        runs_bias: As `bias`, of the LSTM whose runs are shown.
        seed: First of the seeds of the fresh networks.
        far: Steps back to what an answer depends on, for the choice of a cell; one of `FAR`.
        kind: What is to be done with it, one of `KINDS`.
        scarce: What there is little of, one of `SCARCE`.
    """

    start: str = entry("uniform", "rnn", one_of(*RNN_STARTS))
    bias: str = entry("1", "lstm", one_of(*BIASES))
    equal: str = entry("units", "equal", one_of(*EQUAL))
    D: int = entry(12, "D", whole(1, MOST_D))
    H: int = entry(24, "H", whole(1, MOST_H))
    O: int = entry(4, "O", whole(1, MOST_O))  # noqa: E741 - field notation
    counted: str = entry("model", "counted", one_of(*COUNTED))
    biases: str = entry("1", "biases", one_of(*PER_BLOCK))
    same: str = entry("units", "same", one_of(*EQUAL))
    paced: str = entry("units", "paced", one_of(*EQUAL))
    fresh_start: str = entry("uniform", "fresh-rnn", one_of(*RNN_STARTS))
    fresh_bias: str = entry("1", "fresh-lstm", one_of(*BIASES))
    runs_start: str = entry("uniform", "runs-rnn", one_of(*SIZED))
    runs_bias: str = entry("1", "runs-lstm", one_of(*BIASES))
    seed: int = entry(0, "seed", whole(0, 999_999))
    far: str = entry("20", "far", one_of(*FAR))
    kind: str = entry("keep", "kind", one_of(*KINDS))
    scarce: str = entry("nothing", "scarce", one_of(*SCARCE))

    @property
    def readout(self) -> bool:
        """Whether the read-out counts."""
        return self.counted == "model"

    @property
    def same_size(self) -> bool:
        """Whether the RNN has as many parameters as the LSTM."""
        return self.equal == "parameters"

    def of_table(self) -> dict[str, str]:
        """The settings of the folds that are those of the table."""
        large = "-large" if self.same_size else ""
        return {
            "same": self.equal,
            "paced": self.equal,
            "fresh_start": self.start,
            "fresh_bias": self.bias,
            "runs_start": f"{self.start}{large}",
            "runs_bias": self.bias,
        }

    def counting(self) -> CompareSettings:
        """What the counter shows, as the settings of a table."""
        return replace(self, equal=self.same)

    def pacing(self) -> CompareSettings:
        """What the times are taken of, likewise."""
        return replace(self, equal=self.paced)

    def fresh(self) -> CompareSettings:
        """What the horizons are those of, likewise."""
        return replace(self, start=self.fresh_start, bias=self.fresh_bias)

    def run(self) -> CompareSettings:
        """What the runs are those of, likewise."""
        start, _, large = self.runs_start.partition("-")
        return replace(self, start=start, bias=self.runs_bias, equal="parameters" if large else "units")
