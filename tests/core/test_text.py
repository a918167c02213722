"""Sentences to tokens, tokens to vectors."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.text import Vocabulary, embedding, one_hot, tokenise

SENTENCE = "Krish likes to eat pizza and he also likes to go to movies"


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", ()),
        (" \t\n\u200d", ()),
        ("Krish likes pizza.", ("Krish", "likes", "pizza", ".")),
        (
            "I grew up in France ... I speak fluent ___",
            ("I", "grew", "up", "in", "France", "...", "I", "speak", "fluent", "___"),
        ),
        ("Really?! don't, a-b", ("Really", "?", "!", "don't", ",", "a-b")),
        ("l’été", ("l’été",)),
        ("3.14 1,000 -5.", ("3.14", "1,000", "-", "5", ".")),
        ("<script>alert('x')</script>", ("<", "script>alert('x')</script", ">")),
        ("👩🏽‍🚀 ❤️! 🇫🇷 1️⃣", ("👩🏽‍🚀", "❤️", "!", "🇫🇷", "1️⃣")),
        ("कृष्ण को पिज़्ज़ा पसंद है।", ("कृष्ण", "को", "पिज़्ज़ा", "पसंद", "है", "।")),
        ("مرحبا، می‌خواهم", ("مرحبا", "،", "می‌خواهم")),
        ("我喜欢。", ("我", "喜", "欢", "。")),
        ("cafe\u0301 caf\u00e9", ("caf\u00e9", "caf\u00e9")),
        ("re\u00admember \u202eabc", ("remember", "abc")),
    ],
)
def test_tokens_of_known_sentences(text, tokens):
    """Words, numbers, emoji and marks of any script come out as a reader would count them."""
    assert tokenise(text) == tuple(unicodedata.normalize("NFC", token) for token in tokens)


@given(st.text(max_size=200))
def test_tokenise_loses_no_visible_character(text):
    """Arbitrary text never raises, and the tokens hold every visible character in its order."""

    def visible(part):
        return "".join(c for c in part if unicodedata.category(c)[0] not in "CZ")

    tokens = tokenise(text)
    assert visible("".join(tokens)) == visible(unicodedata.normalize("NFC", text))
    assert all(token and not any(c.isspace() for c in token) for token in tokens)


@given(st.lists(st.text(st.characters(categories=["Lu", "Ll", "Mn", "Nd"]), min_size=1), max_size=20))
def test_words_with_spaces_between_stay_words(words):
    """Splitting is finished: tokenising the tokens again changes nothing."""
    tokens = tokenise(" ".join(words))
    assert tokenise(" ".join(tokens)) == tokens


def test_limits_are_plain_errors():
    """Too long a text is refused with its size, the limit and the mend, and a huge one at once."""
    with pytest.raises(InputError, match=r"5,000 words.*at most 200 fit\. Shorten it"):
        tokenise("a " * 5000)
    with pytest.raises(InputError, match="50,000,000 characters; at most 100,000"):
        tokenise("a" * 50_000_000)
    assert len(tokenise("a " * 5000, max_tokens=5000)) == 5000


def test_vocabulary_is_in_order_of_first_appearance():
    """Index k is the k-th new word, and words map back to their indices."""
    vocabulary = Vocabulary.of(tokenise(SENTENCE))
    assert vocabulary.words == ("Krish", "likes", "to", "eat", "pizza", "and", "he", "also", "go", "movies")
    assert vocabulary.indices(["to", "Krish", "to"]).tolist() == [2, 0, 2]
    assert len(vocabulary) == 10
    assert vocabulary == Vocabulary(vocabulary.words)


def test_vocabulary_names_every_unknown_word():
    """All unknown words are reported at once, with the known ones as the mend."""
    with pytest.raises(InputError) as caught:
        Vocabulary(("a", "b")).indices(["a", "x", "y", "x"])
    assert caught.value.problems == (
        "“x” is not among the words known here: a, b.",
        "“y” is not among the words known here: a, b.",
    )
    with pytest.raises(InputError, match="all different"):
        Vocabulary(("a", "a"))


@pytest.mark.parametrize("encode", [lambda t: one_hot(t, Vocabulary(("a",))), lambda t: embedding(t, 3, seed=0)])
def test_an_empty_sentence_is_refused(encode):
    """No tokens means no sequence: the learner is asked for a word."""
    with pytest.raises(InputError, match=r"no words\. Type at least one"):
        encode(())


def test_one_hot_rows_point_at_their_word():
    """Each step has a single 1, at its word's index."""
    tokens = tokenise(SENTENCE)
    vocabulary = Vocabulary.of(tokens)
    x = one_hot(tokens, vocabulary)
    assert x.shape == (13, 1, 10)
    assert (x.sum(axis=2) == 1).all()
    assert tuple(vocabulary.words[k] for k in x[:, 0].argmax(axis=1)) == tokens


def test_embedding_of_a_word_depends_on_word_and_seed_alone():
    """Editing one word leaves every other vector as it was; another seed changes them all; a wider D only appends."""
    before = embedding(["Krish", "likes", "pizza"], 8, seed=1)
    after = embedding(["Maya", "likes", "pizza"], 8, seed=1)
    assert before.shape == (3, 1, 8)
    assert np.array_equal(before[1:], after[1:])
    assert not np.array_equal(before[0], after[0])
    assert not np.isclose(before, embedding(["Krish", "likes", "pizza"], 8, seed=2)).any()
    assert np.array_equal(embedding(["Krish"], 20, seed=1)[..., :8], before[:1])
    with pytest.raises(InputError, match="D: expected"):
        embedding(["a"], 0, seed=1)


def test_embedding_is_the_same_on_every_machine():
    """The vectors are part of shared links: they may never change between versions."""
    assert embedding(["Krish"], 3, seed=0)[0, 0].tolist() == [
        0.5988425039661835,
        0.4202600069762925,
        0.09682747592617802,
    ]


def test_embedding_is_uniform():
    """Entries lie in [-1, 1) with the mean and spread of a uniform distribution."""
    x = embedding([f"w{k}" for k in range(500)], 100, seed=3)
    assert -1 <= x.min() < -0.99
    assert 0.99 < x.max() < 1
    assert abs(x.mean()) < 0.02
    assert abs(x.var() - 1 / 3) < 0.01


@given(st.text(max_size=60) | st.text("a\ud800\udfff\x00\u200d\u202e．é\u0301", max_size=20), st.integers())
def test_any_text_becomes_vectors_or_a_plain_problem(text, seed):
    """What is left of control characters, joiners and halves of characters is read too, or nothing is left to read."""
    tokens = tokenise(text)
    if not tokens:
        with pytest.raises(InputError, match="no words"):
            embedding(tokens, 3, seed=seed)
        return
    assert np.isfinite(embedding(tokens, 3, seed=seed)).all()
    assert one_hot(tokens, Vocabulary.of(tokens)).sum() == len(tokens)
