"""A workbench comes back as it was; what is none, damaged, too large or of a later edition is told, and never run."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pytest

from core import lstm, rnn
from core.checkpoints import Embedding
from core.errors import InputError
from core.stack import StackParams
from dashboard.kit.run import compute, workbench
from dashboard.kit.run.own import Uploaded
from dashboard.kit.run.settings import MAX_CHARS, Edit, Settings

RNG = np.random.default_rng(5)
OWN = Uploaded("lstm", lstm.init(3, 4, rng=RNG), RNG.normal(size=(4, 2)), np.zeros(2), name="mine", from_file=True)
B, W_H = "lstm/0/forward/b.npy", "lstm/0/forward/W_h.npy"
PLAIN = replace(Settings(), text="schöne Grüße, <b>", t=3, edits=(Edit("rnn", "b", (0,), 0.25),), show=("norms",))


def same(one: Any, other: Any) -> bool:
    """Whether two networks or settings hold the same, numbers to the last bit."""
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if hasattr(one, "__dataclass_fields__"):
        return type(one) is type(other) and all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return bool(one == other)


STACK = StackParams(tuple(tuple(lstm.init(D, H, rng=RNG) for _ in range(2)) for D, H in ((5, 2), (4, 4))))
DEEP = replace(OWN, stack=STACK, layer=2, direction="backward", cell=STACK.layers[1][1], W_y=RNG.normal(size=(8, 2)),
               table=Embedding("emb", RNG.normal(size=(3, 5)), (), ("a", "<b>", "ü"), "the workbench"))  # fmt: skip
NETWORKS: dict[str, dict[str, Uploaded]] = {
    "none": {},
    "one": {"lstm": OWN},
    "two": {"lstm": OWN, "rnn": Uploaded("rnn", rnn.init(3, 4, rng=RNG), None, None)},
    "stack and words": {"lstm": DEEP},
}


@pytest.mark.parametrize("own", NETWORKS.values(), ids=NETWORKS)
def test_it_comes_back_as_it_was(own: dict[str, Uploaded]) -> None:
    """Settings, step, weights to the last bit, a whole stack and words; saved again it is the same file."""
    content = workbench.written(PLAIN, own)
    found = workbench.read(content)
    assert (found.settings, found.problems) == (PLAIN, ())
    assert set(found.own) == set(own)
    assert all(same(found.own[kind], each) for kind, each in own.items())
    assert workbench.written(found.settings, found.own) == content


def test_weights_that_a_seed_gives_come_along() -> None:
    """They are drawn again as long as the draw is the same; where it gives others, those of the file stand."""
    settings = replace(PLAIN, cell="both", H=3)
    drawn = compute.start(settings, compute.sequence(settings))
    seeded = {kind: Uploaded(kind, each.cell, each.W_y, each.b_y) for kind, each in drawn.items()}
    found = workbench.read(workbench.written(settings, {}, seeded))
    assert (found.own, workbench.drifted(found)) == ({}, {})
    assert all(same(found.seeded[kind], each) for kind, each in seeded.items())
    other = replace(seeded["lstm"], cell=replace(seeded["lstm"].cell, W_h=seeded["lstm"].cell.W_h + 1e-12))
    moved = workbench.read(workbench.written(settings, {}, seeded | {"lstm": other}))
    assert list(workbench.drifted(moved)) == ["lstm"]
    assert same(workbench.drifted(moved)["lstm"], other)
    assert workbench.drifted(replace(moved, settings=replace(settings, text=""))) == {}


def test_a_long_table_comes_along_and_computes_the_same() -> None:
    """Numbers beyond what a link or a field holds are in the file, and the network reads of them what it read."""
    text = "\n".join(repr(float(np.sin(k))) for k in range(2_000))
    long = replace(Settings(), source="numbers", numbers=text, every=4, cell="lstm", loss="mse", target="0.5", H=4)
    assert len(text) > MAX_CHARS
    own = {"lstm": Uploaded("lstm", lstm.init(1, 4, rng=RNG), None, None)}
    found = workbench.read(workbench.written(long, own))
    assert found.settings == long
    before, after = (
        compute.inspect(s, q, compute.start(s, q, o)).runs[0].trace
        for s, o in ((long, own), (found.settings, found.own))
        for q in (compute.sequence(s),)
    )
    np.testing.assert_array_equal(before.cell.h, after.cell.h)
    assert before.loss == after.loss


@dataclass
class File:
    """A workbench taken apart."""

    parts: dict[str, bytes]
    head: dict[str, Any]


def changed(own: dict[str, Uploaded], change: Callable[[File], object]) -> bytes:
    """A file of which parts or head were changed."""
    with zipfile.ZipFile(io.BytesIO(workbench.written(PLAIN, own))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    head = json.loads(parts[workbench.HEAD])
    change(File(parts, head))
    if workbench.HEAD in parts:
        parts[workbench.HEAD] = json.dumps(head).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def npy(array: Any) -> bytes:
    """An array as NumPy keeps it, pickled where it holds objects."""
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def claims(shape: str) -> bytes:
    """16 numbers of which the header says something else."""
    whole = npy(np.zeros(16))
    return whole.replace(b"(16,), }" + b" " * (len(shape) - 5), f"{shape}, }}".encode())


class Runs:
    """What a pickle would run."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("a pickle was run",))


def bomb() -> bytes:
    """A small archive that says of itself that it unpacks to more than is read."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(workbench.HEAD, "{}")
        archive.writestr("lstm/W_x.npy", bytes(65_000_000))
    return buffer.getvalue()


WRONG: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "no workbench"),
    "other": (b"\x89PNG", "no workbench"),
    "large": (b"PK" + bytes(workbench.MAX_BYTES), "at most 25 MB"),
    "cut": (workbench.written(PLAIN, {})[:-9], "damaged"),
    "bomb": (bomb(), "unpacks to more than"),
    "another archive": (changed({}, lambda f: f.parts.pop(workbench.HEAD)), "no workbench"),
    "another form": (changed({}, lambda f: f.head.update(form="x")), "no workbench"),
    "later": (changed({}, lambda f: f.head.update(version=2)), "saved by a later edition (version 2"),
    "no version": (changed({}, lambda f: f.head.update(version="1")), "its version"),
    "no settings": (changed({}, lambda f: f.head.update(settings=[1])), "its settings"),
    "three": (changed({}, lambda f: f.head.update(networks=[{}] * 3)), "list of one or two"),
    "odd network": (changed({}, lambda f: f.head.update(networks=[3])), "makes no sense"),
    "kind": (changed({"lstm": OWN}, lambda f: f.head["networks"][0].update(kind="qrnn")), "not known"),
    "missing": (changed({"lstm": OWN}, lambda f: f.parts.pop(B)), "lstm/0/forward/b is missing"),
    "no array": (changed({"lstm": OWN}, lambda f: f.parts.update({B: b"x"})), "no array"),
    "pickle": (changed({"lstm": OWN}, lambda f: f.parts.update({B: npy(np.array([Runs()]))})),
               "no array of float64"),
    "pickled head": (changed({}, lambda f: f.parts.update({B: pickle.dumps(Runs())})), ""),
    "nan": (changed({"lstm": OWN}, lambda f: f.parts.update({B: npy(np.full(16, np.nan))})),
            "not finite"),
    "shape": (changed({"lstm": OWN}, lambda f: f.parts.update({B: npy(np.zeros(15))})), "(15,)"),
    "square": (changed({"lstm": OWN}, lambda f: f.parts.update({W_H: npy(np.zeros((4, 4)))})),
               "W_"),
    "claims": (changed({"lstm": OWN}, lambda f: f.parts.update({B: claims("(99999999999,)")})), "128 bytes"),
    "less": (changed({"lstm": OWN}, lambda f: f.parts.update({B: claims("(-16,)")})), "no array of float64"),
    "integers": (changed({"lstm": OWN}, lambda f: f.parts.update({B: npy(np.zeros(16, int))})), "float64"),
    "layers": (changed({"lstm": DEEP}, lambda f: f.head["networks"][0].update(directions=1, direction="forward")),
               "lie on each other"),
    "words": (changed({"lstm": DEEP}, lambda f: f.head["networks"][0]["table"].update(words=["a"])),
              "1 words for 3"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_a_file_is_told(content: bytes, said: str) -> None:
    """Each is refused with a sentence that says what it is; a pickle in it is never opened."""
    if not said:
        assert workbench.read(content).own == {}
        return
    with pytest.raises(InputError) as problem:
        workbench.read(content)
    assert said in str(problem.value)


def test_settings_that_are_not_known_are_named() -> None:
    """A workbench of another edition opens with what is understood of it."""
    content = changed({}, lambda f: f.head["settings"].update(gatez="3", H="9999"))
    found = workbench.read(content)
    assert found.settings == PLAIN
    assert [problem.split(" sets ")[0] for problem in found.problems] == ["The workbench"] * 2


def test_the_chosen_step_is_read_from_the_address() -> None:
    """Only a step that there can be; else the settings' own."""
    assert [workbench.steps_of(text, 7) for text in ("3", "0", "1001", "²", "-1", "", None, "99999")] == [3] + [7] * 7
