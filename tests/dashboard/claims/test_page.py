"""The page of claims, run as a whole."""

from __future__ import annotations

import pytest
from support import page_at

from dashboard.claims import view
from dashboard.claims.trial import trials

NAME = "gradients-05-large-weights"


@pytest.mark.parametrize("name", trials())
def test_a_claim_opens_with_its_runs(name: str) -> None:
    """Whatever numbers its evidence is made of, its figure can be sent."""
    app = page_at("claims", lesson=trials()[name].lesson, claim=name).run()
    assert not app.exception
    assert not app.error
    assert any(view.judged(name).verdict.why in each.value for each in app.markdown)
    assert any(trials()[name].beyond in each.value for each in app.caption)  # what stands below the figure


def test_a_verdict_counts_that_a_run_of_the_whole_page_reads() -> None:
    """A press that comes along with another change runs the page: verdict and runs are told there too."""
    app = page_at("claims", lesson="gradients", verdicts="mine", claim=NAME).run()
    (mine,) = (each for each in app.radio if "It does not hold" in each.options)
    mine.set_value(mine.options[2])
    next(each for each in app.button if each.label == "Commit").click().run()
    assert not app.exception
    assert not app.error
    verdict = view.judged(NAME).verdict.when
    assert any(verdict in each.label for each in app.expander)
    assert any(verdict in each.value for each in app.markdown)
