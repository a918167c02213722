"""What the terminal prints and how a typed line becomes a response: pure functions, plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_lowercase

from quiz.grading.answers import Unreadable
from quiz.grading.grade import HINT_COST, Grade, answer_text, grade, shuffled
from quiz.grading.slips import told
from quiz.grading.text.grader import TextGrade
from quiz.grading.text.told import VERDICTS as TEXT_VERDICTS
from quiz.grading.text.told import how_sure, unnamed
from quiz.interview.interview import Report
from quiz.interview.pace import clock
from quiz.lessons import TOPICS
from quiz.load import Bank
from quiz.plaintext import inline, readable
from quiz.practice.progress import Mastery
from quiz.schema import Choice, Claims, Cloze, Exact, Formula, Multi, Open, Order, Shape

VERDICTS = {"correct": "+ Right", "partial": "~ Partly right", "wrong": "x Not right", "undecided": "- Not judged"}
CALLS = {"t": True, "true": True, "f": False, "false": False}
BAR = 20  # characters of a full bar


def choices(question: Exact, order: Sequence[str]) -> str:
    """What there is to choose from, in the order shown; or how the answer is written."""
    match question:
        case Choice(options=options) | Multi(options=options):
            texts = {option.id: option.text for option in options}
            return _listed(ascii_lowercase, [texts[name] for name in order])
        case Claims(claims=claims):
            texts = {claim.id: claim.text for claim in claims}
            return _listed([str(number) for number in range(1, len(order) + 1)], [texts[name] for name in order])
        case Order(steps=steps):
            texts = {str(number): step for number, step in enumerate(steps, 1)}
            return _listed([str(number) for number in range(1, len(order) + 1)], [texts[name] for name in order])
        case Cloze(text=text, blanks=blanks):
            for number in range(1, len(blanks) + 1):
                text = text.replace(f"{{{number}}}", f"[__{number}__]")
            return readable(text)
        case Formula(variables=variables):
            return f"Write it with {', '.join(variables)}; for example a*b + tanh(c)."
        case Shape():
            return "Write it such as (T, B, 4H) or (5, 1, 8)."
        case _:
            return ""


def prompt(question: Exact, key: str, filled: int = 0) -> str:
    """What stands before the cursor.

    Args:
        question: What is asked.
        key: The attempt's key, for the order of a blank's fillings.
        filled: Blanks of a cloze text filled so far.
    """
    match question:
        case Choice():
            return "Letter: "
        case Multi():
            return "All letters that apply, such as a c: "
        case Claims(claims=claims):
            return f"True or false for each of the {len(claims)}, such as t f t: "
        case Order():
            return "The numbers in the right order, such as 2 1 3: "
        case Cloze(blanks=blanks):
            fillings = shuffled(blanks[filled], f"{key}{filled + 1}")
            lettered = "  ".join(f"{a}) {inline(text)}" for a, text in zip(ascii_lowercase, fillings, strict=False))
            return f"Blank {filled + 1} · {lettered}: " if lettered else f"Blank {filled + 1}: "
        case _:
            unit = getattr(question, "unit", "")
            return f"Your answer ({unit}): " if unit else "Your answer: "


def understood(question: Exact, typed: str, order: Sequence[str]) -> object:
    """The response a typed line stands for, letters and numbers taken back to what they show.

    Args:
        question: Any but a cloze text.
        typed: The line.
        order: The order shown.

    Raises:
        Unreadable: A letter, number or call is not among those shown.
    """
    words = typed.casefold().replace(",", " ").split()
    if isinstance(question, Choice | Multi):
        letters = dict(zip(ascii_lowercase, order, strict=False))
        picked = [letter.rstrip(").") for letter in (words if len(words) > 1 else list("".join(words)))]
        picked = [letter for letter in picked if letter]
        if not picked or not all(letter in letters for letter in picked):
            raise Unreadable(f"“{typed}” is not among the letters {' '.join(letters)}.")
        if isinstance(question, Multi):
            return sorted({letters[letter] for letter in picked})
        if len(picked) > 1:
            raise Unreadable("Exactly one is right: type one letter.")
        return letters[picked[0]]
    if isinstance(question, Claims):
        calls = words if len(words) > 1 else list("".join(words)) if set("".join(words)) <= {"t", "f"} else words
        if len(calls) != len(order) or not all(call in CALLS for call in calls):
            raise Unreadable(f"Type t or f for each of the {len(order)} claims in their order, such as t f t.")
        return dict(zip(order, (CALLS[call] for call in calls), strict=True))
    if isinstance(question, Order):
        numbers = words if len(words) > 1 else list("".join(words))
        if sorted(numbers) != sorted(str(number) for number in range(1, len(order) + 1)):
            raise Unreadable(f"“{typed}” does not hold every number from 1 to {len(order)} exactly once.")
        return [order[int(number) - 1] for number in numbers]
    return typed


def filling(question: Cloze, number: int, typed: str, key: str) -> str:
    """What fills a blank: the text typed, or the filling its letter stands for."""
    fillings = shuffled(question.blanks[number - 1], f"{key}{number}")
    return dict(zip(ascii_lowercase, fillings, strict=False)).get(typed.casefold().rstrip(")."), typed)


def feedback(question: Exact, found: Grade, hints: int) -> str:
    """What came of an answer and why."""
    met = sum(point.met for point in found.points)
    count = f" · {met} of {len(found.points)}" if len(found.points) > 1 else ""
    several = isinstance(question, Choice | Multi | Claims | Cloze | Order)
    read_as = "" if several else f" · read as {found.read_as}"
    lines = [f"\n{VERDICTS[found.verdict]}{count}{read_as}{hint_cost(found.score, hints)}"]
    if isinstance(question, Multi | Claims | Order):
        for point in found.points:
            lines.append(readable(f"{'+' if point.met else 'x'} {point.text}"))
            lines += [readable(f"  {point.reply}")] if point.reply else []
    else:
        replies = found.mistakes or [point.reply for point in found.points]
        lines += [readable(reply) for reply in dict.fromkeys(replies) if reply and reply != "Right."]
    if found.verdict != "correct" and not isinstance(question, Multi | Claims):
        lines.append(right_answer(question))
    return "\n".join([*lines, "", readable(question.explanation)])


def slip(question: Exact, response: object) -> str:
    """What a first try's slip is called, without the answer."""
    lines = [f"\n{VERDICTS[grade(question, response).verdict]} · a second try counts half"]
    for said in told(question, response):
        named = said.name[:1].upper() + said.name[1:]
        words = ". ".join(part for part in (named, said.reply) if part) or "Not the answer."
        lines.append(readable(f"{said.given}: {words}" if said.given else words))
    return "\n".join(lines)


def own_words(question: Open, said: TextGrade) -> str:
    """The verdict on an answer in words with what shows it, or that there is none."""
    if not said.decided:
        return "\nYour words: not judged, for the grader is not sure enough of them. Compare them yourself."
    lines = [f"\nYour words: {TEXT_VERDICTS[said.verdict]} · {how_sure(said.confidence)} · not part of the score"]
    stated = {point.id for point in said.points}
    for number, point in enumerate(question.points, 1):
        lines.append(readable(f"{'+' if point.id in stated else '-'} {number}. {point.text}"))
    lines.append("+ found, - not found" if stated else "")
    texts = {wrong.id: wrong.text for wrong in question.misconceptions}
    lines += [readable(f"x {texts[wrong.id]} {wrong.reply}") for wrong in said.misconceptions]
    return "\n".join(line for line in (*lines, unnamed(said)) if line)


def shown_answer(question: Exact) -> str:
    """The answer without a try."""
    return f"\n{right_answer(question)}\n\n{readable(question.explanation)}"


def right_answer(question: Exact) -> str:
    """The right answer in words."""
    if isinstance(question, Claims):
        calls = [f"{claim.text} {'True' if claim.true else 'False'}." for claim in question.claims]
        return "The answer:\n" + "\n".join(readable(call) for call in calls)
    return readable(f"The answer: {answer_text(question)}")


def hint_cost(score: float, hints: int) -> str:
    """How far hints lowered a score, in words."""
    return f" · {hints} × {HINT_COST:.0%} off for hints" if hints and score else ""


def report(found: Report, bank: Bank) -> str:
    """The report of an interview."""
    lines = [
        f"\n{'─' * 60}\nYour mock interview: {found.score:.0%}",
        f"{found.right} of {found.checks} checks right",
        f"{found.flawless} of {len(found.questions)} questions without a miss",
        f"{clock(found.seconds)} in all, {found.slow} questions over their pace\n",
    ]
    for number, share in enumerate(found.questions, 1):
        boxes = "■" * share.right + "□" * (share.checks - share.right)
        over = " over" if share.slow else ""
        lines.append(f"{number:>2}  {boxes:<4}  {clock(share.seconds):>5}{over:<5}  {inline(bank[share.id].prompt)}")
    lines.append("\nStrong")
    lines += [f"  {bank.concepts[share.id].title}: {share.right} of {share.checks}" for share in found.strong]
    lines += [] if found.strong else ["  None yet: no concept had four of five checks right."]
    lines.append("Study next")
    for share in found.study:
        topics = ", ".join(bank.concepts[name].title for name in bank[share.id].concepts)
        lines.append(f"  {inline(bank[share.id].prompt)} {share.right} of {share.checks} ({topics})")
    lines += [] if found.study else ["  Nothing was missed."]
    return "\n".join(lines)


def mastery_table(bank: Bank, known: Mapping[str, Mastery]) -> str:
    """A line for each concept, by lesson: bar, per cent, how many of its questions were answered."""
    lines: list[str] = []
    lesson = ""
    room = max(len(concept.title) for concept in bank.concepts.values())
    lessons = list(TOPICS)
    for concept in sorted(bank.concepts.values(), key=lambda concept: lessons.index(concept.lesson)):
        if concept.lesson != lesson:
            lesson = concept.lesson
            lines.append(f"\n{lesson} · {TOPICS[lesson]}")
        about = known.get(concept.id)
        if about is None or about.level in ("not asked yet", "too few answers to tell"):
            said = f"{about.level}, {about.seen} of {about.total}" if about and about.seen else "not asked yet"
            lines.append(f"  {concept.title:<{room}}  {said}")
            continue
        full = round(BAR * about.value)
        bar = "█" * full + "·" * (BAR - full)
        lines.append(f"  {concept.title:<{room}}  {bar} {about.value:>4.0%}  {about.seen} of {about.total} questions")
    return "\n".join(lines).lstrip("\n")


def printable(text: str) -> str:
    """A learner's own text without characters that steer a terminal."""
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text)


def _listed(marks: Sequence[str], texts: Sequence[str]) -> str:
    lines = []
    for mark, text in zip(marks, texts, strict=False):
        first, *rest = readable(text, 75).splitlines()
        lines.append("\n".join([f"  {mark}) {first}", *(f"     {line}" for line in rest)]))
    return "\n".join(lines)
