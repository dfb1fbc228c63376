"""Where the bodies of functions lie in a C++ source: what apply.py may choose between while a
program runs.

bodies_of(text) knows comments, literals, lines of the preprocessor and brackets, and tells by what
stands before a brace what it opens: a namespace or class, a function, or a value. It need not know
the language: a brace that it takes for a value's when it is a function's costs a copy of its own, and
one taken wrongly for a function's does not compile.
"""

import dataclasses
import re

# A number only where it has separators, which are no character's quotes.
LITERAL = re.compile(
    r"""
    //(?:\\\n|[^\n])* | /\*.*?\*/
  | \b(?:u8|u|U|L)?R"(?P<end>[^()\\\s]{0,16})\(.*?\)(?P=end)"
  | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])+'
  | \b\d[\w.]*(?:'\w[\w.]*)+
    """,
    re.VERBOSE | re.DOTALL,
)
DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)
PAIR = {"(": ")", "[": "]", "{": "}"}
SIGN = re.compile(r"[(\[{};:]")
ACCESS = re.compile(r"\s*(?:public|private|protected)\s*")

OPERATOR = re.compile(r"\boperator\s*(?:\(\)|\[\]|[^\s\w(]+)")
# In brackets behind these words stands nothing that makes a function of what it is said of.
SAID = re.compile(r"\b(?:alignas|__attribute__|noexcept|explicit|requires)\s*\(\)")
ANGLES = re.compile(r"<[^<>]*>")
NAMESPACE = re.compile(r"(?:inline\s+)?namespace\b|extern\s*\"\s*\"\s*$")
CLASS = re.compile(r"\b(?:class|struct|union)\b")
# What may stand between a function's parameters and its body.
BEHIND = re.compile(
    r"\s*(?:(?:const|volatile|noexcept|override|final|try|&&?)\s*)*(?:->.*|requires\b.*)?", re.DOTALL
)
MEMBERS = re.compile(r"\(\)[\w\s&]*(?<!:):(?!:)")
CONSTANT = re.compile(r"\b(?:constexpr|consteval)\b")
DEDUCED = re.compile(r"\bauto\b|\bdecltype\s*\(\)")
LABEL = re.compile(r"\bgoto\b")


class Unreadable(Exception):
    """Brackets that do not match, as where branches of the preprocessor share some."""


@dataclasses.dataclass
class Body:
    """From the brace that opens a function's body to behind the one that closes it."""

    begin: int
    end: int
    alone: str  # Why it cannot be one of several in the same place; "" if it can.


def drop(text):
    """Nothing but the ends of its lines."""
    return "\n".join(" " * len(line) for line in text.split("\n"))


def bare(text):
    """The text without comments, contents of literals and lines of the preprocessor: each place
    keeps its number."""

    def blank(found):
        told = found[0]
        if told[0].isdigit():
            return told.replace("'", "0")
        mark = " " if told[0] == "/" else '"'
        return mark + drop(told[1:-1]) + mark

    return DIRECTIVE.sub(lambda found: drop(found[0]), LITERAL.sub(blank, text))


def partners_of(code):
    """{place of a bracket that opens: place of the one that closes}"""
    partners = {}
    open_ones = []
    for found in re.finditer(r"[()\[\]{}]", code):
        if found[0] in PAIR:
            open_ones.append(found.start())
        elif not open_ones or PAIR[code[open_ones[-1]]] != found[0]:
            raise Unreadable
        else:
            partners[open_ones.pop()] = found.start()
    if open_ones:
        raise Unreadable
    return partners


def without_angles(head):
    while (less := ANGLES.sub(" ", head)) != head:
        head = less
    return head


def kind_of(head):
    """What the brace behind it opens: "scope", "body" or "value". The head is what stands there since
    the last statement, brackets empty."""
    head = OPERATOR.sub(" operator_ ", head)
    head = SAID.sub(" ", head).replace("[]", " ").replace("->", "\0")
    head = without_angles(head).replace("\0", "->").strip()
    if NAMESPACE.match(head):
        return "scope"
    if "=" in head or re.search(r"\benum\b", head) and "()" not in head:
        return "value"
    if "()" not in head.replace("decltype()", ""):
        return "scope" if CLASS.search(head) else "value"
    if MEMBERS.search(head):  # The list of a constructor: a member's braces, or the body.
        return "body" if head.endswith((")", "}", "...")) else "value"
    behind = head.replace("decltype()", "").rpartition("()")[2]
    return "body" if BEHIND.fullmatch(behind) else "value"


def why_alone(head, body):
    head = OPERATOR.sub(" operator_ ", head)
    if CONSTANT.search(head):
        return "a function that makes constants"
    if DEDUCED.search(head) and "->" not in head:
        return "a function whose type is told by its body"
    if LABEL.search(body):
        return "a function with labels"
    return ""


def bodies_of(text):
    """Every body of a function that lies in no other, in order."""
    code = bare(text)
    partners = partners_of(code)
    bodies = []
    head = ""
    at = 0
    while found := SIGN.search(code, at):
        sign = found[0]
        head += code[at : found.start()]
        at = found.end()
        if sign in "([":
            head += sign + PAIR[sign]
            at = partners[found.start()] + 1
        elif sign in ";}" or sign == ":" and ACCESS.fullmatch(head):
            head = ""
        elif sign == ":":
            head += sign
        elif (kind := kind_of(head)) == "scope":
            head = ""
        else:
            at = partners[found.start()] + 1
            if kind == "body":
                bodies.append(Body(found.start(), at, why_alone(head, code[found.start() : at])))
            head = head + "{}" if kind == "value" else ""
    return bodies
