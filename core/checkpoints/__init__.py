"""What a file of weights holds: recurrent layers, read-outs and embeddings, read without running anything of it.

``checkpoints.read(content, filename)`` gives a `Checkpoint`.
"""

from core.checkpoints.limits import MAX_UNITS
from core.checkpoints.reading import read
from core.checkpoints.records import Checkpoint, Embedding, Layer, Readout, Recurrent, Tensor
from core.checkpoints.understood import orders, with_order

__all__ = [
    "MAX_UNITS",
    "Checkpoint",
    "Embedding",
    "Layer",
    "Readout",
    "Recurrent",
    "Tensor",
    "orders",
    "read",
    "with_order",
]
