"""PyTorch's side of the benchmarks: the same jobs as `core` does, as a PyTorch user would write them."""

import torch
from torch.nn import functional as F  # noqa: N812 - PyTorch's own habit

from core import torch_weights
from core.layer import kind_of
from core.model import Model
from core.stack import StackParams

torch.set_num_threads(1)


LAYERS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}


def layer(params):
    """PyTorch's layer with the weights of one of `core`, or of a stack."""
    stack = params if isinstance(params, StackParams) else StackParams(((params,),))
    state = {name: torch.from_numpy(array) for name, array in torch_weights.to_torch(stack).items()}
    D, H = stack.sizes[0], stack.parts[0].H
    shape = {"num_layers": len(stack.layers), "bidirectional": stack.bidirectional}
    net = LAYERS[stack.kind](D, H, dtype=state["weight_hh_l0"].dtype, **shape)
    net.load_state_dict(state)
    return net


def fused(params, x, dh_out):
    """A call that runs PyTorch's layer forward and backward and returns dx and the weights' gradients."""
    net, x, dh_out = layer(params), torch.from_numpy(x).requires_grad_(), torch.from_numpy(dh_out)
    wanted = [x, *net.parameters()]
    return lambda: torch.autograd.grad(net(x)[0], wanted, dh_out)


def inspected(params, x, dh_out):
    """A call that leaves every gate, state and pre-activation with its gradient: the cell written out, eager."""
    assert kind_of(params) == "lstm"
    net, x, dh_out = layer(params), torch.from_numpy(x).requires_grad_(), torch.from_numpy(dh_out)
    W_ih, W_hh, b_ih, b_hh = net.parameters()
    zeros = torch.zeros(x.shape[1], params.H, dtype=x.dtype)

    def job():
        net.zero_grad()
        x.grad, h, c, kept = None, zeros, zeros, []
        for x_t in x:
            a = F.linear(x_t, W_ih, b_ih) + F.linear(h, W_hh, b_hh)
            i, f, g, o = a.chunk(4, dim=-1)
            i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
            c = f * c + i * g
            h = o * c.tanh()
            step = (a, i, f, g, o, c, h)
            for value in step:
                value.retain_grad()
            kept.append(step)
        torch.stack([step[-1] for step in kept]).backward(dh_out)
        return kept

    return job


def training(model: Model, batches, lr):
    """A call that trains ``nn.LSTM`` and a linear read-out with Adam on given batches and returns the loss curve."""
    batches = [(torch.from_numpy(x), torch.from_numpy(y)) for x, y in batches]

    def job():
        net, readout = layer(model.cell), torch.nn.Linear(*model.W_y.shape, dtype=torch.float64)
        with torch.no_grad():
            readout.weight.copy_(torch.from_numpy(model.W_y.T))
            readout.bias.copy_(torch.from_numpy(model.b_y))
        # core has one bias where PyTorch has two, and Adam would move both: leave the second at zero.
        net.bias_hh_l0.requires_grad_(False)
        trained = [p for p in (*net.parameters(), *readout.parameters()) if p.requires_grad]
        adam, curve = torch.optim.Adam(trained, lr=lr), []
        for x, y in batches:
            adam.zero_grad()
            loss = F.cross_entropy(readout(net(x)[0][-1]), y)
            loss.backward()
            adam.step()
            curve.append(loss.item())
        return curve

    return job
