"""What PyYAML's scanner and parser complain about, told in a sentence a student understands.

PyYAML has two parsers, in C and in Python, with different words for the same problem; each function
below recognises one kind of mistake in the words of both.
"""

from __future__ import annotations

import re

import yaml

from cnncalc.errors import Diagnostic
from cnncalc.spec import yaml_fix, yaml_traps
from cnncalc.spec.nodes import Source
from cnncalc.spec.yaml_complaint import Complaint, locate
from cnncalc.spec.yaml_traps import CONDITIONAL, ESCAPE_HELP, NO_CHARACTER, PROSE, TEXT_BLOCK, TEXT_BLOCK_HELP, shorten


def explain(source: Source, error: Exception) -> Diagnostic:
    """The diagnostic for whatever PyYAML raised."""
    if not isinstance(error, yaml.MarkedYAMLError):
        # PyYAML's Python parser hands the number of an escape such as "\UFFFFFFFF" to chr() unchecked.
        line = next((number for number, text in enumerate(source.lines, 1) if "\\U" in text), 1)
        column = max(0, (source.line(line) or "").find("\\U")) + 1
        return source.diagnostic("E101", NO_CHARACTER, line, column, 2, help=ESCAPE_HELP)
    problem = locate(source, error)
    for recognise in _RECOGNISERS:
        if found := recognise(problem):
            return found
    return problem.here("this is not valid YAML", "compare the line with the examples in the documentation")


def _documents(problem: Complaint) -> Diagnostic | None:
    if "document start" not in problem.what:
        return None
    if any(line.startswith("...") for line in problem.source.lines[: problem.line]):
        return problem.here("a second document starts here", "keep one network per file", "E105")
    return problem.here(
        f"'{problem.word}' stands after the end of the spec", "a spec is one mapping: 'key: value' lines"
    )


def _tags(problem: Complaint) -> Diagnostic | None:
    if not re.search(r"\btag\b", f"{problem.busy} {problem.what}"):
        return None
    return yaml_traps.refuse_property(problem.source, problem.start_line, problem.start_column)


def _anchors(problem: Complaint) -> Diagnostic | None:
    if not problem.busy.endswith((" an alias", " an anchor")):
        return None
    expression = yaml_traps.split_expression(problem.source, problem.start_line, problem.start_column)
    sign = problem.start_text[problem.start_column - 1 : problem.start_column]
    message = f"'{sign}' starts a YAML {problem.busy.split()[-1]}, and a spec has none"
    return expression or problem.at_start(
        message, "put an expression in quotes; for repeated parts use blocks:", "E103"
    )


def _quotes(problem: Complaint) -> Diagnostic | None:
    if "quoted scalar" not in problem.busy:
        return None
    if "end of stream" in problem.what or "document" in problem.what:
        quote = problem.start_text[problem.start_column - 1 :][:1]
        return problem.at_start("this quote is never closed", f"add the closing {quote}")
    backslash = problem.text.rfind("\\", 0, problem.column)
    found = problem._replace(column=backslash + 1) if backslash >= 0 else problem
    if "hex" in problem.what or "Unicode" in problem.what:
        return found.here(NO_CHARACTER, ESCAPE_HELP)
    escape = found.text[found.column - 1 :][:2]
    return found.here(f"'{escape}' is no escape sequence", ESCAPE_HELP)


def _text_blocks(problem: Complaint) -> Diagnostic | None:
    if "block scalar" not in problem.busy:
        return None
    sign = problem.start_text[problem.start_column - 1 :][:1]
    return problem.at_start(TEXT_BLOCK % sign, TEXT_BLOCK_HELP)


def _start_characters(problem: Complaint) -> Diagnostic | None:
    if "cannot start any token" not in problem.what:
        return None
    percent = re.match(r"%(\d+)", problem.text[problem.column - 1 :])
    help = f"{percent[1]} % is written {int(percent[1][:9]) / 100:g}" if percent else "put the text in quotes"
    return problem.here(f"a value cannot start with '{problem.char}'", help)


def _traps(problem: Complaint) -> Diagnostic | None:
    """The traps that `yaml_traps` knows, where YAML stumbles over them by itself."""
    source = problem.source
    places = ((problem.line, problem.column), (problem.start_line, problem.start_column))
    for line, _ in places:
        if found := yaml_traps.lookalike(source, line) or yaml_traps.missing_space(source, line):
            return found
    if re.match(r"['\"\s]:\S", problem.text[problem.column - 2 :]):
        return problem.here("the key needs a space after its colon", "put a space after the colon", "E107")
    for line, column in places[:1] if "flow" not in problem.busy else places:
        if found := yaml_traps.split_expression(source, line, column):
            return found
    if "flow" in problem.busy and re.match(r"[\w)\]]\[", (source.line(problem.line) or "")[problem.column - 2 :][:2]):
        return problem.here(
            "an expression needs quotes: YAML ends it at this bracket", "put the expression in double quotes", "E108"
        )
    if problem.char == "?" and "flow" in problem.busy:
        return problem.here("the '?' has a meaning of its own in YAML", CONDITIONAL)
    masked = yaml_fix.mask(problem.text)
    if " ? " in masked and " : " in masked:
        return problem.here("'condition ? a : b' is not part of the language", CONDITIONAL)
    return None


def _dashes(problem: Complaint) -> Diagnostic | None:
    for line in (problem.start_line, problem.line):
        found = re.match(r"\s*(?=-[^\W\d])", problem.source.line(line) or "")
        if found:
            return yaml_traps.missing_dash_space(problem.source, line, found.end() + 1)
    return None


def _brackets(problem: Complaint) -> Diagnostic | None:
    if "flow" not in problem.busy or "node content" in problem.what:
        return None
    opening = problem.start_text[problem.start_column - 1 :][:1]
    closing = "}" if opening == "{" else "]"
    between = problem.source.lines[problem.start_line - 1 : problem.line]
    if problem.at_end or yaml_fix.lacks_comma(between):
        return problem.at_start(*_never_closed(opening))
    if problem.char and problem.char in "]}":
        message = f"'{problem.char}' does not close the '{opening}' of line {problem.start_line}"
        return problem.here(message, f"add the missing '{closing}' before it")
    if found := _colon_before_bracket(problem.source, problem.line, problem.text[: problem.column]):
        return found
    before = re.search(r"\s(\w+)$", problem.text[: problem.column - 1]) if problem.char == ":" else None
    word = before[1] if before else problem.word
    at = problem._replace(column=before.start(1) + 1) if before else problem
    help = f"separate the entries of {opening}...{closing} with commas"
    return at.here(f"a comma is missing before '{shorten(word)}'", help)


def _colon_before_bracket(source: Source, line: int, text: str) -> Diagnostic | None:
    """E101 for the `conv {` that ends `text`, the start of a line."""
    found = re.search(r"(?:^|[\s{\[,])(\w+)(?: ?(\{)| (\[))$", text)
    if found is None:
        return None
    help = f"write {found[1]}: {found[2] or found[3]}..."
    message = f"'{shorten(found[1])}' has no colon after it"
    return source.diagnostic("E101", message, line, found.start(1) + 1, len(found[1]), help=help)


def _missing_content(problem: Complaint) -> Diagnostic | None:
    if "node content" not in problem.what:
        return None
    char = problem.char
    if problem.at_end and (found := yaml_fix.last_open(problem.source.lines)):
        line, column, opening = found
        return problem._replace(start_line=line, start_column=column).at_start(*_never_closed(opening))
    if char and char in "]}":
        help = f"add the missing '{'[' if char == ']' else '{'}', or put the text in quotes"
        return problem.here(f"this '{char}' closes nothing", help)
    return problem.here(f"there is nothing before this '{char}'", "delete it, or put the text in quotes")


def _never_closed(opening: str) -> tuple[str, str]:
    return f"this '{opening}' is never closed", f"add the missing '{'}' if opening == '{' else ']'}'"


def _second_colon(problem: Complaint) -> Diagnostic | None:
    if "mapping values" not in problem.what:
        return None
    masked = yaml_fix.mask(problem.text)
    first = re.match(r"(?:[\s-]*-\s)?\s*([^\s:][^:]*):\s+(?=\S)", masked[: problem.column - 1])
    if first is None:
        return _joined_to_line_above(problem)
    if bracket := re.search(r"[{\[]", first[1]):
        if found := _colon_before_bracket(problem.source, problem.line, masked[: first.start(1) + bracket.end()]):
            return found
    key, rest = first[1], problem.text[first.end() : len(masked.rstrip())]
    inner = rest[1:-1] if rest.startswith("(") and rest.endswith(")") else rest
    braces = yaml_fix.shown(f"{key}: {{{inner}}}") if key not in PROSE and re.match(r"\w+:\s+\S", inner) else None
    help = f"write {braces}" if braces else "put the text in quotes, or start a new line"
    return problem.here(f"there is a second 'key:' on the line of '{shorten(key)}:'", help)


def _joined_to_line_above(problem: Complaint) -> Diagnostic:
    """`- relu` with `name: x` on the next line: YAML reads the words of both lines as one value."""
    number = next((n for n in range(problem.line - 1, 0, -1) if problem.source.lines[n - 1].strip()), 0)
    if not number:
        return problem.here("this colon is out of place", "a key is one short word; put other text in quotes")
    above = yaml_fix.mask(problem.source.lines[number - 1]).rstrip()
    bare = re.match(r"\s*(- +)*([^\W\d]\w*)()$", above) or re.match(r"\s*(- +)*([^\W\d]\w*) +(\S+)$", above)
    indent = len(problem.text) - len(problem.text.lstrip())
    if bare and indent >= bare.start(2):
        word = bare[2]
        message = f"'{word}' has no colon after it"
        help = f"write {'- ' if bare[1] else ''}{word}:{' ' if bare[3] else ''}{bare[3]}"
        return problem.source.diagnostic("E101", message, number, bare.start(2) + 1, len(word), help=help)
    found = problem._replace(column=indent + 1)
    message = "this line is indented more than the entry above it, so YAML joins the two"
    return found.here(message, "align it with that entry")


def _missing_colon(problem: Complaint) -> Diagnostic | None:
    if "could not find expected ':'" not in problem.what:
        return None
    if not re.match(r"[\w'\"]", problem.start_text[problem.start_column - 1 :]):
        return problem.at_start("this is neither 'key: value' nor a list item", "write key: value")
    words = problem.start_text[problem.start_column - 1 :].split(maxsplit=1)
    word, rest = words[0] if words else "", yaml_fix.mask(words[1]).strip() if len(words) > 1 else ""
    help = (
        f"write {word}: {words[1].strip()}"
        if rest and len(words[1]) < 60
        else f"write - {word}, or {word}: with a value"
    )
    return problem.at_start(f"'{shorten(word)}' has no colon after it", help, width=len(word))


def _list_on_the_line(problem: Complaint) -> Diagnostic | None:
    if "sequence entries" not in problem.what:
        return None
    return problem.here("a list cannot start in the middle of a line", "start it on the next line, or write [a, b]")


def _complex_keys(problem: Complaint) -> Diagnostic | None:
    if "mapping keys" not in problem.what:
        return None
    return problem.here("a '?' cannot start a value", CONDITIONAL, "E106")


def _indentation(problem: Complaint) -> Diagnostic | None:
    before = problem.text[: problem.column - 1].strip(" -")
    if before and problem.char in "]}":
        return problem.here(f"this '{problem.char}' closes nothing", "delete it")
    if before:
        help = "put the whole value in quotes, or delete the rest"
        if before[-1] in "'\"":
            help = "put the whole value in the other kind of quotes, or delete the rest"
        elif before[-1] in "]}":
            help = "start a new line for it"
        return problem.here(f"'{problem.word}' stands after the end of the value", help)
    if problem.char == ":":
        return problem.here("there is no key before this colon", "write the key in front of it")
    message = "the indentation of this line fits none of the lines above it"
    return problem.here(message, "align it with the list or mapping it belongs to")


_RECOGNISERS = (
    _documents,
    _tags,
    _anchors,
    _quotes,
    _text_blocks,
    _traps,
    _dashes,
    _start_characters,
    _brackets,
    _missing_content,
    _second_colon,
    _missing_colon,
    _list_on_the_line,
    _complex_keys,
    _indentation,
)
