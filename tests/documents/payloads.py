"""Texts that must come out inert in every format, and a policy that carries them wherever a policy has free words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import cycle, islice
from pathlib import Path

PAYLOADS: Mapping[str, str] = {
    # Web pages
    "script": "<script>alert('zqx')</script>",
    "script end": "</script></style></title></textarea><svg onload=alert(1)>",
    "image": '<img src=x onerror="alert(1)">',
    "attribute": '" onmouseover="alert(1)" x="',
    "attribute single": "' autofocus onfocus='alert(1)",
    "entities": "&lt;b&gt; &amp;amp; &#60;i&#62; &nbsp;&copy &notit;",
    "comment": "--><!-- <!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]> &e;",
    "javascript link": "javascript:alert(document.cookie)",
    "style": "</style><style>*{display:none}</style> x{} @import url(//evil.example/x.css);",
    "css string": '\\"; } body { background: url(//evil.example) } /* ',
    "svg": '</text></svg><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><foreignObject/></svg>',
    "svg outside": '<image href="file:///etc/passwd"/><use href="https://evil.example/x.svg#a"/>',
    # Templates
    "jinja": "{{ 7 * 7 }} {{ config.__class__ }}",
    "jinja block": "{% raw %}{% include '/etc/passwd' %}{# gone #}",
    "format string": "{0.__class__} %s %(x)d ${HOME} `id` $(id)",
    # Typst
    "typst code": '#eval("1 + 1") #read("/etc/passwd") #panic("x")',
    "typst marks": "= Heading *bold* _emph_ $x^2$ @ref <label> ~ -- --- \\u{1F600} \\ // gone",
    "typst block": '#{ while true {} } #[content] #set page(width: 1pt) ]]] ))) "',
    "typst comment": "/* gone */ // gone too",
    # Markdown
    "markdown heading": "# Heading",
    "markdown underline": "=====",
    "markdown link": "[click](https://evil.example) ![image](https://evil.example/x.png) <https://evil.example>",
    "markdown reference": "[x]: https://evil.example 'x'",
    "markdown code": "```\ncode\n``` `tick` ``two``",
    "markdown table": "a | b | c \\| d",
    "markdown list": "- item",
    "markdown number": "1. item",
    "markdown rule": "---",
    "markdown quote": "> quoted",
    "markdown stress": "*one* **two** _three_ __four__ ~~five~~ \\*six\\*",
    "markdown indent": "    indented\n\n\tcode",
    "autolink": "https://evil.example/?a=1&b=2 www.evil.example someone@evil.example",
    # Terminals
    "rich": "[red]warning[/red] [link=https://evil.example]x[/link] [/] [[b]] :smile:",
    "escape": "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    # Spreadsheets
    "formula": '=HYPERLINK("https://evil.example","click")',
    "formula plus": "+cmd|' /C calc'!A0",
    "formula minus": "-1+1",
    "formula at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "formula tab": "\t=1+1",
    "formula return": "\r=1+1",
    "formula array": "{=1+1}",
    "formula wide": "＝1+1",
    "number": "0123",
    "number great": "1e400",
    "date like": "3-4",
    # Word
    "field": '{ HYPERLINK "https://evil.example" } { INCLUDETEXT "/etc/passwd" } { DDEAUTO c:\\\\cmd.exe "/k" }',
    "xml": "]]> <![CDATA[x]]> <?xml version='1.0'?> <w:p/> &#x0; &#xFFFE;",
    # Characters
    "controls": "a\x01b\x02c\x08d\x1fe\x7ff",
    "controls of lines": "a\x0bb\x0cc\x1cd\x1de\x1ef",
    "controls above": "a\x80b\x85c\x9b31md",
    "null": "a\x00b",
    "line breaks": "one\ntwo\r\nthree\u2028four\u2029five",
    "override": "payable \u202e000,01\u202c within 5 days",
    "isolates": "\u2066left\u2069 \u2067right\u2069 \u2068first\u2069 \u200emark\u200f \u061c",
    "isolate open": "never closed \u2067 from here on",
    "zero width": "z\u200be\u200cr\u200do\u2060 \ufeffwidth\u00ad",
    "tags": "tagged \U000e0041\U000e007f",
    "combining": "e\u0301 a\u0308\u0323 Z\u0351\u036b\u0343\u036a\u0302\u036b",
    "emoji": "\U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467 \u2705",
    "private": "\ue000 \U000f0000",
    "not a character": "a\ufffeb\uffffc",
    "spaces": "  two  and\u00a0hard\u2003em\u3000wide  ",
    "long word": "x" * 400,
    "long address": "https://example.test/" + "segment/" * 30 + "?query=" + "v" * 80,
    # Writing systems: these are no attack, and must be readable
    "greek": "Ο πελάτης πληρώνει εντός ημέρας",
    "cyrillic": "Заказчик платит в течение дня ѓќщ",
    "japanese": "請求は一時間以内に確認する。ソフトウェア",
    "arabic": "يدفع العميل",
    "hebrew": "הלקוח משלם",
    "mixed": "Clause אבג 12 (ד) and يدفع 34 end",
    "quotation marks": "“curly” ‘single’ \"straight\" 'one' «guillemets» „low‟",
    "apostrophe": "it's the customer's",
}
"""Name → text. ``zqx`` stands nowhere else."""

DRAWN_IN_NO_FONT = ("emoji", "private", "not a character", "tags")
"""Those that a PDF must refuse, or show in another way that a reader can tell."""


def in_string(text: str) -> str | None:
    """The text as a string of a policy; None where a policy cannot hold it, because of its characters or lines."""
    if any(char in text for char in "\n\r\x00\u2028\u2029") or not _allowed(text):
        return None
    if '"' not in text:
        return f'"{text}"'
    return f"“{text}”" if "”" not in text else None


def in_quotation(text: str) -> str | None:
    """The text as a contract's own words, on one line; None where a policy cannot quote it."""
    if any(char in text for char in "\n\r\x00\u2028\u2029") or not _allowed(text):
        return None
    return text


def _allowed(text: str) -> bool:
    """Whether each character may stand in a policy file; docs/language.md says which may not."""
    refused = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    refused += "".join(chr(n) for n in (*range(0x20), *range(0x7F, 0xA0)) if n != 0x09)
    return not any(char in refused for char in text) and not any(
        "\ue000" <= char <= "\uf8ff" or ord(char) >= 0xE0000 or (ord(char) & 0xFFFE) == 0xFFFE for char in text
    )


def hostile(folder: Path, payloads: Iterable[str] = PAYLOADS.values(), turn: int = 0) -> Path:
    """Writes a policy and its source text into ``folder``; the policy's path. It loads without an error.

    Each payload that a policy may hold is a clause's title, a quotation and a reason; the free words of each sort of
    rule take them in turn, beginning with number ``turn``. Those that no policy may hold stand in the source text
    alone, in sentences that nobody quotes, as the ledger shows them.
    """
    texts = list(payloads)
    strings = [string for string in map(in_string, texts) if string is not None]
    words = islice(cycle(strings), turn % len(strings), None)
    source: list[str] = []
    policy = [*_header(words), *_rules(words, source)]
    for number, text in enumerate(texts, 1):
        quoted, string = in_quotation(text), in_string(text)
        if quoted is None or string is None:
            source.append(f"{text} is never quoted ({number}).")
            continue
        policy += ["", f"clause {string}", "", f"  > {quoted} ({number})", f"  information because {string}"]
        source.append(f"{quoted} ({number})")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "source.txt").write_bytes("\n".join(source).encode("utf-8") + b"\n")
    path = folder / "policy.sla"
    path.write_bytes("\n".join(policy).encode("utf-8") + b"\n")
    return path


def _header(words: Iterator[str]) -> list[str]:
    return [
        "slarules 1",
        "",
        f"contract Hostile {next(words)}",
        f'  source "source.txt" received as {next(words)}',
        f"  provider Provider {next(words)}",
        f"  customer Customer {next(words)}",
        f"  other party Auditor {next(words)}",
        "  zone Europe/Berlin",
        f"  a ticket is called {next(words)}",
        "",
        f"fact channel of ticket: text {next(words)}",
        f"fact urgent of ticket: yes or no {next(words)}",
        f"fact caller of ticket: text {next(words)}",
        f"fact hours of agreement: hours {next(words)}",
        f"fact fee of agreement: money in EUR {next(words)}",
        f"subject release {next(words)}",
        f"event delivered of release act deliver {next(words)}",
        f"event bought of agreement act buy {next(words)}",
        "",
    ]


def _rules(words: Iterator[str], source: list[str]) -> list[str]:
    """One rule of each sort, each with all the free words that it may have; their quotations go to ``source``."""
    source += ["The first words of the contract (0).", "The last words of the contract (0)."]
    return [
        f"clause {next(words)}",
        "",
        "  > The first words of the contract (0).",
        "",
        f"  reading how {next(words)}",
        "    > The first words of the contract (0).",
        f"    option one: Monday to Friday 09:00 to 17:00 {next(words)}",
        f"    option two: every day 00:00 to 24:00 {next(words)}",
        f"    adopt one because {next(words)}",
        f"  reading idle {next(words)}",
        "    > The first words of the contract (0).",
        f"    option one {next(words)}",
        f"    option two {next(words)}",
        f"    adopt two because {next(words)}",
        f"    changes nothing because {next(words)}",
        "",
        "  holidays Feasts",
        f"    2026-05-04 {next(words)}",
        "  calendar Hours",
        "    zone Europe/Berlin",
        "    open as read in how",
        "    closed on Feasts",
        f"    closed on 2026-06-01 {next(words)}",
        f"    closed on 24 December {next(words)}",
        "  severities 1, 2",
        "    assigned by Customer",
        f"  severity 1 {next(words)}",
        "    applies if urgent",
        f"  severity 2 {next(words)}",
        "    applies if not urgent",
        "  table times by severity",
        "    | severity | answer in Hours |",
        "    | 1        | 2 hours         |",
        "    | 2        | 4 hours         |",
        f"  duty answer {next(words)}",
        "    when ticket opened by Customer",
        f"    if channel is {next(words)} or not (channel is recorded)",
        "    Provider must respond to Customer within answer after ticket opened",
        "    on severity change keep the deadline",
        f"  target solve {next(words)}",
        "    when ticket opened by Customer",
        "    Provider aims to resolve within 8 hours counted in Hours",
        "    on severity change keep the deadline",
        "    on reopening run on",
        f"  prohibition no_release {next(words)}",
        "    when release delivered by Provider",
        "    Provider must not deliver release",
        f"  role Caller of Customer {next(words)}",
        "    at most 2",
        "    identified by caller",
        f"  right ask {next(words)}",
        "    only Caller may open ticket",
        f"  choice remedy of Customer {next(words)}",
        "    when solve missed",
        "    option continue",
        "      Provider must respond to Customer within 1 day",
        "    option cease",
        "      Provider must close to Customer within 2 days",
        "  status term of agreement",
        f"    state active {next(words)}",
        "      begins when agreement started",
        "      lasts 12 months rounding down",
        "      includes nothing",
        f"    state over {next(words)}",
        "      begins when agreement bought",
        "      includes nothing",
        "  amount total in EUR is fee multiplied by 2",
        "    rounded to 0.01 half up",
        f"  scope outside {next(words)}",
        f"    outside if channel is {next(words)}",
        f"  declaration stated {next(words)}",
        "",
        "  > The last words of the contract (0).",
        f"  not encoded because {next(words)}",
    ]
