"""What the recipes of README add to files that are there: the smallest useful example of each, and its place."""

from __future__ import annotations

from typing import NamedTuple


class Addition(NamedTuple):
    """Lines that go into a file: before the first place where ``before`` stands, or at its end if that is empty."""

    file: str
    text: str
    before: str = ""


QUESTION = """
[[question]]
kind = "count"
id = "forward-new-question"
concepts = ["forward-pass"]
prompt = "How many states does an RNN make of 7 words?"
answer = 7
explanation = "One at every step."
slips = [{ answer = "1", name = "took one step for all of them", reply = "That is how many it keeps at a time." }]
"""
CONCEPT = """
[[concept]]
id = "new-concept"
title = "A new concept"
needs = ["forward-pass"]
""" + "".join(
    f"""
[[question]]
kind = "count"
id = "new-concept-{level}"
concepts = ["new-concept"]
level = "{level}"
prompt = "How many networks are {level} to unroll?"
answer = 1
explanation = "Every network is unrolled alike."
slips = [{{ answer = "0", name = "took hard to learn for impossible", reply = "It can be unrolled." }}]
"""
    for level in ("easy", "medium", "hard")
)
TERM = """
[[term]]
id = "last-word"
name = "last word"
text = "The word that is read at the last step."
lesson = "last-word"
"""
TAKE_AWAY = """
[[takeaway]]
id = "last-input-steps"
ask = "How far is the last word from the last state?"
says = "The last word is one activation away from the last state."
"""
MISTAKE = """
[[mistake]]
id = "last-input-matrices"
says = "The last word passes the recurrent weights."
"""
TASK = '''@dataclass(frozen=True)
class OddOnes(Task):
    """Random bits; at the end: is the number of ones among the last ``window`` odd?"""

    name = "odd-ones"
    title = "Odd ones"
    description = "Say whether the number of ones at the end is odd."
    D, loss, chance = 1, "bce", 1 / 2
    bounds = MappingProxyType({"length": (9, 50), "window": (1, 9)})

    length: int = 9
    window: int = 2

    @property
    def T(self) -> int:
        """Same as length."""
        return self.length

    def draw(self, rng: np.random.Generator, B: int) -> Batch:
        """Draw B sequences: x bits (T, B, 1), y whether the last ones are odd (B, 1)."""
        bits = rng.integers(2, size=(self.T, B, 1))
        y = (bits[-self.window :].sum(axis=0) % 2).astype(np.float64)
        return Batch(bits.astype(np.float64), y, tuple(map(str, bits[:, 0, 0].tolist())))


'''
ORACLE = """    "odd-ones": lambda task, x: np.sum(x[-task.window :]) % 2,
"""
NUMBERS = """    "forward-new-question": 7,
    "last-input-steps": 1,
    "last-input-matrices": 1,
    "last-input-slope": (1 - 0.6**2) * 0.5,
    **dict.fromkeys(("new-concept-easy", "new-concept-medium", "new-concept-hard"), 1),
"""
MODEL = """    | {"odd-ones-rnn": Recipe("odd-ones", "rnn", H=4, most_gap=12, steps=20, gaps=(9, 12), shows="speed")}
"""

ADDITIONS = (
    Addition("quiz/lessons/manifest.toml", 'last-word = "The last word"\n\n', "[topics]"),
    Addition("quiz/lessons/forward/bank.toml", QUESTION + CONCEPT),
    Addition("quiz/revision/content/terms.toml", TERM),
    Addition("quiz/revision/content/takeaways.toml", TAKE_AWAY),
    Addition("quiz/revision/content/mistakes.toml", MISTAKE),
    Addition("core/tasks.py", TASK, "TASKS: Mapping"),
    Addition("core/tasks.py", "OddOnes, ", "Recall, Adding,"),
    Addition("core/tasks.py", '"OddOnes", ', '"Parity", '),
    Addition("tests/core/test_tasks.py", ORACLE, '    "recall": '),
    Addition("tests/quiz/test_bank_numbers.py", NUMBERS, '    "forward-first-step": '),
    Addition("core/zoo/recipes.py", MODEL, "    # At this rate"),
    Addition(
        "dashboard/kit/navigation.py", '            Place("notes/page.py", "Notes", "notes"),\n',
        '            Place("progress/page.py"',
    ),
)  # fmt: skip
