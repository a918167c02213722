"""What the lesson on long-term dependencies computes, by settings; bounded caches, nothing of Streamlit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle, islice
from types import MappingProxyType

import numpy as np

from core import model, zoo
from core.errors import InputError
from core.model import Model
from core.params import Array
from core.retention import Passage, answers_by_gap, passage, sensitivity
from core.sentences import Language, Pronoun, SentenceTask
from core.text import Vocabulary, embedding, one_hot, tokenise
from dashboard.kit.run.settings import Settings
from dashboard.lessons.memory.settings import MOST_FILLER, MOST_TEXT, MemorySettings

MODELS = ("RNN", "LSTM")
KRISH = "Krish likes to eat pizza and he also likes to go to movies"
KRISH_TO_HE = 7  # words up to "he"
OTHERS = ("Maya", "Tom", "Lena", "Sara")
CHAPTER = (1.0, 0.8, 0.6, 0.4, 0.2, 0.1, 0.05)
"""The chapter's retention bars, t = 1 … 7."""
D, H, O = 8, 16, 4  # noqa: E741 - field notation; of a fresh network
MOST_WORDS = 120
EXAMPLE = 20  # words of filler
SEEDS = range(20)  # of fresh networks that the one shown is compared with
FORGETFUL = "context-switch-lstm-bias5"
"""A trained network that does forget beyond the gaps of its training, from every seed, beside two that do not."""
OWN: Mapping[str, str] = MappingProxyType(
    {
        "fresh": "Krish moved to Paris years ago and his friends still write to him",
        "trained": "Krish likes pizza . Yann likes CNN . we now speak of",
    }
)
"""Read while the learner has typed nothing, by which networks read it: the trained ones know few words."""


@dataclass(frozen=True, eq=False)
class FillIn:
    """The fill-in for one country, whatever stands in between.

    Attributes:
        country: Where the speaker grew up.
        right: Place of its language in `Language.classes`.
        answers: By model, ŷ after 0, 1, … words of filler (MOST_FILLER + 1, O).
    """

    country: str
    right: int
    answers: Mapping[str, Array]

    def right_at(self, name: str) -> Array:
        """Probability of the right language after each number of words (MOST_FILLER + 1,)."""
        return self.answers[name][:, self.right]


def filler(text: str, n: int) -> tuple[str, ...]:
    """The first n words of a running text that goes round."""
    return tuple(islice(cycle(text.split()), n))


def fill_words(country: str, gap: int) -> tuple[str, ...]:
    """The sentence up to the blank."""
    return ("I", "grew", "up", "in", country, ".", *filler(Language.filler, gap), "I", "speak", "fluent")


@lru_cache(maxsize=16)
def trained(name: str) -> zoo.Trained:
    """A model of the zoo."""
    return zoo.load(name)


def language_models(start: str) -> dict[str, zoo.Trained]:
    """The two networks of the fill-in."""
    rnn = "language-rnn" if start == "uniform" else f"language-rnn-{start}"
    return {"RNN": trained(rnn), "LSTM": trained("language-lstm")}


@lru_cache(maxsize=32)
def fill_in(country: str, start: str) -> FillIn:
    """Both networks' answers for every length of the filler at once."""
    words = Language.vocabulary
    before, middle, after = (
        one_hot(part, words)
        for part in (fill_words(country, 0)[:6], filler(Language.filler, MOST_FILLER), fill_words(country, 0)[6:])
    )
    found = language_models(start)
    answers = {name: answers_by_gap(each.model, before, middle, after) for name, each in found.items()}
    return FillIn(country, Language.countries.index(country), answers)


@dataclass(frozen=True, eq=False)
class Reading:
    """A sentence read by both networks.

    Attributes:
        words: T of them.
        sizes: By model, ‖∂z/∂x_t‖ (T,).
        answers: By model, what it answers and how sure it is; empty where the networks were never trained.
        asked: Place of the word that holds the answer, counted from 1; 0 where no one word does.
    """

    words: tuple[str, ...]
    sizes: Mapping[str, Array]
    answers: Mapping[str, tuple[str, float]]
    asked: int


def reading(settings: MemorySettings) -> Reading:
    """The chosen sentence read by the chosen networks.

    Raises:
        InputError: The learner's sentence is too long, or has words the trained networks never met.
    """
    sentence = settings.sentence
    own = (settings.text.strip() or OWN[settings.weights]) if sentence == "own" else ""
    country = settings.country if sentence == "france" else ""
    if settings.weights == "trained":
        return _trained_reading(sentence, country, 0 if sentence == "own" else settings.gap, settings.start, own)
    return _fresh_reading(sentence, country, settings.gap if sentence == "france" else 0, settings.seed, own)


def fresh_example(settings: MemorySettings) -> Reading:
    """The chapter's first sentence with a filler of some length, read by fresh networks: what is asked about."""
    return _fresh_reading("france", "France", EXAMPLE, settings.seed, "")


def inspector(settings: MemorySettings) -> Settings:
    """The Inspector's settings for the sentence on the page, read by the networks that read it here.

    Trained ones open by name, with the country's language as the target, or else with what the LSTM answers.
    """
    if networks := readers(settings):
        found = reading(settings)
        classes = networks[-1].task(0).classes
        france = settings.sentence == "france"
        target = Language.countries.index(settings.country) if france else classes.index(found.answers["LSTM"][0])
        names = tuple(each.name for each in networks)
        return Settings(text=" ".join(found.words), trained=names, target=str(target))
    try:
        words = reading(settings).words
    except InputError:  # it cannot be read
        words = fresh_example(settings).words
    return Settings(
        text=" ".join(words), cell="both", D=D, H=H, O=O, loss="softmax", target="0", seed=settings.seed,
        show=("norms", "states", "jacobians"),
    )  # fmt: skip


@lru_cache(maxsize=64)
def _trained_reading(sentence: str, country: str, gap: int, start: str, own: str) -> Reading:
    if sentence == "france":
        words, models, asked = fill_words(country, gap), language_models(start), 5
    elif sentence == "krish":
        words, asked = ("Krish", "liked", "to", "eat", "pizza", *filler(Pronoun.filler, gap), "and"), 1
        models = {"RNN": trained("pronoun-rnn"), "LSTM": trained("pronoun-lstm")}
    else:
        words, asked = _own_words(own), 0
        models = _readers(words, start)
    x = one_hot(words, _vocabulary(models["LSTM"]))
    answers = {}
    for name, each in models.items():
        y_hat = model.run(each.model, x).y_hat[0, 0]
        best = int(y_hat.argmax())
        answers[name] = (each.task(0).classes[best], float(y_hat[best]))
    return Reading(words, {name: sensitivity(each.model, x) for name, each in models.items()}, answers, asked)


def readers(settings: MemorySettings) -> tuple[zoo.Trained, ...]:
    """The trained networks that read the chosen sentence; none where fresh ones do, or where it cannot be read."""
    if settings.weights == "fresh":
        return ()
    if settings.sentence == "france":
        return tuple(language_models(settings.start).values())
    if settings.sentence == "krish":
        return tuple(trained(f"pronoun-{name.lower()}") for name in MODELS)
    try:
        return tuple(_readers(_own_words(settings.text.strip() or OWN[settings.weights]), settings.start).values())
    except InputError:
        return ()


def _vocabulary(of: zoo.Trained) -> Vocabulary:
    task = of.task(0)
    assert isinstance(task, SentenceTask), "the zoo's tasks are sentences"
    return task.vocabulary


def _readers(words: tuple[str, ...], start: str) -> dict[str, zoo.Trained]:
    """The trained networks that know every word of a sentence.

    Raises:
        InputError: None does; the message is that of the networks of the fill-in.
    """
    for task in ("language", "pronoun", "context-switch"):
        if set(words) <= set(_vocabulary(trained(f"{task}-lstm")).words):
            rnn = "language-rnn-orthogonal" if (task, start) == ("language", "orthogonal") else f"{task}-rnn"
            return {"RNN": trained(rnn), "LSTM": trained(f"{task}-lstm")}
    unknown = [word for word in dict.fromkeys(words) if word not in Language.vocabulary.words]
    raise InputError(
        f"The trained networks know a few words only, and not “{unknown[0]}”. Use words of one of the chapter's "
        "sentences, such as “I grew up in Japan . my father sold books . I speak fluent”, or choose the fresh networks."
    )


@lru_cache(maxsize=64)
def _fresh_reading(sentence: str, country: str, gap: int, seed: int, own: str) -> Reading:
    asked = {"france": 5, "krish": 1, "own": 0}[sentence]
    words = fill_words(country, gap) if sentence == "france" else _own_words(KRISH if sentence == "krish" else own)
    x = embedding(words, D, seed=seed)
    return Reading(words, {name: sensitivity(fresh(name, seed), x) for name in MODELS}, {}, asked)


def _own_words(text: str) -> tuple[str, ...]:
    """The learner's words.

    Raises:
        InputError: None, or too many.
    """
    words = tokenise(text, max_tokens=MOST_WORDS, max_chars=MOST_TEXT)
    if not words:
        raise InputError("There is no sentence yet. Type at least one word.")
    return words


@lru_cache(maxsize=32)
def fresh(name: str, seed: int) -> Model:
    """A network as it is drawn: plain start, forget bias 1."""
    kind = name.lower()
    rng = np.random.default_rng([seed, model.KINDS.index(kind)])
    return model.init(kind, D, H, O, rng=rng, loss="softmax")


@dataclass(frozen=True, eq=False)
class Way:
    """What happens to "Krish" on the way to the word that stands for him.

    Attributes:
        words: T of them.
        passages: By model.
    """

    words: tuple[str, ...]
    passages: Mapping[str, Passage]


@lru_cache(maxsize=32)
def way(weights: str, seed: int) -> Way:
    """Follow the first word of the chapter's second sentence, against sentences about somebody else."""
    if weights == "trained":
        words: tuple[str, ...] = ("Krish", "liked", "to", "eat", "pizza", "and")
        encode = [one_hot((who, *words[1:]), Pronoun.vocabulary) for who in ("Krish", *OTHERS)]
        models = {name: trained(f"pronoun-{name.lower()}").model for name in MODELS}
    else:
        words = tuple(KRISH.split()[:KRISH_TO_HE])
        encode = [embedding((who, *words[1:]), D, seed=seed) for who in ("Krish", *OTHERS)]
        models = {name: fresh(name, seed) for name in MODELS}
    x, other = encode[0], np.concatenate(encode[1:], axis=1)
    return Way(words, {name: passage(each, x, other) for name, each in models.items()})


@lru_cache(maxsize=1)
def usual() -> Mapping[str, tuple[float, float]]:
    """By model, the least and the most that is left of the first word at "he", over fresh networks of `SEEDS`."""
    ends = {name: [float(way("fresh", seed).passages[name].left[-1]) for seed in SEEDS] for name in MODELS}
    return MappingProxyType({name: (min(left), max(left)) for name, left in ends.items()})
