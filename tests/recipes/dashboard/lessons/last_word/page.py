"""How much the last word moves the state."""

from functools import partial

from dashboard.lessons.last_word import controls, view
from quiz.lessons.last_word import guesses

from dashboard.figure import figure
from dashboard.kit import lesson, parts
from dashboard.kit.asking import guess

LESSON = "last-word"


def shown() -> None:
    """The weight, and the figure that it moves."""
    controls.draw()
    figure(view.states(controls.PAGE.collect().weight), key=LESSON)


settings, problems = controls.PAGE.restored(alive="weight")
lesson.head(LESSON, problems)
guess.beside(LESSON, "state", lambda: guesses.questions(controls.PAGE.collect().weight)[0])
parts.part("last-word.figure", shown, shows=controls.PAGE.collect, what="The figure", ways=controls.PAGE.back())
lesson.deeper(LESSON, "idea", partial(lesson.say, LESSON, "idea"))
lesson.close(LESSON)
