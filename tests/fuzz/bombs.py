"""Specs made to take forever, or all memory: each with what is said about it."""

from __future__ import annotations

HEAD = "input: 3x32x32\nlayers:\n"
FLAT = "input: 8\nlayers:\n"


def doubled(last: str, step: str = "[a{i}, a{i}, a{i}, a{i}]", rounds: int = 40) -> str:
    """Variables that are each made of the one before, and a step that uses the last."""
    lines = [f"  a{i + 1}: {step.format(i=i)}\n" for i in range(rounds)]
    return f"vars:\n  a0: [1, 1]\n{''.join(lines)}{HEAD}  - {last}\n"


BOMBS: dict[str, tuple[str | bytes, str]] = {
    # YAML
    "billion laughs": ("a: &a [x, x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a, *a]\n" for i in range(50)) + HEAD, "E103"),
    "an alias of itself": (f"a: &a [*a]\n{HEAD}  - relu\n", "E103"),
    "merge keys": (f"a: {{<<: {{<<: {{}}}}}}\n{HEAD}  - relu\n", "E103"),
    "python objects": (f"{HEAD}  - !!python/object/apply:os.system [exit]\n", "E104"),
    "10 000 brackets": (f"{HEAD}  - {'[' * 10_000}{']' * 10_000}\n", "E502"),
    "10 000 open brackets": ("[" * 10_000, "E502"),
    "10 000 open braces": ("{a: " * 10_000, "E502"),
    "10 000 dashes": ("- " * 10_000, "E502"),
    "10 000 question marks": ("? " * 10_000, "E106"),
    "a staircase of keys": ("".join(f"{' ' * i}k:\n" for i in range(1_300)), "E502"),
    "a staircase of steps": (HEAD + "".join(f"{'  ' * i}- add:\n" for i in range(1, 900)), "E502"),
    "100 000 nodes": (f"input: 8\nlayers: [{'relu, ' * 100_000}]\n", "E503"),
    "2 MiB": (HEAD + "  - relu\n" * 200_000, "E501"),
    "500 000 commas": ("[" + "," * 500_000 + "]", "E101"),
    "500 000 colons": (":" * 500_000, "E101"),
    "900 000 quotes": ("'" * 900_000, "E113"),
    "900 000 blanks": (" " * 900_000 + "\n" + HEAD + "  - relu\n", "ok"),
    "a key of 500 000 letters": ("a" * 500_000 + ": 3\n" + HEAD + "  - relu\n", "E101"),
    "a layer of 500 000 letters": (f"{HEAD}  - {'a' * 500_000}\n", "E202"),
    "a name of 100 000 letters": (f"{HEAD}  - {{relu: , name: {'a' * 100_000}}}\n", "E117"),
    "a name with 500 000 blanks": (f"{HEAD}  - name: 'a{' ' * 500_000}!'\n", "E117"),
    "a name with 50 000 dots": (f"{HEAD}  - name: {'a.' * 50_000}!\n", "E117"),
    "all bytes": (bytes(range(256)), "E111"),
    "zeros": (b"\0" * 1000, "E111"),
    # numbers and expressions
    "an exponent": (f"{FLAT}  - fc: 9**9**9\n", "E504"),
    "a chain of exponents": (f"{FLAT}  - fc: {'2**' * 100}1\n", "E504"),
    "squares of squares": (doubled("fc: a20", "2 ** 200 * 2 ** 200", 20), "E504"),
    "sums of sums": ("vars:\n  a0: 1\n" + "".join(f"  a{i + 1}: a{i} + a{i}\n" for i in range(999)) + FLAT, "E116"),
    "900 digits": (f"{FLAT}  - fc: {'9' * 900}\n", "E504"),
    "5 000 digits": (f"{FLAT}  - fc: {'9' * 5_000}\n", "E504"),
    "400 parentheses": (f"{FLAT}  - fc: {'(' * 400}1{')' * 400}\n", "E504"),
    "240 negations": (f"{FLAT}  - when: {'not ' * 240}true\n    relu:\n", "E504"),
    "900 minus signs": (f"{FLAT}  - fc: {'-' * 900}1\n", "E504"),
    "499 additions": (f"{FLAT}  - fc: {'1+' * 499}1\n", "E504"),
    "300 positions": (f"{FLAT}  - fc: b{'[0]' * 300}\n", "E504"),
    "60 conditionals": (f"{FLAT}  - fc: {'1 if true else ' * 60}1\n", "E504"),
    "not a number": (f"{FLAT}  - dropout: .nan\n", "E112"),
    "nan as a name": (f"{FLAT}  - dropout: nan\n", "E203"),
    "infinity": (f"{FLAT}  - dropout: 1e999\n", "E504"),
    "infinity, computed": (f"{FLAT}  - dropout: 1e308 * 10\n", "E504"),
    "infinity minus infinity": (f"vars: {{a: 1e308 + 1e308, b: a - a}}\n{FLAT}  - dropout: b\n", "E504"),
    "a division that overflows": (f"{FLAT}  - dropout: 1e308 / 1e-308\n", "E504"),
    # lists
    "lists of lists": (doubled("relu"), "E504"),
    "lists of lists, compared": (doubled("{relu: , when: a40 == a39}"), "E504"),
    "lists of empty lists": (doubled("relu", "[[], []]").replace("[[], []]", "[a0, a0]"), "ok"),
    "a long range": (f"{FLAT}  - for: i\n    in: range(10 ** 9)\n    do: [relu]\n", "E504"),
    "ranges in a loop": (
        f"{FLAT}  - for: i\n    in: range(100000)\n    do:\n      - when: sum(range(100000)) < 0\n        relu:\n",
        "E504",
    ),
    "zips in a loop": (
        f"{FLAT}  - for: i\n    in: 100000\n    do:\n      - let: {{b: 'zip(range(1000), range(1000))'}}\n",
        "E504",
    ),
    "zips of zips": (doubled("relu", "zip(a{i}, a{i})"), "E504"),
    # loops and blocks
    "a billion rounds": (f"{FLAT}  - repeat: 1000000000\n    do: [relu]\n", "E506"),
    "1e300 rounds": (f"{FLAT}  - repeat: 1e300\n    do: [relu]\n", "E504"),
    "10^4 times 10^4 rounds": (
        f"{FLAT}  - repeat: 10000\n    do:\n      - repeat: 10000\n        do: [relu]\n",
        "E506",
    ),
    "rounds of nothing": (f"{FLAT}  - repeat: 200000\n    do: []\n", "ok"),
    "rounds of what is skipped": (
        f"{FLAT}  - repeat: 400\n    do:\n      - repeat: 400\n        do: [{{relu: , when: false}}]\n",
        "E506",
    ),
    "rounds among many variables": (
        "vars:\n" + "".join(f"  v{i}: {i}\n" for i in range(10_000)) + f"{FLAT}  - repeat: 50000\n    do: [relu]\n",
        "E506",
    ),
    "a block that calls itself": (f"blocks: {{a: {{do: [a]}}}}\n{FLAT}  - a\n", "E505"),
    "blocks that call each other twice": (
        f"blocks: {{a: {{do: [b, b]}}, b: {{do: [a, a]}}}}\n{FLAT}  - a\n",
        "E505",
    ),
    "2^31 calls that do nothing": (
        f"blocks: {{a: {{args: [n], do: [{{if: n > 0, then: [{{a: n - 1}}, {{a: n - 1}}]}}]}}}}\n{FLAT}  - a: 31\n",
        "E506",
    ),
    "use that names itself": (f"blocks: {{a: {{do: [{{use: a}}]}}}}\n{FLAT}  - use: a\n", "E505"),
    "a tensor from itself": (f"{FLAT}  - {{relu: , name: a, from: a}}\n", "E204"),
    "inputs that grow with every layer": (
        f"{FLAT}  - for: i\n    in: 50000\n    do: [{{relu: , from: input, name: 'x[i]'}}, {{concat: 'x[*]'}}]\n",
        "E506",
    ),
    "sizes that grow with every layer": (f"{HEAD}  - repeat: 60\n    do: [{{upsample: 1000}}]\n", "E504"),
    "channels that grow with every layer": (f"{FLAT}  - repeat: 400\n    do: [{{concat: [here, here]}}]\n", "E504"),
    # many mistakes
    "10 000 mistakes": (HEAD + "  - Conv2d: 3\n" * 10_000, "E202"),
    "10 000 presets of nothing": (
        "presets: {" + ", ".join(f"p{i}: {{q: 1}}" for i in range(10_000)) + f"}}\n{FLAT}  - relu\n",
        "E207",
    ),
    "a typo among 10 000 blocks": (
        "blocks: {" + ", ".join(f"b{i}: {{do: [relu]}}" for i in range(10_000)) + f"}}\n{FLAT}" + "  - bx1\n" * 50,
        "E202",
    ),
    # what is unusual, and fine
    "10 000 lines": (HEAD + "  - relu\n" * 10_000, "ok"),
    "huge sides": ("input: 3x2147483648\nlayers:\n  - upsample: {size: 2147483647, mode: linear}\n", "ok"),
    "huge kernels": (f"{HEAD}  - conv: {{filters: 1, kernel: 2147483647, padding: 2147483647}}\n", "ok"),
    "huge bins": ("input: 3x2147483648\nlayers:\n  - adaptive_avgpool: 2147483647\n", "ok"),
    "names in many scripts": (
        "input: 3x8x8\nvars: {größe: 3, 名前: 2}\nlayers:\n"
        "  - {conv: {filters: größe, kernel: 名前}, name: 層}\n  - {relu: , from: 層}\n",
        "ok",
    ),
    "text that runs from right to left": ("name: \u202elive\ninput: 8\nlayers: [relu]\n", "ok"),
    "no layers at all": (f"{FLAT}  - let: {{}}\n", "ok"),
}
"""Name -> the spec and `ok`, or the code that refuses it."""
