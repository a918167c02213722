r"""Runs on `core` whose outcome a learner predicts: the answer is computed when asked for, never written down.

``EXPERIMENTS[name](settings)`` gives a `Prediction`: the answer, the usual wrong guesses with replies, and what the run
gave in words. All are deterministic. A bank item names one as ``run`` and changes any of its settings (defaults after
the equals sign); its ``rel`` may be up to 0.05, or the number in brackets after the name (0.01 for counts), so that
slips stay wrong.

On random nets (D = 4, one output with target 1 at step T, weights drawn by ``seed``, standard normal inputs; for the
RNN ``activation`` tanh|sigmoid|relu|identity, ``scheme`` uniform|xavier|orthogonal|identity, ``gain`` a factor on W_h):

rnn-decades [0.2]      T=20 H=8 activation=tanh scheme=uniform gain=1.0 seed=0
    powers of ten by which the norm of ∂L/∂h_1 lies below that of ∂L/∂h_T (negative: it grew)
lstm-decades [0.2]     T=20 H=8 forget_bias=1.0 seed=0
    the same for ∂L/∂c_1 and ∂L/∂c_T
rnn-share [0.2]        T=10 H=8 activation=tanh scheme=uniform gain=1.0 seed=0
    norm of ∂L/∂h_1 in per cent of that of ∂L/∂h_T
lstm-share [0.2]       T=10 H=8 forget_bias=1.0 seed=0
    the same for ∂L/∂c_1 and ∂L/∂c_T
truncation-lost [0.2]  T=12 window=4 H=8 gain=1.0 seed=0
    how many per cent of the length of ∂L/∂W_h a tanh RNN loses when each loss reaches ``window`` steps, ‖G - G_k‖/‖G‖

Powers and gates:

steps-below [0.01]     factor=0.25 bound=1e-06
    steps until a gradient of 1, multiplied by factor at each, is below bound for the first time
steps-to-overflow [0.01]  factor=2.0
    steps until it is above the largest float64 for the first time
direct-path            forget_bias=1.0 k=20
    share left after k steps of the LSTM's direct path, gates at their biases: σ(forget_bias)^k
memory-horizon         forget_bias=1.0
    steps until 1/e is left on that path: -1/ln σ(forget_bias)
cell-after             i=0.5 f=0.9 g=0.5 c_0=0.0 k=5
    cell state after k steps with all gates held

By hand:

largest-singular-value  w11=0.5 w12=0.0 w21=0.0 w22=0.5 h1=0.0 h2=0.0
    largest singular value of a tanh RNN's Jacobian at a step whose new state is (h1, h2); W_h = (w11 w12; w21 w22)
loss-after-update      w_x=0.5 w_h=0.8 w_y=1.0 x=1.0 T=3 y=1.0 lr=0.5
    BCE loss of a one-unit tanh RNN (the same input at all T steps, biases 0) after one SGD update of all weights
nudge                  weight=w_h by=0.1 w_x=0.5 w_h=0.8 w_y=1.0 x=1.0 T=3 y=1.0
    change of that network's loss when one weight (w_x|w_h|w_y) is raised by ``by``
clip-norm              g1=3.0 g2=4.0 g3=0.0 max_norm=1.0 entry=1
    entry 1, 2 or 3 of the gradient after clipping by norm
clip-value             g1=3.0 g2=-4.0 g3=0.0 limit=1.0
    norm of the gradient after clipping each entry
first-input            w_x=0.5 w_h=0.8 k=5 activation=tanh
    change of h_{1+k} of a one-unit RNN with inputs 0 otherwise, when x_1 goes from 0 to 1

Counts and chances:

parameter-total [0.01]  kind=lstm D=4 H=8 O=0
    parameters of an rnn|lstm layer with one bias per block, and of a read-out when O is above 0
constant-guess         task=recall seed=0
    accuracy in per cent of one constant answer, task recall|adding|parity|delayed-xor|…, default settings
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from quiz.computed.predictions import flow, hand
from quiz.computed.predictions.base import Experiment, Prediction, Setting

__all__ = ["EXPERIMENTS", "Experiment", "Prediction", "Setting"]

EXPERIMENTS: Mapping[str, Experiment] = MappingProxyType(
    {
        experiment.name: experiment
        for experiment in (
            Experiment("rnn-decades", flow.rnn_decades, rel=0.2),
            Experiment("lstm-decades", flow.lstm_decades, rel=0.2),
            Experiment("rnn-share", flow.rnn_share, rel=0.2),
            Experiment("lstm-share", flow.lstm_share, rel=0.2),
            Experiment("truncation-lost", flow.truncation_lost, rel=0.2),
            Experiment("steps-below", flow.steps_below, rel=0.01),
            Experiment("steps-to-overflow", flow.steps_to_overflow, rel=0.01),
            Experiment("direct-path", flow.direct_path),
            Experiment("memory-horizon", flow.memory_horizon),
            Experiment("cell-after", hand.cell_after),
            Experiment("largest-singular-value", flow.largest_singular_value),
            Experiment("loss-after-update", hand.loss_after_update),
            Experiment("nudge", hand.nudge),
            Experiment("clip-norm", hand.clip_norm),
            Experiment("clip-value", hand.clip_value),
            Experiment("first-input", hand.first_input),
            Experiment("parameter-total", hand.parameter_total, rel=0.01),
            Experiment("constant-guess", hand.constant_guess),
        )
    }
)
