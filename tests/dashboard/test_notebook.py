"""Outside Streamlit: PyTorch's modules taken without it, a notebook that is run, a file that stands alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from torch_like import LSTM, Linear, Narrow, Net

from core import lstm, model, stack
from core.errors import InputError
from core.model import Model
from core.torch_weights import from_torch
from dashboard import notebook
from dashboard.figure import outside
from dashboard.notebook import save_html, show, trace_of, traced

ROOT = Path(__file__).resolve().parents[2]
X = np.random.default_rng(3).normal(size=(7, 3)).astype(np.float32)
SHOWN = ".unrolled-figure .step-name"


def test_a_module_gives_its_states() -> None:
    """The states are those of the module's own weights, float32 as they are kept; an RNN's φ is asked of it."""
    module = LSTM(3, 5)
    expected = stack.forward(from_torch(module.weights), X[:, None].astype(float)).layers[0][0]
    trace = trace_of(module, X)
    np.testing.assert_allclose(trace.cell.h, expected.h, atol=1e-12)
    assert trace.remarks == ("No read-out was given, so the hidden state itself is read.",
                             "No target was given, so the loss is the mean square of what is read.")  # fmt: skip
    assert trace.loss == pytest.approx(float((expected.h[-1] ** 2).mean()))
    rnn = LSTM(3, 5, kind="rnn")
    rnn.nonlinearity = "relu"
    assert trace_of(rnn, X).model.activation == "relu"
    assert (trace_of(rnn, X).cell.h >= 0).all()
    assert trace_of(LSTM(3, 5, kind="gru"), X).model.kind == "gru"


def test_a_whole_module_brings_table_and_read_out() -> None:
    """Numbers of words are looked up, its nn.Linear reads, its own batch order holds, and a class is its target."""
    rng = np.random.default_rng(4)
    net = Net(LSTM(4, 6, layers=2, batch_first=True), Linear(6, 3), rng.normal(size=(20, 4)))
    words = np.array([[3, 1, 4, 1, 5], [9, 2, 6, 5, 3]])
    trace = trace_of(net, words, 2, sequence=1, tokens="nine two six five three")
    read = stack.forward(from_torch(net.lstm.weights), net.table[words[1]][:, None])
    z = read.output[-1, 0] @ net.fc.weight.detach().cpu().numpy().T + net.fc.bias.detach().cpu().numpy()
    np.testing.assert_allclose(trace.logits[0, 0], z, atol=1e-12)
    assert trace.loss == pytest.approx(float(np.log(np.exp(z).sum()) - z[2]))
    assert trace.tokens == ("nine", "two", "six", "five", "three")
    assert trace.remarks == ()
    assert trace_of(net, words).tokens == ("3", "1", "4", "1", "5")
    lower = trace_of(net, words, layer=0)
    below = stack.forward(from_torch(net.lstm.weights), net.table[words[0]][:, None]).layers[0][0]
    np.testing.assert_allclose(lower.cell.h, below.h, atol=1e-12)


def test_tensors_and_read_outs_beside_the_module() -> None:
    """A state dict alone, bfloat16, a read-out given beside it, and a target at every step."""
    module = LSTM(3, 5)
    narrow = {name: Narrow(array) for name, array in module.weights.items()}
    np.testing.assert_array_equal(trace_of(narrow, X).cell.h, trace_of(module, X).cell.h)
    fc = Linear(5, 1)
    every = trace_of(module, X, np.ones(7), readout=fc, read="every")
    assert (every.model.loss, every.logits.shape) == ("bce", (7, 1, 1))
    last = trace_of(module, X, 0.25, readout=(fc.weight, fc.bias))
    assert last.model.loss == "mse"
    np.testing.assert_allclose(last.logits[0], every.logits[-1])
    batch = np.stack([X, 2 * X], axis=1)
    np.testing.assert_array_equal(trace_of(module, batch, sequence=1).x, trace_of(module, 2 * X).x)
    np.testing.assert_array_equal(trace_of(module, batch.transpose(1, 0, 2), batch_first=True).x[:, 0], X)


WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "no module": (lambda: trace_of(3, X), "has no state_dict"),
    "no recurrent layer": (lambda: trace_of({"fc.weight": np.eye(3)}, X), "no recurrent layer"),
    "inputs": (lambda: trace_of(LSTM(4, 5), X), "x has 3 numbers a step, and “LSTM” reads 4"),
    "axes": (lambda: trace_of(LSTM(3, 5), X[0]), "expected (T, 3)"),
    "empty": (lambda: trace_of(LSTM(3, 5), X[:0]), "no steps"),
    "long": (lambda: trace_of(LSTM(1, 2), np.zeros((1001, 1))), "at most 1,000"),
    "text": (lambda: trace_of(LSTM(3, 5), "abc"), "not real numbers"),
    "ragged": (lambda: trace_of(LSTM(3, 5), [[1.0], [1.0, 2.0]]), "rows differ"),
    "nan": (lambda: trace_of(LSTM(3, 5), X * np.nan), "not finite"),
    "layer": (lambda: trace_of(LSTM(3, 5), X, layer=1), "There is no layer 1"),
    "direction": (lambda: trace_of(LSTM(3, 5), X, backward=True), "reads from the end"),
    "which": (lambda: trace_of(LSTM(3, 5), X[:, None], sequence=1), "Choose 0 to 0"),
    "tokens": (lambda: trace_of(LSTM(3, 5), X, tokens=["a"]), "1 tokens for 7 steps"),
    "target": (lambda: trace_of(LSTM(3, 5), X, [1, 2]), "y has 2 numbers; expected 5"),
    "loss": (lambda: trace_of(LSTM(3, 5), X, loss="softmax"), "needs a target"),
    "no loss": (lambda: trace_of(LSTM(3, 5), X, loss="l1"), "expected one of"),
    "read": (lambda: trace_of(LSTM(3, 5), X, read="first"), "expected “last” or “every”"),
    "read-out": (lambda: trace_of(LSTM(3, 5), X, readout=Linear(4, 1)), "expected (O, 5)"),
    "class": (lambda: trace_of(LSTM(3, 5), X, 9, readout=Linear(5, 3), loss="softmax"), "labels from 0 to 2"),
    "core's trace": (lambda: show(model.run(drawn("rnn"), X[:, None])), "of which weights"),  # type: ignore[arg-type]
    "two alike": (lambda: show(traced(drawn("rnn"), X), traced(drawn("rnn"), X)), "same kind"),
    "two sequences": (lambda: show(traced(drawn("rnn"), X), traced(drawn("lstm"), 2 * X)), "different sequences"),
    "nothing": (show, "nothing to show"),
    "panel": (lambda: show(traced(drawn("rnn"), X), panels=["gates"]), "no panel 'gates'"),
    "step": (lambda: show(traced(drawn("rnn"), X), t=8), "Choose 1 to 7"),
}  # fmt: skip


def drawn(kind: str, O: int = 1) -> Model:  # noqa: E741 - field notation
    """A model of core."""
    return model.init(kind, 3, 4, O, rng=np.random.default_rng(2))


@pytest.mark.parametrize(("wrong", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_taken_is_said(wrong: Callable[[], Any], said: str) -> None:
    """Each wrong argument is told in a sentence that names it."""
    with pytest.raises(InputError, match=re.escape(said)):
        wrong()


def test_importing_it_starts_nothing() -> None:
    """The import loads neither Streamlit nor anywidget, and without anywidget the sentence names the command."""
    code = (
        "import sys, dashboard.notebook as n; assert not {'streamlit', 'anywidget', 'pandas'} & set(sys.modules)\n"
        "sys.modules['anywidget'] = None\n"
        "import numpy as np; from core import model\n"
        "m = model.init('rnn', 1, 2, 1, rng=np.random.default_rng(0))\n"
        "try: n.show(n.traced(m, np.ones((3, 1))))\n"
        "except ImportError as problem: print(problem)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=ROOT, check=True)
    assert done.stdout == notebook.INSTALL + "\n"


def snippet() -> str:
    """The three lines of the README."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"## In a notebook.*?```python\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1]


BEFORE = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}]
import numpy as np
from torch_like import LSTM
lstm, x = LSTM(3, 5), np.random.default_rng(3).normal(size=(7, 3)).astype(np.float32)
"""


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for what notebooks keep."""
    for name in ("HOME", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    return tmp_path


def run_notebook(*cells: str) -> Any:
    """A notebook of some cells, run by a kernel on this machine."""
    import nbformat
    from nbclient import NotebookClient

    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(made, kernel_name="python3", timeout=120).execute()
    return made


WIDGET_PAGE = """<!DOCTYPE html><body style="background: #111; margin: 0"><div id="out"></div><script type="module">
const source = await (await fetch("esm.js")).text();
const esm = await import(URL.createObjectURL(new Blob([source], {type: "text/javascript"})));
const state = await (await fetch("state.json")).json();
const model = {get: (name) => state[name], on() {}, off() {}};
window.end = esm.default.render({model, el: document.getElementById("out")});
</script></body>"""


def served(context: BrowserContext, files: dict[str, str]) -> Page:
    """A page whose files the test answers itself; all else it asks for is refused."""
    page = context.new_page()
    kinds = {"html": "text/html", "js": "text/javascript", "json": "application/json"}

    def answer(route: Any) -> None:
        name = route.request.url.rpartition("/")[2] or "index.html"
        if name in files:
            route.fulfill(body=files[name], content_type=kinds[name.rpartition(".")[2]])
        else:
            route.fulfill(status=404)

    page.route("**/*", answer)
    page.goto("http://127.0.0.1:9/")
    return page


@pytest.mark.slow
@pytest.mark.usefixtures("at_home")
def test_a_notebook_shows_the_figure(new_context: Callable[..., BrowserContext]) -> None:
    """The README's lines, run by a kernel, leave a widget whose module draws the figure; arrows move its step."""
    run = run_notebook(BEFORE, snippet())
    states = run.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    (state,) = (each["state"] for each in states.values() if "_esm" in each["state"])
    assert run.cells[1].outputs[0]["data"]["application/vnd.jupyter.widget-view+json"]
    context = new_context()
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    files = {"index.html": WIDGET_PAGE, "esm.js": state["_esm"], "state.json": json.dumps({"figure": state["figure"]})}
    page = served(context, files)
    expect(page.locator(SHOWN)).to_contain_text("Step 4")
    page.locator(".unrolled-figure [role=slider], .unrolled-figure input").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(SHOWN)).to_contain_text("Step 5")
    h = trace_of(LSTM(3, 5), X).cell.h[5, 0, 0]
    expect(
        page.locator(".unrolled-figure").get_by_role("cell", name=f"{h:.5f}".replace("-", "−")).first
    ).to_be_visible()
    dark = page.locator(".unrolled-figure .finding").evaluate("node => getComputedStyle(node).color")
    page.evaluate("document.body.style.background = '#fff'")
    expect(page.locator(".unrolled-figure .finding")).not_to_have_css("color", dark)
    page.evaluate("window.end()")
    expect(page.locator(".unrolled-figure")).to_have_count(0)
    assert errors == []


@pytest.mark.slow
def test_a_file_stands_alone(tmp_path: Path, new_context: Callable[..., BrowserContext]) -> None:
    """Opened from a disk, offline, it asks for nothing, draws both networks, and shows hostile words as they are."""
    hostile = "</script><img src=x onerror=alert(1)><!-- & \u2028"
    rnn, both = traced(drawn("rnn"), X, tokens=[hostile] * 7), traced(drawn("lstm"), X, tokens=[hostile] * 7)
    path = save_html([rnn, both], tmp_path / "two.html", title=f"<b>{hostile}")
    source = path.read_text(encoding="utf-8")
    assert source.count("</script>") == 2
    assert not re.search(r"<(script|link|img|iframe)[^>]*\s(src|href)=", source)
    context = new_context(offline=True, color_scheme="dark", viewport={"width": 390, "height": 800})
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("weberror", lambda error: asked.append(str(error.error)))
    context.on("console", lambda message: asked.append(message.text))
    page = context.new_page()
    page.goto(path.as_uri())
    expect(page.locator(".dock-name")).to_contain_text("Step 4 of 7")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"<b>{hostile}")
    assert page.locator("img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_the_script_is_what_is_built() -> None:
    """What is put around the built figure takes its export away, and nothing in it ends the page's element."""
    module = outside.widget_module()
    assert "as default}" not in module
    assert module.count("export default") == 1
    assert outside._in_script("'</script>' + '<!--'") == "'\\x3C/script>' + '\\x3C!--'"


@pytest.mark.slow
def test_marimo_shows_the_figure(at_home: Path) -> None:
    """A marimo notebook with the README's lines runs, and its output is the widget."""
    source = at_home / "look.py"
    body = "\n".join(f"    {line}" for line in (BEFORE + snippet()).strip().splitlines())
    source.write_text(
        "import marimo\n\napp = marimo.App()\n\n\n@app.cell\ndef _():\n"
        f"{body}\n    return\n\n\nif __name__ == '__main__':\n    app.run()\n"
    )
    code = (
        "import runpy, sys\n"
        f"outputs, _ = runpy.run_path({str(source)!r})['app'].run()\n"
        "print(type(outputs[0]).__name__, outputs[0].figure['T'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=at_home, check=False)
    assert done.stdout == "Figure 7\n", done.stderr


def test_the_cell_of_the_trace_is_cores() -> None:
    """A trace of a model of core is the one that core gives, and can be backpropagated as such."""
    chosen = drawn("lstm")
    trace = traced(chosen, X, [[1.0]])
    assert isinstance(trace.cell, lstm.LSTMTrace)
    assert trace.loss == model.run(chosen, X[:, None].astype(float), np.array([[1.0]])).loss
    assert model.backprop(chosen, trace).grads["W_h"].shape == chosen.cell.W_h.shape
