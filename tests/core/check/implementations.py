"""Implementations in other hands: other conventions, other names, none of them from `core`.

Each returns what its author would save. They are right; tests put slips into them.
"""

from __future__ import annotations

import numpy as np

Arrays = dict[str, np.ndarray]


def sigma(z: np.ndarray) -> np.ndarray:
    """Logistic function."""
    return 1 / (1 + np.exp(-z))


def column_rnn(seed: int = 3, T: int = 6, D: int = 3, H: int = 4) -> Arrays:
    """An RNN on column vectors with Goodfellow's U and W, one sequence, a target at the last step."""
    rng = np.random.default_rng(seed)
    U, W, b = rng.normal(size=(H, D)) / 2, rng.normal(size=(H, H)) / 2, rng.normal(size=(H, 1))
    xs, target = [rng.normal(size=(D, 1)) for _ in range(T)], rng.normal(size=(H, 1))
    hs = [np.zeros((H, 1))]
    for x in xs:
        hs.append(np.tanh(U @ x + W @ hs[-1] + b))
    dU, dW, db = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b)
    dh, deltas = hs[-1] - target, []
    for t in reversed(range(T)):
        delta = (1 - hs[t + 1] ** 2) * dh
        deltas.append(delta)
        dU += delta @ xs[t].T
        dW += delta @ hs[t].T
        db += delta
        dh = W.T @ delta
    return {"U": U, "W": W, "b": b, "x": np.array(xs), "target": target, "h": np.array(hs), "dU": dU, "dW": dW,
            "db": db, "delta": np.array(deltas[::-1])}  # fmt: skip


def batch_first_rnn(seed: int = 4, T: int = 5, B: int = 3, D: int = 2, H: int = 4) -> Arrays:
    """An RNN with the batch first and PyTorch's names; a loss at every step."""
    rng = np.random.default_rng(seed)
    w_ih, w_hh = rng.normal(size=(H, D)) / 2, rng.normal(size=(H, H)) / 2
    b_ih, b_hh = rng.normal(size=H) / 4, rng.normal(size=H) / 4
    x, g_out = rng.normal(size=(B, T, D)), rng.normal(size=(B, T, H))
    out = np.zeros((B, T, H))
    h = np.zeros((B, H))
    for t in range(T):
        out[:, t] = h = np.tanh(x[:, t] @ w_ih.T + b_ih + h @ w_hh.T + b_hh)
    g_ih, g_hh, g_b = np.zeros_like(w_ih), np.zeros_like(w_hh), np.zeros(H)
    carry = np.zeros((B, H))
    for t in range(T)[::-1]:
        d = (g_out[:, t] + carry) * (1 - out[:, t] ** 2)
        before = out[:, t - 1] if t else np.zeros((B, H))
        g_ih += np.einsum("bh,bd->hd", d, x[:, t])
        g_hh += np.einsum("bh,bk->hk", d, before)
        g_b += d.sum(0)
        carry = d @ w_hh
    return {"rnn.weight_ih_l0": w_ih, "rnn.weight_hh_l0": w_hh, "rnn.bias_ih_l0": b_ih, "rnn.bias_hh_l0": b_hh,
            "x": x, "dh_out": g_out, "output": out, "rnn.weight_ih_l0.grad": g_ih, "rnn.weight_hh_l0.grad": g_hh,
            "rnn.bias_ih_l0.grad": g_b}  # fmt: skip


def joined_lstm(seed: int = 5, T: int = 6, B: int = 2, D: int = 3, H: int = 4, blocks: str = "figo") -> Arrays:
    """An LSTM with one W on [h, x], its gate blocks in another order, rows; the sum of squares to a target."""
    rng = np.random.default_rng(seed)
    W, b = rng.normal(size=(H + D, 4 * H)) / 2, rng.normal(size=4 * H)
    x, target = rng.normal(size=(T, B, D)), rng.normal(size=(T, B, H))
    h, c, kept = np.zeros((B, H)), np.zeros((B, H)), []
    for t in range(T):
        joined = np.hstack([h, x[t]])
        z = dict(zip(blocks, np.split(joined @ W + b, 4, axis=1), strict=True))
        i, f, o, g = sigma(z["i"]), sigma(z["f"]), sigma(z["o"]), np.tanh(z["g"])
        before, c = c, f * c + i * g
        h = o * np.tanh(c)
        kept.append((joined, before, i, f, o, g, c, h))
    dW, db = np.zeros_like(W), np.zeros_like(b)
    dh_next, dc = np.zeros((B, H)), np.zeros((B, H))
    for t in reversed(range(T)):
        joined, before, i, f, o, g, c, h = kept[t]
        dh = 2 * (h - target[t]) + dh_next
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        d = {"i": dc * g * i * (1 - i), "f": dc * before * f * (1 - f), "o": dh * np.tanh(c) * o * (1 - o),
             "g": dc * i * (1 - g**2)}  # fmt: skip
        dz = np.hstack([d[k] for k in blocks])
        dW += joined.T @ dz
        db += dz.sum(0)
        dh_next, dc = (dz @ W.T)[:, :H], dc * f
    stacked = {
        name: np.stack([k[n] for k in kept])
        for name, n in zip(("i", "f", "o", "c_tilde", "c", "h"), range(2, 8), strict=True)
    }
    return {"W": W, "b": b, "x": x, "target": target, "dW": dW, "db": db, **stacked}


def gatewise_lstm(seed: int = 6, T: int = 5, D: int = 3, H: int = 4) -> Arrays:
    """An LSTM as in Olah's essay: W_f, W_i, W_C, W_o from the left on [h, x], column vectors, loss at the end."""
    rng = np.random.default_rng(seed)
    W = {k: rng.normal(size=(H, H + D)) / 2 for k in "fiCo"}
    b = {k: rng.normal(size=(H, 1)) for k in "fiCo"}
    xs, dh = rng.normal(size=(T, D, 1)), rng.normal(size=(H, 1))
    given = dh
    h, c, kept = np.zeros((H, 1)), np.zeros((H, 1)), []
    for x in xs:
        z = np.concatenate([h, x])
        f, i, o = (sigma(W[k] @ z + b[k]) for k in "fio")
        g = np.tanh(W["C"] @ z + b["C"])
        before, c = c, f * c + i * g
        h = o * np.tanh(c)
        kept.append((z, before, f, i, g, o, c, h))
    dW, db = {k: np.zeros_like(W[k]) for k in W}, {k: np.zeros_like(b[k]) for k in b}
    dc = np.zeros((H, 1))
    for z, before, f, i, g, o, c, _ in reversed(kept):
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        d = {"f": dc * before * f * (1 - f), "i": dc * g * i * (1 - i), "C": dc * i * (1 - g**2),
             "o": dh * np.tanh(c) * o * (1 - o)}  # fmt: skip
        for k in d:
            dW[k] += d[k] @ z.T
            db[k] += d[k]
        dh = sum(W[k].T @ d[k] for k in d)[:H]
        dc = dc * f
    return (
        {f"W_{k}": W[k] for k in W}
        | {f"b_{k}": b[k] for k in b}
        | {f"dW_{k}": dW[k] for k in W}
        | {f"db_{k}": db[k] for k in b}
        | {"x": xs, "dh_out": given, "h": np.array([k[7] for k in kept]), "f_t": np.array([k[2] for k in kept])}
    )


def torch_lstm(seed: int = 8, T: int = 4, B: int = 3, D: int = 2, H: int = 3) -> Arrays:
    """What a script saves of ``nn.LSTM(batch_first=True)``: i, f, g, o, two biases; loss: the sum of the output."""
    rng = np.random.default_rng(seed)
    w_ih, w_hh = rng.normal(size=(4 * H, D)) / 2, rng.normal(size=(4 * H, H)) / 2
    b_ih, b_hh, x = rng.normal(size=4 * H), rng.normal(size=4 * H), rng.normal(size=(B, T, D))
    h, c, kept = np.zeros((B, H)), np.zeros((B, H)), []
    for t in range(T):
        i, f, g, o = np.split(x[:, t] @ w_ih.T + h @ w_hh.T + b_ih + b_hh, 4, axis=1)
        i, f, g, o, last = sigma(i), sigma(f), np.tanh(g), sigma(o), (h, c)
        c = f * c + i * g
        h = o * np.tanh(c)
        kept.append((*last, i, f, g, o, c, h))
    g_ih, g_hh, g_b = np.zeros_like(w_ih), np.zeros_like(w_hh), np.zeros(4 * H)
    dh_next, dc_next = np.zeros((B, H)), np.zeros((B, H))
    for t in reversed(range(T)):
        before, c_before, i, f, g, o, c, _ = kept[t]
        dh = 1 + dh_next
        dc = dc_next + dh * o * (1 - np.tanh(c) ** 2)
        dz = np.hstack([dc * g * i * (1 - i), dc * c_before * f * (1 - f), dc * i * (1 - g * g),
                        dh * np.tanh(c) * o * (1 - o)])  # fmt: skip
        g_ih, g_hh, g_b = g_ih + dz.T @ x[:, t], g_hh + dz.T @ before, g_b + dz.sum(0)
        dh_next, dc_next = dz @ w_hh, dc * f
    return {"weight_ih_l0": w_ih, "weight_hh_l0": w_hh, "bias_ih_l0": b_ih, "bias_hh_l0": b_hh, "x": x,
            "output": np.stack([k[7] for k in kept], axis=1), "weight_ih_l0.grad": g_ih, "weight_hh_l0.grad": g_hh,
            "bias_ih_l0.grad": g_b, "bias_hh_l0.grad": g_b}  # fmt: skip


def gru(
    seed: int = 9, T: int = 5, B: int = 3, D: int = 2, H: int = 4, *, after: bool = True, new: bool = False
) -> Arrays:
    """A GRU as in books: the reset after the product or before, z the share of the new state or of the old."""
    rng = np.random.default_rng(seed)
    W, U, b = ({k: rng.normal(size=n) / 2 for k in "rzh"} for n in ((D, H), (H, H), (H,)))
    x, g_out, h, kept = rng.normal(size=(T, B, D)), rng.normal(size=(T, B, H)), np.zeros((B, H)), []
    for t in range(T):
        r, z = (sigma(x[t] @ W[k] + h @ U[k] + b[k]) for k in "rz")
        n = np.tanh(x[t] @ W["h"] + b["h"] + (r * (h @ U["h"]) if after else (r * h) @ U["h"]))
        before, h = h, z * n + (1 - z) * h if new else (1 - z) * n + z * h
        kept.append((before, r, z, n, h))
    dW, dU, db = ({k: np.zeros_like(v) for k, v in of.items()} for of in (W, U, b))
    carry = np.zeros((B, H))
    for t in reversed(range(T)):
        before, r, z, n, _ = kept[t]
        dh = g_out[t] + carry
        fresh = z if new else 1 - z
        dn = dh * fresh * (1 - n**2)
        dz = dh * (n - before if new else before - n) * z * (1 - z)
        carry = dh * (1 - fresh)
        if after:
            dr = dn * (before @ U["h"]) * r * (1 - r)
            dU["h"] += before.T @ (dn * r)
            carry = carry + (dn * r) @ U["h"].T
        else:
            back = dn @ U["h"].T
            dr = back * before * r * (1 - r)
            dU["h"] += (r * before).T @ dn
            carry = carry + back * r
        carry = carry + dr @ U["r"].T + dz @ U["z"].T
        for k, d in (("r", dr), ("z", dz), ("h", dn)):
            dW[k] += x[t].T @ d
            db[k] += d.sum(0)
        dU["r"] += before.T @ dr
        dU["z"] += before.T @ dz
    return {"x": x, "dh_out": g_out, "h": np.array([k[4] for k in kept]), "z": np.array([k[2] for k in kept])} | {
        f"{d}{name}_{k}": of[k]
        for d, sets in (("", (W, U, b)), ("d", (dW, dU, db)))
        for name, of in zip("WUb", sets, strict=True)
        for k in of
    }


def fused_gru(arrays: Arrays, *, torch: bool) -> Arrays:
    """The arrays of `gru` joined as PyTorch has them, or as Keras: the batch first, in the order z, r, h."""
    H = len(arrays["b_h"])
    blocks = "rzh" if torch else "zrh"
    joined = {
        d + name: np.concatenate([arrays[f"{d}{name}_{k}"] for k in blocks], axis=-1)
        for d in ("", "d")
        for name in "WUb"
    }
    if torch:
        names = {"W": "gru.weight_ih_l0", "U": "gru.weight_hh_l0", "b": "gru.bias_ih_l0"}
        weights = {names[n] + (".grad" if d else ""): joined[d + n].T for d in ("", "d") for n in "WUb"}
        return weights | {"gru.bias_hh_l0": np.zeros(3 * H)} | {k: arrays[k] for k in ("x", "dh_out", "h")}
    names = {"W": "kernel", "U": "recurrent_kernel", "b": "bias"}
    weights = {("grad_" if d else "") + names[n]: joined[d + n] for d in ("", "d") for n in "WUb"}
    return weights | {k: arrays[k].swapaxes(0, 1) for k in ("x", "dh_out", "h")}
