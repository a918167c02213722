r"""Which declared quantity a typed symbol means: ``C_{t-1}`` and ``cprev`` are ``c_prev``, ``\delta_t`` is ``da``.

A symbol is a letter or word with marks: of time (prev, next), of kind (hat, tilde, out, plus, minus) and labels (the
``h`` of ``W_h``). Marks of time and kind must agree; a label may be left out or added where only one name fits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

_GREEK = str.maketrans(
    {
        "σ": "sigma", "ς": "sigma", "δ": "delta", "Δ": "Delta", "α": "alpha", "β": "beta", "γ": "gamma", "ε": "epsilon",
        "ϵ": "epsilon", "η": "eta", "θ": "theta", "λ": "lambda", "μ": "mu", "ν": "nu", "ρ": "rho", "τ": "tau",
        "φ": "phi", "ϕ": "phi", "ψ": "psi", "ω": "omega", "π": "pi", "∂": "d",
    }
)  # fmt: skip

_KINDS = frozenset({"prev", "next", "hat", "tilde", "bar", "out", "plus", "minus"})
_NOW = frozenset({"t", "now", "new", "cur", "current", "curr"})
_MEANT = {
    "tm1": "prev", "last": "prev", "previous": "prev", "before": "prev", "tp1": "next", "recurrent": "h", "rec": "h",
    "hidden": "h", "hh": "h", "input": "x", "in": "x", "ih": "x", "xh": "x", "hx": "x",
}  # fmt: skip
_RUN_ON = re.compile(r"([a-z]+?)_?(prev|next|hat|tilde|out|plus|minus|old|tm1)", re.IGNORECASE)
_BEFORE = re.compile(r"(prev|previous|old|last|next|tilde|hat)_([A-Za-z]\w*)")
_GRADIENT = re.compile(r"(?:delta_?|grad_|dLd|dL_d)([A-Za-z]\w*)|([A-Za-z]\w*)_grad")
_SAME = (("alpha", "eta", "lr", "learning_rate"), ("eps", "epsilon"))
_WEIGHTS = frozenset({"w"})
_LABELS = frozenset({"cell", "forget", "gate", "max", "hidden", "state"})
_LONGEST = 24  # letters of one symbol among several run together


def ascii_name(name: str) -> str:
    """A name with Greek letters spelt out, as it is compared: ``δ_t`` is ``delta_t``."""
    return unicodedata.normalize("NFC", name).translate(_GREEK)


@dataclass(frozen=True)
class Symbol:
    """A base with its marks."""

    base: str
    kinds: frozenset[str]
    labels: frozenset[str]


@dataclass(frozen=True)
class Names:
    """The declared names of a question, to be found by what is typed.

    Attributes:
        declared: As declared, by their ASCII spelling.
        steps: Whether one of them has a value for each step, so that a sum over t adds its entries up.
    """

    declared: dict[str, str]
    steps: bool
    _symbols: dict[str, Symbol]
    _found: dict[tuple[str, bool], str | None] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, names: Collection[str]) -> Names:
        """Names as a question declares them."""
        declared = {ascii_name(name): name for name in names}
        shapes = names.values() if isinstance(names, Mapping) else ()
        return cls(declared, any("T" in shape for shape in shapes), {name: next(_symbols(name)) for name in declared})

    def find(self, typed: str, *, loosely: bool = False) -> str | None:
        """The declared name meant; None if there is none, or more than one.

        Args:
            typed: A symbol in its plain spelling.
            loosely: Whether a label may be left out or added.
        """
        key = (typed, loosely)
        if key not in self._found:
            match = self._loosely if loosely else self._same
            name = next(filter(None, map(match, _symbols(typed))), None)
            self._found[key] = self.declared[typed] if typed in self.declared else name and self.declared[name]
        return self._found[key]

    def split(self, typed: str) -> list[str] | None:
        """Symbols run together, ``fc_prev`` or ``f_tC_prev``, as few as will do; None if it can't be parted."""
        best: list[list[str] | None] = [[]]
        for end in range(1, len(typed) + 1):
            options: list[list[str]] = []
            for start in range(max(0, end - _LONGEST), end):
                before, part = best[start], typed[start:end]
                if before is not None and part[0] != "_" and (name := self._run_on(part)):
                    options.append([*before, name])
            best.append(min(options, key=len) if options else None)
        return best[-1]

    def _run_on(self, part: str) -> str | None:
        """A symbol among several: spelt as declared, or with marks that part it from its neighbours."""
        if part in self.declared:
            return self.declared[part]
        if part.endswith("_"):
            return None
        if len(part) == 1:
            return self.find(part) or self.find(part, loosely=True)
        return self.find(part) if "_" in part or part in _GREEK.values() else None

    def near(self, typed: str) -> list[str]:
        """The declared names that a symbol without marks may stand for, where they are several."""
        symbol = _symbol(ascii_name(typed))
        if symbol.kinds or symbol.labels:
            return []
        near = [name for name, other in self._symbols.items() if other.base.casefold() == symbol.base.casefold()]
        return [self.declared[name] for name in near] if len(near) > 1 else []

    def use(self) -> str:
        """What to type instead."""
        return f"use {', '.join(self.declared.values())}" if self.declared else "type a number, such as 0.25"

    def _same(self, symbol: Symbol) -> str | None:
        """The name with the same marks; in the other case if only one fits."""
        exact = [name for name, other in self._symbols.items() if other == symbol]
        folded = [name for name, other in self._symbols.items() if _folded(other) == _folded(symbol)]
        return exact[0] if len(exact) == 1 else folded[0] if len(folded) == 1 else None

    def _loosely(self, symbol: Symbol) -> str | None:
        """The only name that differs in no more than a label left out or added."""
        fits = [
            name
            for name, other in self._symbols.items()
            if other.base.casefold() == symbol.base.casefold()
            and other.kinds == symbol.kinds
            and _agree(
                {label.casefold() for label in symbol.labels}, {label.casefold() for label in other.labels}, symbol
            )
        ]
        return fits[0] if len(fits) == 1 else None


def _agree(typed: set[str], declared: set[str], symbol: Symbol) -> bool:
    if not typed:
        return True
    if not declared:
        weight = symbol.base.casefold() in _WEIGHTS and not typed <= {"h"}
        return not weight and all((len(label) == 1 and label.isalpha()) or label in _LABELS for label in typed)
    letters = set("".join(typed))
    return declared <= letters and letters - declared <= {"f", "i", "o", "g", "c"}


def _folded(symbol: Symbol) -> tuple[str, frozenset[str], frozenset[str]]:
    return symbol.base.casefold(), symbol.kinds, frozenset(label.casefold() for label in symbol.labels)


def _symbols(typed: str) -> Iterator[Symbol]:
    """What a typed symbol may stand for, the likeliest first."""
    name = ascii_name(typed)
    names = [name]
    if "old" in name.split("_"):  # W_old is W where nothing is called W_prev
        names.append("_".join(part for part in name.split("_") if part != "old"))
    if match := _RUN_ON.fullmatch(name):
        names.append(f"{match[1]}_{match[2]}")
    if match := _BEFORE.fullmatch(name):
        names.append(f"{match[2]}_{match[1]}")
    if match := _GRADIENT.fullmatch(name):
        names.append(f"d{match[1] or match[2]}")
    for group in _SAME:
        if name in group:
            names += [other for other in group if other != name]
    for one in names:
        symbol = _symbol(one)
        yield symbol
        if symbol.base.casefold() == "c" and "tilde" in symbol.kinds:  # the chapter writes C̃ for g
            yield Symbol("g", symbol.kinds - {"tilde"}, symbol.labels)
        if symbol.base.casefold() in {"loss", "cost"}:
            yield Symbol("L", symbol.kinds, symbol.labels)
        if symbol.base == "delta" and not symbol.kinds and symbol.labels <= {"a"}:  # the house's δ_t is ∂L/∂a_t
            yield Symbol("da", symbol.kinds, frozenset())


def _symbol(name: str) -> Symbol:
    base, *parts = name.split("_") if not name.startswith("_") else [name]
    if not parts and (match := re.fullmatch(r"([A-Za-z]+)(\d+)", base)):
        base, parts = match[1], [match[2]]
    marks = [
        _MEANT.get(part, part) if base.casefold() in _WEIGHTS or _MEANT.get(part) in _KINDS else part for part in parts
    ]
    marks = [mark.casefold() if mark.casefold() in _KINDS else mark for mark in marks]
    marks = ["prev" if mark == "old" else mark for mark in marks if mark and mark not in _NOW]
    return Symbol(base, frozenset(marks) & _KINDS, frozenset(marks) - _KINDS)
