"""Make the small files of weights that the tests beside this read, and what PyTorch and Keras compute with them.

Neither is a dependency of the project. To make the files again, in an environment of its own:

    python -m venv torch-env && torch-env/bin/pip install torch==2.13.0 safetensors keras h5py numpy
    KERAS_BACKEND=torch torch-env/bin/python tests/core/checkpoints/make.py

``expected.npz`` holds, under ``{file}|{network}|x`` and ``…|y``, one input (T, 1, D) and the output of the network, in
float64. The weights are rounded to eighths, so that halves hold them exactly.
"""

import os
import pickle
from collections import OrderedDict
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

HERE = Path(__file__).parent / "files"
EXPECTED = {}


def eighths(net):
    """The same network, every weight a whole number of eighths."""
    with torch.no_grad():
        for p in net.parameters():
            p.copy_((p * 8).round() / 8)
    return net


def expect(file, name, net, D, T=5):
    """Note an input and what a recurrent module makes of it."""
    x = torch.randn(T, 1, D, dtype=torch.float64)
    with torch.no_grad():
        EXPECTED[f"{file}|{name}|x"], EXPECTED[f"{file}|{name}|y"] = x.numpy(), net.double()(x)[0].numpy()


class Net(nn.Module):
    """An LSTM and a linear layer."""

    def __init__(self, kind=nn.LSTM, **further):
        super().__init__()
        self.rnn = kind(3, 4, **further)
        self.head = nn.Linear(8 if further.get("bidirectional") else 4, 2)

    def forward(self, x):
        """Logits of the last step."""
        return self.head(self.rnn(x)[0][-1])


class Reviews(nn.Module):
    """A text model: embedding, GRU, a head of two steps."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(6, 3, padding_idx=0)
        self.gru = nn.GRU(3, 4)
        self.fc = nn.Sequential(nn.Linear(4, 1), nn.Sigmoid())


def state(dtype=torch.float64, **further):
    """A fresh state dict with its module."""
    net = eighths(Net(**further).to(dtype))
    return net, net.state_dict()


def trained(net):
    """An Adam that has made one step."""
    optimiser = torch.optim.Adam(net.parameters(), foreach=False)
    sum(p.sum() for p in net.parameters()).backward()
    optimiser.step()
    return optimiser.state_dict()


def save(file, content, **further):
    """One file of torch.save."""
    torch.save(content, HERE / file, **further)


def torch_files():
    """Everything that PyTorch writes."""
    net, weights = state()
    expect("state.pt", "rnn", net.rnn, 3)
    save("state.pt", weights)
    save("legacy.pt", weights, _use_new_zipfile_serialization=False)
    save("dataparallel.pth", {"module." + k: v for k, v in weights.items()})
    save("compiled.pt", {"_orig_mod." + k: v for k, v in weights.items()})
    save("protocol4.pt", weights, pickle_protocol=4)
    (HERE / "pickled.pkl").write_bytes(pickle.dumps(weights))
    save_file({k: v.contiguous() for k, v in weights.items()}, HERE / "state.safetensors")
    for dtype in ("float32", "float16", "bfloat16"):
        typed = {k: v.to(getattr(torch, dtype)) for k, v in weights.items()}
        save(f"{dtype}.pt", typed)
        save_file(typed, HERE / f"{dtype}.safetensors")
    save(
        "views.pt",
        {k: v.t().contiguous().t() if v.ndim == 2 else torch.cat([v, v])[len(v) :] for k, v in weights.items()},
    )

    reviews = eighths(Reviews().double())
    optimiser = trained(reviews)
    eighths(reviews)
    expect("checkpoint.pt", "gru", reviews.gru, 3)
    words = {word: k for k, word in enumerate(["<pad>", "the", "film", "was", "not", "good"])}
    save("checkpoint.pt", {
        "epoch": 3, "model_state_dict": reviews.state_dict(), "optimizer_state_dict": optimiser, "loss": 0.25,
        "word2idx": words, "args": {"hidden": 4},
    })  # fmt: skip
    save("lightning.ckpt", {
        "epoch": 1, "global_step": 10, "pytorch-lightning_version": "2.5.0", "loops": {"fit_loop": {"state": {}}},
        "state_dict": OrderedDict((f"model.{k}", v) for k, v in weights.items()), "callbacks": {}, "lr_schedulers": [],
        "optimizer_states": [optimiser], "hyper_parameters": {"hidden": 4},
    })  # fmt: skip

    relu = eighths(Net(nn.RNN, nonlinearity="relu").double())
    expect("whole.pt", "rnn", relu.rnn, 3)
    save("whole.pt", relu)
    save("whole-legacy.pt", relu, _use_new_zipfile_serialization=False)
    save("rnn.pt", relu.state_dict())
    scripted = eighths(Net().double())
    torch.jit.script(scripted).save(str(HERE / "script.pt"))
    expect("script.pt", "rnn", scripted.rnn, 3)

    encoder, decoder = eighths(nn.LSTM(2, 3).double()), eighths(nn.LSTM(3, 3, bias=False).double())
    expect("two.pt", "encoder", encoder, 2)
    expect("two.pt", "decoder", decoder, 3)
    save("two.pt", {"encoder": encoder.state_dict(), "decoder": decoder.state_dict()})
    both = Net(nn.LSTM, num_layers=2, bidirectional=True).double()
    expect("stacked.pt", "rnn", eighths(both).rnn, 3)
    save("stacked.pt", both.state_dict())
    save("projected.pt", nn.LSTM(3, 4, proj_size=2).state_dict())
    save("normed.pt", nn.utils.parametrizations.weight_norm(nn.LSTM(3, 4), "weight_hh_l0").state_dict())
    cells = nn.ModuleDict({"lstm": nn.LSTMCell(3, 4), "gru": nn.GRUCell(3, 4), "rnn": nn.RNNCell(3, 4)})
    save("cells.pt", eighths(cells.double()).state_dict())
    save("transformer.pt", nn.TransformerEncoderLayer(4, 2, 8).state_dict())
    save("optimiser.pt", {"optimizer": optimiser, "epoch": 3})
    save("unnamed.pt", list(weights.values()))
    deep = nn.Sequential(
        OrderedDict(lstm=nn.LSTM(3, 4), head=nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 1)))
    )
    save("deep.pt", deep.state_dict())
    save("custom.pt", {
        "cell.W_ih": torch.randn(12, 2), "cell.W_hh": torch.randn(12, 3), "cell.b": torch.randn(12),
        "out.weight": torch.randn(1, 3),
    })  # fmt: skip
    tutorial = nn.ModuleDict({"i2h": nn.Linear(3, 4), "h2h": nn.Linear(4, 4), "h2o": nn.Linear(4, 2)})
    save("tutorial.pt", tutorial.state_dict())
    quantised = torch.ao.quantization.quantize_dynamic(Net(), {nn.LSTM}, dtype=torch.qint8)
    save("quantised.pt", quantised.state_dict())
    save("quantised-whole.pt", torch.ao.quantization.quantize_dynamic(Net(), {nn.LSTM, nn.Linear}, dtype=torch.qint8))


def text_model():
    """An LSTM on word vectors of its own, with its words."""
    net = nn.ModuleDict({"embedding": nn.Embedding(6, 3), "lstm": nn.LSTM(3, 4), "fc": nn.Linear(4, 1)})
    words = {word: k for k, word in enumerate(["<unk>", "the", "film", "was", "not", "good"])}
    save("text.pt", {"state_dict": eighths(net).state_dict(), "vocab": words})


def keras_files():
    """Everything that Keras writes."""
    keras.backend.set_floatx("float64")
    layers = keras.layers

    def model(name, *stack, D=3):
        net = keras.Sequential([keras.Input((5, D)), *stack])
        for weight in net.weights:
            weight.assign(np.round(np.random.default_rng(len(weight.shape)).normal(size=weight.shape) * 8) / 8)
        x = np.random.default_rng(1).normal(size=(1, 5, D))
        for each in net.layers:
            y = np.asarray(each(x).detach())
            if y.ndim == 3 and not isinstance(each, layers.Dense):
                EXPECTED[f"{name}|{each.name}|x"] = x.transpose(1, 0, 2)
                EXPECTED[f"{name}|{each.name}|y"] = y.transpose(1, 0, 2)
                x = y
        return net

    first = model(
        "keras", layers.LSTM(4, return_sequences=True, name="memory"), layers.Dense(1, activation="sigmoid", name="out")
    )
    first.save_weights(HERE / "keras.weights.h5")
    first.save(HERE / "keras.keras")
    first.save(HERE / "keras-legacy.h5")
    stacked = model(
        "keras-stacked",
        layers.Bidirectional(layers.LSTM(2, return_sequences=True), name="both"),
        layers.GRU(3, return_sequences=True, name="gated"),
        layers.GRU(3, return_sequences=True, reset_after=False, name="before"),
        layers.SimpleRNN(2, return_sequences=True, activation="relu", name="simple"),
        layers.RNN(layers.LSTMCell(3), return_sequences=True, name="of_a_cell"),
    )
    stacked.compile(optimizer="adam", loss="mse")
    stacked.fit(np.zeros((1, 5, 3)), np.zeros((1, 5, 3)), verbose=0)
    stacked.save_weights(HERE / "keras-stacked.weights.h5")
    stacked = model("keras-stacked", *(layers.deserialize(layers.serialize(each)) for each in stacked.layers))
    stacked.save(HERE / "keras-stacked.keras")
    stacked.save(HERE / "keras-stacked-legacy.h5")
    text = keras.Sequential(
        [keras.Input((5,)), layers.Embedding(6, 3), layers.LSTM(4), layers.Dense(2, activation="softmax")]
    )
    text.save(HERE / "keras-text.keras")


def main():
    """Write all files."""
    torch.manual_seed(1997)
    HERE.mkdir(exist_ok=True)
    torch_files()
    text_model()
    keras.utils.set_random_seed(1997)
    keras_files()
    np.savez_compressed(HERE.parent / "expected.npz", **EXPECTED)


if __name__ == "__main__":
    main()
