"""How a line of each kind is written: shown where a line cannot be read, in its writer's words."""

from __future__ import annotations

FORMS: tuple[tuple[str, str], ...] = (
    # ---- the contract
    ("slarules", "slarules 1"),
    ("scenarios of", 'scenarios of "policy.sla"'),
    ("contract", 'contract NAME "its title"'),
    ("source", 'source "source.txt"'),
    ("provider", 'provider NAME "what the contract calls it"'),
    ("customer", 'customer NAME "what the contract calls it"'),
    ("other party", 'other party NAME "what the contract calls it"'),
    ("zone", "zone America/Denver"),
    ("a ticket", 'a ticket is called "request"'),
    ("in force", "in force from 2026-01-01 to 2026-12-31"),
    ("clause", 'clause "its heading"'),
    ("occurrence", "occurrence 2 of 3"),
    ("every occurrence", "every occurrence of 3"),
    ("information", 'information because "why these words need no rule"'),
    ("not encoded", 'not encoded because "why these words have no rule here"'),
    ("these lines", 'these lines are information because "why they need no rule"'),
    ("declaration", 'declaration NAME "what the parties state"'),
    # ---- what is recorded
    ("fact", "fact NAME of request: yes or no"),
    ("fact", "fact NAME of request: one of email, telephone"),
    ("fact", "fact NAME of any event: yes or no"),
    ("event", "event NAME of request act NAME"),
    ("subject", 'subject NAME "what it is"'),
    # ---- readings
    ("reading", 'reading NAME "the question?"'),
    ("option", 'option NAME: 4 hours "why"'),
    ("adopt", 'adopt OPTION because "why"'),
    ("changes nothing", 'changes nothing because "why"'),
    # ---- calendars
    ("calendar", "calendar NAME"),
    ("open whenever", "open whenever any of A, B is open"),
    ("open", "open Monday to Friday 09:00 to 17:00"),
    ("also open", "also open 2026-12-05 09:00 to 13:00"),
    ("on", "on 2026-12-24 open 09:00 to 12:00"),
    ("closed", "closed on holidays of US"),
    ("closed", 'closed on 2026-12-24 "why"'),
    ("clock changes", "clock changes shift forward"),
    ("holidays", "holidays NAME supplied by PARTY"),
    # ---- severities, tables, people
    ("severities", "severities 1, 2, 3"),
    ("severity", 'severity 1 "its definition"'),
    ("assigned by", "assigned by PARTY"),
    ("changed by", "changed by PARTY"),
    ("confirmed by", "confirmed by PARTY"),
    ("applies if", "applies if CONDITION"),
    ("table", "table NAME by severity"),
    ("|", "| 1 | 4 hours |"),
    ("role", "role NAME of PARTY"),
    ("exactly", "exactly 2"),
    ("at most", "at most 2"),
    ("at least", "at least 2"),
    ("designated by", "designated by PARTY in writing"),
    ("replaceable by", "replaceable by PARTY"),
    ("identified by", "identified by NAME"),
    # ---- duties
    ("duty", "duty NAME"),
    ("target", "target NAME"),
    ("prohibition", "prohibition NAME"),
    ("right", "right NAME"),
    ("when both", "when both ticket opened and ticket escalated"),
    ("when", "when ticket opened"),
    ("once each", "once each term of STATUS"),
    ("if breached", "if breached, DUTY applies"),
    ("if severity rises", "if severity rises, keep the deadline"),
    ("if severity falls", "if severity falls, keep the deadline"),
    ("if", "if severity is 1 or 2"),
    ("unless", "unless channel is telephone"),
    ("while", "while severity is 1"),
    ("performed when", "performed when ticket resolved by PARTY"),
    ("paused", "paused while waiting on PARTY"),
    ("until", "until resolved or closed"),
    ("on severity change", "on severity change keep the deadline"),
    ("on severity change", "on severity change count again from the start"),
    ("on severity change", "on severity change start again"),
    ("on reopening", "on reopening run on"),
    ("on reopening", "on reopening begin again"),
    ("on reopening", "on reopening change nothing"),
    ("ends at", "ends at the next opening"),
    ("survives", "survives the term"),
    ("each party", "each party must not ACT"),
    ("only", "only PARTY may ACT"),
    ("during", "during CALENDAR"),
    ("at any", "at any time"),
    ("choice", "choice NAME of PARTY"),
    ("within", "within 10 days otherwise OPTION"),
    # ---- the agreement's life
    ("status", "status NAME of agreement"),
    ("state", 'state NAME "what it is"'),
    ("begins when", "begins when agreement started"),
    ("lasts", "lasts 30 days"),
    ("includes", "includes RIGHT, DUTY"),
    ("becomes", "becomes STATE when agreement paid"),
    ("a reinstated", "a reinstated term runs from expiry"),
    ("allowance", "allowance NAME of agreement in hours"),
    ("increases on", "increases on EVENT by FACT"),
    ("decreases on", "decreases on EVENT by FACT"),
    ("unused", "unused carries over"),
    ("amount", "amount NAME in USD is 5 % of FACT"),
    ("is", "is 5 % of FACT if CONDITION"),
    ("is", "is 0 USD otherwise"),
    ("where", "where NAME is VALUE"),
    ("rounded", "rounded to 0.01 half up"),
    ("rounded", "rounded to 0.01 down"),
    ("date", "date NAME is 30 days after FACT"),
    ("scope", "scope NAME"),
    ("outside if", "outside if CONDITION"),
    # ---- scenarios
    ("scenario", 'scenario "what it tries"'),
    ("examples", "examples"),
    ("supplied", "supplied LIST 2026-12-25 known until 2026-12-31"),
    ("as of", "as of 2026-03-02 12:00 expect T1 DUTY met"),
    ("expect next", "expect next change at 12:00"),
    ("expect", "expect T1 DUTY breached at 10:00, due at 10:00"),
)
"""The first words of a line → the line, as one may write it; some may be written in several ways."""

PARTY_LINES = (
    ("must not", "PARTY must not ACT"),
    ("must", "PARTY must ACT within 4 hours counted in CALENDAR"),
    ("aims", "PARTY aims to ACT within 4 hours counted in CALENDAR"),
    ("may", "PARTY may ACT"),
)
"""Lines that begin with a party's name: the words after it → the line; the longer words stand first."""


def forms(words: str) -> tuple[str, ...]:
    """How a line that begins with ``words`` may be written; none where its first words begin no line."""
    begun = words + " "
    leads = [lead for lead, _ in FORMS if begun.startswith(lead + " ")]
    if leads:
        longest = max(leads, key=len)
        return tuple(line for lead, line in FORMS if lead == longest)
    _, _, rest = begun.partition(" ")
    return tuple(line for lead, line in PARTY_LINES if rest.startswith(lead + " "))[:1]
