"""A reader of GIFT by the rules of Moodle's own importer: what it takes apart is what Moodle would ask."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

HELD = {
    r"\:": "\ue001",
    r"\#": "\ue002",
    r"\=": "\ue003",
    r"\{": "\ue004",
    r"\}": "\ue005",
    r"\~": "\ue006",
    r"\n": "\ue007",
}
PLAIN = dict(zip(HELD.values(), ":#={}~\n", strict=True))
SHARE = re.compile(r"%(-?\d{1,3}\.?\d*)%")


@dataclass
class Read:
    """One question as it was read; an answer is its share, text, reply and tolerance."""

    name: str
    text: str
    kind: str
    answers: list[tuple[float, str, str, float]] = field(default_factory=list)
    feedback: str = ""


def held(text: str) -> str:
    """Escaped signs put away before anything is looked for, a backslash's own escape first."""
    text = text.replace("\\\\", "\ue000")
    for sign, placeholder in HELD.items():
        text = text.replace(sign, placeholder)
    return text.replace("\ue000", "\\")


def back(text: str) -> str:
    """The signs that were put away."""
    for placeholder, sign in PLAIN.items():
        text = text.replace(placeholder, sign)
    return text.strip()


def read(content: str) -> list[Read]:
    """Every question of a file; a `ValueError` where Moodle would report one."""
    blocks = [block for block in re.split(r"\n\s*\n", content) if block.strip()]
    return [question(block) for block in blocks if not block.startswith("$CATEGORY:")]


def question(block: str) -> Read:
    """One question."""
    lines = [" " if line.strip().startswith("//") else line for line in block.splitlines()]
    text = held("\n".join(lines).strip())
    if not text.startswith("::"):
        raise ValueError(f"no name: {text[:40]}")
    name, _, text = text[2:].partition("::")
    start, end = text.find("{"), text.find("}")
    if start < 0 or end < start or text.count("{") > 1 or text.count("}") > 1:
        raise ValueError(f"braces: {name}")
    asked, body = text[:start] + text[end + 1 :], text[start + 1 : end].strip()
    if "####" in body:
        place = body.rindex("####")
        body, feedback = body[:place].strip(), body[place + 4 :]
    else:
        feedback = ""
    if not asked.startswith("[html]"):
        raise ValueError(f"format: {name}")
    found = Read(back(name), back(asked.removeprefix("[html]")), "", [], back(feedback))
    kinds = ((body == "", "essay"), (body.startswith("#"), "number"), ("~" in body, "choice"))
    kinds += (("=" in body and "->" in body, "match"), (body.partition("#")[0] in ("TRUE", "FALSE"), "truefalse"))
    found.kind = next((kind for applies, kind in kinds if applies), "short")
    answers(found, body)
    return found


def answers(found: Read, body: str) -> None:
    """Take the answers of a question apart."""
    match found.kind:
        case "number" | "short":
            for part in filter(str.strip, body.removeprefix("#").split("=")):
                share, text, reply = parts(part, 100.0)
                value, _, tolerance = text.partition(":") if found.kind == "number" else (text, "", "0")
                if found.kind == "number":
                    float(value)
                found.answers.append((share, back(value), reply, float(tolerance)))
        case "choice":
            for part in filter(str.strip, body.replace("=", "~=").split("~")):
                right = part.strip().startswith("=")
                share, text, reply = parts(part.strip().removeprefix("="), 100.0 if right else 0.0)
                found.answers.append((share, back(text), reply, 0.0))
        case "match":
            for part in filter(str.strip, body.split("=")):
                place, arrow, text = part.partition("->")
                if not arrow:
                    raise ValueError(f"no arrow: {found.name}")
                found.answers.append((100.0, back(text), back(place), 0.0))
        case "truefalse":
            said, wrong, _ = body.split("#")
            found.answers.append((100.0, said.lower(), back(wrong), 0.0))


def parts(part: str, share: float) -> tuple[float, str, str]:
    """Share, text and reply of one answer."""
    part = part.strip()
    if weight := SHARE.match(part):
        share, part = float(weight[1]), part[weight.end() :]
    text, _, reply = part.partition("#")
    return share, text.strip(), back(reply)
