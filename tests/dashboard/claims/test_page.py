"""The page of claims, run as a whole."""

from __future__ import annotations

from support import page_at

from dashboard.claims import view

NAME = "gradients-05-large-weights"


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
