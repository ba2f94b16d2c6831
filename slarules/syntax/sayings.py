"""Phrases of contracts that no line of a policy has, each with what to write: `immediately`, `24x7`, `95 % of`."""

from __future__ import annotations

from attrs import frozen

EVENT = r"(?:when|until|performed when|begins when|becomes \w+ when)\b"
"""What a line begins with that names events;"""
ROW = r"\|"
"""a row of a table;"""
_OWED = r"(?:option \w+:\s+)?\w+\s+(?:must|aims\s+to)\b"
_MAY = r"(?:only\s+)?\w+\s+may\b"
_IF = r"(?:if|unless|while|applies if|outside if|is .* if|(?:exactly|at most|at least) \d+ if)\b"
_ANY = ""

_DAYS = r"(?:business|working|open|support|banking)[ -]?days?"
_SOON = (r"immediately|promptly|forthwith|at once|without (?:undue )?delay|in a timely manner|"
         r"as soon as (?:is )?(?:reasonably )?(?:possible|practicable|practical)")
_ROUND_THE_CLOCK = r"24 ?(?:[x/] ?7|hours)(?: ?[x/] ?365)?|around the clock|at all hours"
_MONTHS = r"January|February|March|April|May|June|July|August|September|October|November|December"


REGIONS = {
    "england": "GB-ENG", "england and wales": "GB-ENG", "scotland": "GB-SCT", "wales": "GB-WLS",
    "northern ireland": "GB-NIR", "great britain": "GB", "united kingdom": "GB", "the uk": "GB",
    "the united kingdom": "GB", "usa": "US", "the usa": "US", "united states": "US", "the united states": "US",
    "america": "US",
    "ireland": "IE", "germany": "DE", "austria": "AT", "switzerland": "CH", "france": "FR", "belgium": "BE",
    "netherlands": "NL", "the netherlands": "NL", "luxembourg": "LU", "denmark": "DK", "sweden": "SE", "norway": "NO",
    "finland": "FI", "iceland": "IS", "estonia": "EE", "poland": "PL", "czechia": "CZ", "hungary": "HU",
    "romania": "RO", "italy": "IT", "spain": "ES", "portugal": "PT", "greece": "GR", "canada": "CA", "ontario": "CA-ON",
    "quebec": "CA-QC",
    "british columbia": "CA-BC", "california": "US-CA", "new york": "US-NY", "texas": "US-TX", "us-texas": "US-TX",
    "bavaria": "DE-BY", "mexico": "MX", "brazil": "BR", "argentina": "AR", "australia": "AU", "new zealand": "NZ",
    "japan": "JP", "singapore": "SG", "hong kong": "HK", "india": "IN", "south africa": "ZA", "israel": "IL",
}
"""Countries and parts of them, as contracts name them → as policies do."""


@frozen
class Saying:
    """A phrase of contracts that no line has."""

    line: str
    """What the line begins with."""
    phrase: str
    """The phrase."""
    message: str
    """``{0}`` stands for the phrase, ``{1}`` … for its parts."""
    help: str
    edit: str | None = None
    """What stands in its place where that alone mends the line."""


SAYINGS = tuple(Saying(*one) for one in (
    # ---- what is owed, and by when
    (_OWED, rf"\b({_SOON})", "`{0}` names no time", "leave it out, and it is owed until it is done; `within 0 minutes` "
     "is due at once; or let a `reading` say what it comes to: `within as read in READING`"),
    (_OWED, r"(?<=must )((?:within|every) \d+ \w+(?: counted in \w+)?) ([a-z].*)$",
     "by when stands behind what is done", "write `{2} {1}`", "{2} {1}"),
    (_OWED, r"\s*\b(?:at the latest|at most|maximum)$", "`{0}` is said by `within` already", "leave it out", ""),
    (_OWED, r"\buse\s+(?:(?:its|all|their)\s+)?(?:\w+ly\s+)?\w+\s+(?:efforts|endeavours)\s+to\b",
     "an effort is no promise", "write a `target` instead of a `duty`, and in it `PARTY aims to ACT`"),
    (_OWED, r"\b(?:by|on|before|within)\s+(?:the\s+)?(?:(?:end|close)(?:\s+of\s+business)?\s+(?:of|on)\s+)?(?:the\s+)?"
     rf"(?:next|following)\s+(?:{_DAYS}|day)(?:\s+of\s+\w+)?", "`{0}` does not say which days are open",
     "`within 1 day counted in CALENDAR` ends with the close of the next open day; `by the next close of CALENDAR` "
     "with the first closing"),
    (_OWED, rf"\b(?:by|on|before|within)\s+(?:the\s+)?(?:(?:end|close)(?:\s+of\s+business)?\s+(?:of|on)\s+)?(?:the\s+)?"
     rf"same\s+(?:{_DAYS}|day)", "`{0}` does not say which days are open", "write `by the next close of CALENDAR`"),
    (_OWED, r"\bby (?:the )?(?:end of (?:the )?(?:business |working )?day|close of business)\b",
     "`{0}` does not say which days are open", "write `by the next close of CALENDAR`"),
    (_OWED, r"\b(?:by|before|until)\s+(?:\d{1,2}:\d\d|\d{1,2}\s*[ap]\.?m\b\.?|noon|midnight)",
     "a limit is no time of day", "let a calendar close then, and write `by the next close of CALENDAR`"),
    (_OWED, r"\b(?:by|before|within|on)\s+(?:the\s+)?(?:(?:end|last day|first day|beginning|start)\s+of\s+)"
     r"(?:the|each|every|a)\s+(?:\w+\s+)?(month|quarter|year|week|half-year)", "a {1} is no limit by itself",
     "let a status last so long, and write `no later than 1 day before the term ends`; or record the date, and write "
     "`by the end of FACT`"),
    (_OWED, r"\bbetween (\d+) (?:(\w+) )?and (\d+ \w+) (?:before|prior to) the (?:\w+ )*(?:term|end)\b.*$",
     "`{0}` is no limit", "write the longer time first, as `no earlier than {1} days and no later than {3} before the "
     "term ends`; without a first day `no later than {3} before the term ends`"),
    (_OWED, r"\b(?:not|no) more than (\d+)(?: \w+)? (?:and|but|nor) (?:not|no) less than (\d+ \w+) (?:before|prior to)"
     r" the (?:\w+ )*(?:term|end)\b.*$", "`{0}` is no limit",
     "write `no earlier than {1} days and no later than {2} before the term ends`"),
    (_OWED, r"\b(?:at least|not less than|no later than|at the latest) (\d+ \w+) (?:before|prior to|ahead of)\b.*$",
     "`{0}` is no limit", "write `no later than {1} before FACT`, of a date that is recorded; of the term's end: "
     "`no later than {1} before the term ends`"),
    (_OWED, r"\b(?:before|prior to) (?:the )?(\w+) (?:is |was )?(\w+ed)$", "when that event will be nobody knows",
     "forbid the event instead: a `prohibition`, `when {1} {2}`, `unless EVENT has happened`, `PARTY must not ACT`"),
    (_OWED, rf"(?:\b(?:by|on|before|until) )?(?:the )?(?:end of )?\b\d{{1,2}} (?:{_MONTHS})\b(?: (?:of )?(?:each|every)"
     r" year)?", "`{0}` is no limit", "a date of one year: record it in a fact, and write `by the end of FACT`; of "
     "every year: let a status last 12 months, and write `no later than 92 days before the term ends`"),
    (_OWED, r"\b(?:by|on)\s+([a-z]\w*(?:date|_on|day|deadline|_by))$", "`{0}` is no limit", "write `by the end of {1}`",
     "by the end of {1}"),
    (_OWED, r"\b(?:before|prior to)\s+([a-z]\w*(?:date|_on|day|deadline|_by))$", "`{0}` is no limit",
     "write `no later than 1 day before {1}`", "no later than 1 day before {1}"),
    (_OWED, r"\bcounted\s+in\s+(\w+)\s+(after\s+[\w ]+)$", "`after` stands before `counted in`",
     "write `{2} counted in {1}`", "{2} counted in {1}"),
    (_OWED, r"(?<=hours )(?:during|within|in)\s+([A-Z]\w*)", "`{0}` does not say how the hours are counted",
     "write `counted in {1}`", "counted in {1}"),
    (_OWED, r"\b(?:no|not)\s+later\s+than\s+(\d+\s+\w+)(\s+after\b.*)?$", "`no later than` begins a limit of the term",
     "write `within {1}{2}`", "within {1}{2}"),
    (_OWED, r"\bnot \w+ later than (.*)$", "what is owed is said without `not`", "write `PARTY must ACT within {1}`"),
    (_OWED, r"(?<=pay )\d.*$", "what is to be paid is an amount of its own",
     "write `amount NAME in USD is …`, and in the duty `PARTY must pay` with its limit"),
    (_OWED, r"\bat least\s+(?=every\b|once\b)", "`every` is at least so often already", "leave `at least` out", ""),
    (_OWED, rf"(?<!within )(?<!every )(?<!than )\b(?:{_ROUND_THE_CLOCK})",
     "`{0}` is how hours are counted without a calendar", "leave it out; `counted in Always` says it in so many words"),
    (_OWED, r"\bexcluding\s+(?:weekends|holidays|public holidays)", "`{0}` stands in a calendar",
     "declare a calendar that is closed then, and write `counted in CALENDAR`"),
    (_OWED, r"\b(?:once|every|each|twice|\w+ times)\s+(?:a |per |each |every )?(?:calendar )?(week|month|quarter|year)",
     "`{0}` may mean a date or a length of time", "from the last one: `every 168 hours` is a week; by the {1}: a "
     "status that lasts so long, and `once each term of STATUS`"),
    (_OWED, r"\b(?:once|every|each)\s+(?:a |per |each |every )?(?:\w+ )?day(?!\s+of\b)",
     "`{0}` does not say which days", "write `each day of CALENDAR`; `each day of Always` for every date"),
    (_OWED, r"\bhourly\b", "`{0}` is not how a recurrence is written", "write `every 1 hour until EVENT`",
     "every 1 hour"),
    (_OWED, r"\bdaily\b", "`{0}` does not say which days",
     "write `each day of CALENDAR`; `each day of Always` for every date"),
    (_OWED, r"\b(?:weekly|monthly|quarterly|yearly|annually)\b", "`{0}` may mean a date or a length of time",
     "from the last one: `every 168 hours` is a week; by the calendar: a status that lasts so long, and `once each "
     "term of STATUS`"),
    (_OWED, r"\s*\b(?:in|for|of)\s+\d+(?:\.\d+)?\s*%[ \w]*|\b\d+(?:\.\d+)?\s*%\s+of\s+(?:all\s+)?\w+",
     "a share of the tickets is not promised of one ticket",
     "leave it out: each ticket is judged by itself, and `slarules report` tells the share that was kept"),
    (_OWED, r"(?<=\w )(?:and|or)\s+(?!by\b|within\b)\w+\b(?=.*\bwithin\b)", "a line says one act",
     "for `and` write two duties; for `or` name the acts in `performed when EVENT or EVENT`"),
    (_OWED, r"(?:hours?|minutes?|days?)\s+and\s+\w+\s+within\b", "a line says one act and one limit",
     "write two duties"),
    (_OWED, r"\bin writing\b", "`in writing` is said of the act's event",
     "write below: `performed when EVENT and written`"),
    (_OWED, r"\s*\b(?:if|unless|provided(?: that)?|except|where|when|while)\b.*$", "a condition has a line of its own",
     "write it above this line: `if …`, `unless …` or `while …`"),
    (_OWED, r"\bfor (?:severity|priority|level) \w+.*$", "a condition has a line of its own",
     "write it above this line: `if severity is …`"),
    (_OWED, r",\s*(?=counted\b|after\b|otherwise\b)", "no comma stands before the basis of a limit", "leave it out",
     " "),
    (_OWED, r"\bbetween\s+\d+\s*\w+\s+and\s+\d+\s+\w+|\b\d+\s*(?:to|-|–)\s*(?=\d+\s+(?:minute|hour|day))",
     "a limit is one length of time", "write the longest: by then it is owed"),
    (_OWED, r"(?<= )(\d+),(\d+)(?= ?[a-z])", "`{0}` is not how a number is written", "write `{1}.{2}`", "{1}.{2}"),
    (_OWED, r"\b(?:half|a quarter of) an hour\b", "numbers are written in digits",
     "write `30 minutes` or `15 minutes`"),
    (_OWED, r"\ba workaround\b", "`workaround` happens, and nobody owes it by that word",
     "write `PARTY must resolve …`, and below it `performed when workaround or resolved`"),
    (_OWED, r"\bnever\b", "`{0}` is not the word for what is forbidden", "write a `prohibition`: `PARTY must not ACT`"),
    # ---- what sets a rule off
    (EVENT, r"\b(\w+) (?:is|are|was|falls|drops|goes|sinks|rises) (?:to )?(?:less than|more than|fewer than|at least|"
     r"at most|below|under|above|over|down to)\b.*$", "how much there is, is a condition and no event",
     "write `when EVENT` of what changes it, as `when agreement hours_logged`, and below it "
     "`if {1} is less than 4 hours`"),
    (r"until\b", r"\s*\b(?:and|with|if|where|unless|provided)\b.*$",
     "what ends a duty is an event, without a condition",
     "declare an event that is recorded only then, and write `until EVENT`; or say how long it is owed: "
     "`while CONDITION`"),
    (EVENT, r"\b\d+ (?:hours|minutes|days) of (\w+) (?:are|is|have|has)\b.*$", "a time that is used is said as a share",
     "write `when 50 % of {1} is used`, or what is left: `when 2 hours remain of {1}`"),
    (EVENT, r"\b(\d+) ?% of (\w+) (?:has been |was |are |been )?used\b", "`is` is missing before `used`",
     "write `when {1} % of {2} is used`", "{1} % of {2} is used"),
    (EVENT, r"(\w+) has (\d+ \w+) (?:left|remaining)", "time that is left is said the other way round",
     "write `when {2} remain of {1}`"),
    (EVENT, r"\b(\w+) (?:is|was|are|has been) (breached|missed|met|reached)\b", "`{0}` has a word too many",
     "write `{1} {2}`", "{1} {2}"),
    (EVENT, r"\bseverity becomes \w+|\w+ becomes severity \w+", "a level is no state that is entered",
     "write `when ticket severity_changed`, and below it `if severity is …`"),
    (EVENT,
     r"\b(?:\d+|three|two|five) \w+ (?:breached|missed|\w+ed)\b|\b(?:breached|missed|\w+ed) (?:at least )?\d+ times"
     r".*$|^when \d+ \w+$", "events are not counted", "declare an event that is recorded when so many have come, as "
     "`event third_failure of agreement`, and name it here"),
    (EVENT, r"\bwaiting on (\w+).*$", "`waiting` names its party in the fact `on`",
     'write `when ticket waiting`, and below it `if on is "{1}"`'),
    (EVENT, r"\b(?:waiting|open|unanswered) for \d+ .*$|\b\d+ \w+ ago\b.*$|\bnot (?:been )?\w+ed within .*$",
     "that nothing happened for a time is no event",
     "let a duty or target say by when it should have happened; then `when NAME breached`, or `when NAME missed`"),
    (EVENT, r"\bopened (?:after|before|between) \d.*$", "a time of day is said by a calendar",
     "let a calendar be open then, and write `when ticket opened during CALENDAR`"),
    (EVENT, r"\s*\b(?:and|with|if|where|unless)\s+(?:severity|not|the|a)\b.*$|\s*\b(?:with|if|where|unless)\b.*$",
     "a condition has a line of its own", "write it below this line: `if …` or `unless …`"),
    (r"when\b", r"\band\s+\w+(?: \w+)?$", "`and` joins no events here",
     "of two events: `when both EVENT and EVENT`; a condition has a line of its own: `if …`"),
    (EVENT, r"\bin person\b|\bon[- ]site\b|\bin writing\b|\bby (?:tele)?phone\b",
     "how it was done is a fact of the event",
     "declare it, as `fact on_site of any event: yes or no`, and write `… and on_site`"),
    (r"\d", r"^\d+ \w+ after .*$", "a time after an event stands in a limit",
     "write `when EVENT`, and in the line with `must` `within …`; or `when NAME missed` of a target with that time"),
    (_ANY, r"^(?:once\s+)?(?:each|every|per|a)\s+(?:\d+\s+)?(?:calendar )?(?:day|week|month|quarter|year)s?\b.*$|"
     r"^once (?:a|per) \w+$|^(?:on|by) the \w+ (?:day )?of (?:each|every|the) \w+.*$", "`{0}` sets nothing off",
     "let a status last so long, and write `once each term of STATUS`"),
    (_ANY, r"^(?:twice|thrice|\w+ times) (?:in )?(?:each|every|per|an?)\b.*$", "`{0}` sets nothing off",
     "write `once each term of STATUS`; for twice a year, let the status last 6 months"),
    (_ANY, r"^(?:each|either|both) part(?:y|ies) (?:must|shall|will|aims? to)\b(?! not)",
     "what is owed is owed by one party", "write a duty for each of the two"),
    (_ANY, r"^(?:upon|on receipt of|following|as soon as|once the|whenever|where(?! \w+ is\b))\b.*$",
     "`{0}` begins no line here", "what sets a rule off begins with `when`: `when ticket opened`"),
    (_ANY, r"^(?:provided(?: that)?|except (?:if|when|where)|in case|so long as|as long as)\b.*$",
     "`{0}` begins no line here", "write `if …`, `unless …` or `while …`"),
    (_ANY, r"^\d+(?:\.\d+)? ?% of .*$", "a share of the tickets is not promised of one ticket",
     "write the duty of each ticket: `PARTY must ACT within …`; `slarules report` tells the share that was kept"),
    (r"(?i:if) (?!breached|missed)", r"^if .+?, .+\b(?:must|shall|aims to)\b.*$",
     "a condition and what is owed are two lines",
     "write `if …`, and what is owed on a line of its own: `PARTY must ACT`"),
    (r"if (?:missed|breached)", r"^if missed,?.*$|^if breached,? (?!\w+ applies).*$",
     "a breach sets off another rule, by its name",
     "write `if breached, DUTY applies`; of a target, in the other rule: `when TARGET missed`"),
    (_ANY, r"^performed (?:by|if|once|on)\b", "`{0}` begins no line", "write `performed when EVENT`", "performed when"),
    (EVENT, r"\b((?:during|outside) \w+) (by \w+)", "who did it stands before the calendar", "write `{2} {1}`",
     "{2} {1}"),
    # ---- conditions
    (_ANY, r"^else\b.*$", "`{0}` begins no line", "write another rule, with the contrary in `unless …`"),
    (_IF, r"\bis (?:one|any|either) of\b(?= \w)", "values follow `is` at once", "write `is A, B or C`", "is"),
    (_IF, r"(?<=severity )in\b", "`in` does not compare", "write `is A, B or C`", "is"),
    (_IF, r"\bis (?:above|over|greater than|higher than|worse than|more severe than)\b", "`{0}` does not compare",
     "write `is more than`", "is more than"),
    (_IF, r"\bis (?:below|under|lower than|fewer than|less severe than)\b", "`{0}` does not compare",
     "write `is less than`", "is less than"),
    (_IF, r"\bis (?:not (?:less|fewer) than)\b", "`{0}` does not compare", "write `is at least`", "is at least"),
    (_IF, r"\bis (?:not (?:more|greater) than|no more than|up to)\b", "`{0}` does not compare", "write `is at most`",
     "is at most"),
    (_IF, r"\bis (more than|less than|at least|at most) (\d[\d.]*) ?%(?! of)", "a share is a plain number here",
     "leave `%` out: `is {1} {2}`", "is {1} {2}"),
    (_IF, r"\bis ((?:(?!any\b|none\b)[a-z]\w*, )+[a-z]\w*),? or ([a-z]\w*)\b", "a list of words is said with `any of`",
     "write `is any of {1}, {2}`", "is any of {1}, {2}"),
    (_IF, r"\b(\w+) has not happened\b", "`not` stands before the condition", "write `not {1} has happened`",
     "not {1} has happened"),
    (_IF, r"\b(?:\w+ )?(?:was|has been|is not|were|is|has) (?:breached|missed|met|reached|kept|broken)\b.*$",
     "what became of a rule is no condition", "it sets off another rule: `when NAME breached`; for a right or an "
     "amount, record an event or a fact of its own"),
    (_IF, r"\b(?!if\b)\w+ (?:breached|missed)\b.*$", "what became of a rule is no condition",
     "it sets off another rule: `when NAME breached`; for a right or an amount, record an event or a fact of its own"),
    (_IF, r"\b(?:on or )?(?:before|after|until|by) (?:the |\d).*$", "only a fact is compared with a date",
     "write `if FACT is at most 2026-09-30`, of a fact that is a date"),
    (_IF, r"\b(?:\w+ )?(?:was|has been|is not|were) (\w+ed)\b", "that something happened is said of the event",
     "write `{1} has happened`, or `not {1} has happened`"),
    # ---- pauses
    (_ANY, r"^(?:the )?(?:clock|time|timer|deadline)(?: \w+)? (?:stops?|pauses?|halts?|rests?|freezes|stands still|"
     r"(?:is|are) (?:stopped|paused|suspended|on hold))\b.*$", "`{0}` begins no line here",
     "write `paused while waiting on PARTY`; of hours that do not count, `counted in CALENDAR` in the limit"),
    (_ANY, r"^(?:stopped|suspended|halted|on hold|paused) (?:when|until|if|outside|during|whenever)\b.*$|"
     r"^(?:stopped|suspended|halted|on hold) while\b.*$|^paused while (?!waiting).*$",
     "a clock stands still while the ticket waits on somebody, or while a calendar is closed",
     "write `paused while waiting on PARTY`; of hours that do not count, `counted in CALENDAR` in the limit"),
    (r"paused while waiting on\b", r"\s*\b(?:for (?:at most|up to|no|not|a maximum)|but|within|until|unless|if)\b.*$",
     "a pause has no limit and no condition", "let the desk record `resumed` when it is over; or cap the time as a "
     "whole: `by the sooner of within 8 hours counted in CALENDAR and within 30 days`"),
    (r"on reopening\b", r"\b(?:within|if|after|unless|until|before)\b.*$",
     "a reopening does the same whenever it comes",
     "leave this out: what comes too late is recorded as another ticket, with its own `opened`"),
    (_ANY, r"(?<=waiting )for\b", "`for` does not follow `waiting`", "write `waiting on`", "on"),
    # ---- opening times
    (r"open\b", r"\boutside (\w+)", "`open` names days, or other calendars",
     "write `open whenever Always is open but not {1}`", "whenever Always is open but not {1}"),
    (r"open\b", r"\b(?:on )?(?:weekdays|working days|business days)\b", "`{0}` are not named by that word",
     "write `Monday to Friday`", "Monday to Friday"),
    (r"open\b", r"\b(?:on )?weekends\b", "`{0}` are not named by that word", "write `Saturday to Sunday`",
     "Saturday to Sunday"),
    (r"open\b", rf"\b(?:{_ROUND_THE_CLOCK})|\bevery day$", "`{0}` names no opening times",
     "write `open every day 00:00 to 24:00`; the calendar `Always` is built in"),
    (r"open\b", rf"(?<=open )(?:on |from |between )?(\d{{1,2}} (?:{_MONTHS})) (?:to|until|and|-) "
     rf"(\d{{1,2}} (?:{_MONTHS})).*$", "`open` names weekdays", "let a calendar be open on all other dates: "
     "`open every day 00:00 to 24:00` and `closed on {1} to {2}`; what holds on those dates stands `outside` it"),
    (r"open\b", rf"(?<=open )(?:on |from |between )?(?:\d{{1,2}} (?:{_MONTHS})|(?:{_MONTHS}) \d|\d{{4}}-).*$",
     "`open` names weekdays", "a single date is written with its year: `also open 2026-12-27 10:00 to 14:00`, a line "
     "for each date"),
    (r"open\b", r"(?<=open )[A-Z]\w+day(?:(?: to |, | and )[A-Z]\w+day)*$", "these days have no times",
     "write them behind: `09:00 to 17:00`; for whole days `00:00 to 24:00`"),
    (r"open\b", r"(?<=open )(?:from|on|between)\b", "the days follow `open` at once", "leave `{0}` out", ""),
    (r"open\b", r"(?<=open )(?:always|daily|at all times|all day|all the time|permanently)$",
     "`{0}` names no opening times", "write `open every day 00:00 to 24:00`; the calendar `Always` is built in",
     "every day 00:00 to 24:00"),
    (r"open\b", r"(?<=\d) ?(?:Uhr|o['’]clock|hours|hrs|h)$", "a time is written `09:00`, without a word",
     "leave `{0}` out", ""),
    (r"open\b", r"(?<=y )from (?=\d)", "the times follow the days at once", "leave `from` out", ""),
    (r"open\b", r"(?<=\d), ?(?=\d)", "several times of a day are joined by `and`", "write `and`", " and "),
    (r"open\b", r"(?<=\d)(?:,| and|, and) (?=[A-Z]\w+day\b).*$", "other days have a line of their own",
     "write it below: `open Saturday 09:00 to 12:00`"),
    (r"open\b", r"(?<=y), ?(?=\d)", "the times follow the days at once", "leave the comma out", " "),
    (r"open\b", r"(?<=\d )(?:UTC|GMT|[A-Z]{2,4}T)$", "the zone has a line of its own",
     "write above: `zone America/Denver`"),
    (r"closed\b", r"\bon (?:\w+ )?(?:public|bank|federal|national|statutory|legal) holidays.*$",
     "`{0}` does not say whose", "name the country: `closed on holidays of US`, `closed on holidays of GB-ENG`"),
    (r"closed\b", r"\bon (?:weekends|(?:mon|tue|wed|thu|fri|sat|sun)\w*day\w*\b.*)$",
     "a calendar is closed unless it opens", "name in `open` only the days on which it is open"),
    (r"closed\b", rf"\b(\d{{1,2}})\. ({_MONTHS})", "`{0}` is not how a day of every year is written",
     "write `{1} {2}`", "{1} {2}"),
    (r"closed\b", rf"\bon ({_MONTHS}) (\d{{1,2}})\b", "`{0}` is not how a day of every year is written",
     "write `on {2} {1}`", "on {2} {1}"),
    (r"closed\b", rf"\bon ((?:\d{{1,2}} (?:{_MONTHS})|[\d-]{{10}}) to (?:\d{{1,2}} (?:{_MONTHS})|[\d-]{{10}})) "
     r"\d{1,2}:.*$", "hours are cut out of one date", "write a line for each, as `closed on 24 December 12:00 to "
     "17:00`; whole dates are `closed on {1}`"),
    (r"closed\b", r"\b(?:from|on|between) (\d{4}-\d\d-\d\d) ?(?:to|until|through|and|-) ?(\d{4}-\d\d-\d\d)",
     "`{0}` closes no dates", "write `closed on {1} to {2}`", "on {1} to {2}"),
    (r"closed\b", rf"\b(?:from|on|between) (\d{{1,2}} (?:{_MONTHS})) ?(?:to|until|through|and|-) ?"
     rf"(\d{{1,2}} (?:{_MONTHS}))", "`{0}` closes no dates", "write `closed on {1} to {2}`", "on {1} to {2}"),
    (r"closed\b", rf"\b(?:from|on|between) (\d{{1,2}}) ?(?:to|until|through|-) ?(\d{{1,2}}) ({_MONTHS})",
     "the first date has no month", "write `closed on {1} {3} to {2} {3}`", "on {1} {3} to {2} {3}"),
    (r"closed\b", rf"\bon (\d{{1,2}}) and (\d{{1,2}} ({_MONTHS}))", "a line closes one date",
     "write a line for each: `closed on {1} {3}`, `closed on {2}`"),
    (_ANY, r"^(?:except(?:ing)?|excluding|excl\.|other than|but not|not)(?: on| for)?"
     r"(?= (?:holidays of|\d|the\b|public|bank))",
     "`{0}` begins no line of a calendar", "write `closed on`", "closed on"),
    (r"closed\b", r"^closed (?=\d)", "`on` is missing before the date", "write `closed on`", "closed on "),
    (r"closed\b", r"^closed (?:for|during|between|at)\b.*$", "hours that are never open are left out of `open`",
     "write `open Monday to Friday 09:00 to 12:00 and 13:00 to 17:00`"),
    (r"closed\b", r"\bon (?!holidays|\d)(?:the )?\w+ \w+.*$", "a holiday is named by its date or its country",
     'write `closed on 25 December "Christmas Day"`, or `closed on holidays of US`'),
    # ---- rights and prohibitions
    (_ANY, r"^(?:each|either|any) party (?:may|can)\b", "a right is one party's", "write a right for each of the two"),
    (_ANY, r"^(?:neither|no) party (?:may|shall|must|can)\b", "`{0}` begins no line", "write `each party must not ACT`",
     "each party must not"),
    (_ANY, r"^(\w+) (?:may|shall|will|can|must) (?:not|never)\b", "what is forbidden is said with `must not`",
     "write, in a `prohibition`, `{1} must not …`", "{1} must not"),
    (_ANY, r"^(\w+) (?:can|is entitled to|has the right to|is allowed to)\b", "`{0}` is not the word for a right",
     "write `{1} may …`", "{1} may"),
    (_MAY, r"\b(?:at least|not less than|no later than) \d+ \w+ (?:before|prior to)\b.*$|"
     r"\bwith (?:at least )?\d+ \w+['’]? notice (?:before|to|prior to) the\b.*$", "notice is given before a date",
     "write `with 30 days notice before the term ends`, or `before FACT`, of a date that is recorded, as "
     "`term_ends_on`; with a first day, too: `with at least 60 days and at most 90 days notice before the term ends`"),
    (_MAY, r"\bwith (?:(?:not|no) more than|at most|up to|between) .*$", "`{0}` is no notice",
     "write the least first: `with at least 60 days and at most 90 days notice before the term ends`"),
    (r"survives\b", r"\b(?:for|until|by)\b.*$", "a prohibition ends with the term, or goes on for good",
     "write `survives the term`, and `while STATUS is STATE` of a status that lasts so long"),
    (_MAY, r"\s*\bwithin \d.*$", "a right has no deadline",
     "write below: `if EVENT has happened within 30 days`, of the event from which the time runs"),
    (_MAY, r"\s*\b(?:if|unless|provided|while|during|at any time|outside)\b.*$", "a condition has a line of its own",
     "write it below this line: `if …`, `unless …`, `during CALENDAR` or `at any time`"),
    (_MAY,
     r"\b(?:on|upon|by giving|with(?: at least| not less than)?) (\d+ \w+)['’]?s? ?(?:prior )?(?:written )?notice\b"
     r"(?! before)(?: (?:of|to)\b.*)?|\bwith (?:at least|not less than) (\d+ \w+).*$", "notice is given before a date",
     "write `with 30 days notice before FACT`, of the date that the notice names"),
    (_MAY, r"['’] ?notice\b", "`notice` follows the time without an apostrophe",
     "write `with 30 days notice before FACT`"),
    # ---- the agreement's life
    (r"becomes\b", r"\bat the end of (?:the|its|each) (?:\w+ )?(?:term|period|year)\b", "`{0}` has a word too many",
     "write `at the end of term`", "at the end of term"),
    (r"becomes\b", r"\bunless\b.*$", "`unless` does not follow here",
     "write `becomes STATE at the end of term if CONDITION`, or `if not …`"),
    (_ANY, r"^(?:automatically )?(?:renews?|is renewed|auto-?renews?)\b.*$", "a renewal is a change of state",
     "write `becomes STATE at the end of term`, with the state's own name where it begins again"),
    (_ANY, r"^(?:ends?|ceases?|stops?) (?:when|once|as soon as|with)\b.*$", "`{0}` begins no line here",
     "what ends a duty is an event: `until EVENT`; what ends a state of the agreement: `becomes STATE when EVENT`"),
    (_ANY, r"^(?:ends?|runs?|expires?) (?:on|at|until|till|for|with)\b.*$", "`{0}` begins no line here",
     "say how long a term is: `lasts 12 months rounding down`; what ends it sooner: `becomes STATE when EVENT`"),
    # ---- allowances and amounts
    (_ANY, r"^(?:\d+ \w+ (?:each|every|per|a)\b.*|starts? (?:at|with) .*|increases by .*)$",
     "an allowance is filled by events",
     "write `increases on EVENT by FACT`, and let each filling be recorded, as `hours_purchased` with `hours`"),
    (_ANY, r"^(?:expires?|lapses?) (?:after|at)\b.*$", "what is unused is lost at the end of the agreement's term",
     "let a status say how long the term lasts: `lasts 12 months rounding down`"),
    (r"(?:in|de)creases\b", r"(?<=creases )(?:when|if|at|each|every|with)\b.*$",
     "an allowance moves by an event of the log", "write `increases on EVENT by FACT`; what a rule's breach adds is "
     "recorded as an event of its own"),
    (r"(?:in|de)creases on", r"\b(?:multiplied|divided|plus|minus|times) .*$|(?<=by )\d+.*$",
     "an allowance moves by a fact, as it is recorded",
     "record the quantity that counts in a fact of its own, and write `by FACT`"),
    (r"amount", r"\s*\b(?:if|when|unless|otherwise)\b.*$", "an amount with conditions has a line for each",
     "end this line with the currency, and write below: `is VALUE if CONDITION`, and last `is VALUE otherwise`"),
    (r"where", r"\s*\b(?:if|when|unless|otherwise)\b.*$", "a part of an amount has no condition",
     "give it an amount of its own, with lines `is VALUE if CONDITION` and `is VALUE otherwise`, and use its name"),
    (_ANY, r"^(?:otherwise|else|in (?:all )?other cases),? (?:is )?(\d.*|\w+ (?:multiplied|divided|minus|plus) .*)$",
     "`otherwise` stands last in its line", "write `is {1} otherwise`", "is {1} otherwise"),
    (_ANY, r"^(?:up to|(?:no|not) more than|(?:a )?max(?:imum)?(?: of)?) (\d+)(?= if|$)", "`{0}` begins no line",
     "write `at most {1}`", "at most {1}"),
    (_ANY, r"^(?:plus|minus) \d.*$", "`{0}` begins no line", "write the sum in the value, as `is A plus B`, or "
     "give a part a name on a line of its own: `where PART is …`"),
    (r"is\b", r"\bis (?:at most|up to|at least|capped at|no more than)\b", "`{0}` gives no amount",
     "a cap is `the lesser of A and B`, a floor `the greater of A and B`"),
    (r"(?:amount|where)", r"\b([a-z_]\w*) ?% of (\w+)", "a share that is recorded stands without `%`",
     "write `{2} multiplied by {1} divided by 100`", "{2} multiplied by {1} divided by 100"),
    (r"(?:amount|where|date)", r"\*", "`*` does not multiply", "write `multiplied by`", "multiplied by"),
    (r"(?:amount|where)", r"(?:[$€£])\s*(\d[\d.]*)?", "a currency is three capital letters",
     "write the amount before it: `100.00 USD`, `100.00 EUR`, `100.00 GBP`"),
    (r"(?:amount|where)", r"(?<=\d )(?:dollars|euros|pounds)", "a currency is three capital letters",
     "write `USD`, `EUR` or `GBP`"),
    (r"(?:amount|where)", r"\bis (?:at most|up to|at least|capped at|no more than)\b", "`{0}` gives no amount",
     "a cap is `the lesser of A and B`, a floor `the greater of A and B`"),
    (r"(?:amount|where)", r"(?:lesser|greater) of (?:\(.*|\w+ (?:plus|minus|multiplied|divided)\b.*)$",
     "`the lesser of` and `the greater of` take names and plain values",
     "give the computed part a name on a line above: `where PART is …`, and use it here"),
    (r"option \w+:", r"\bcounted (?:in|as)\b[^\"]*", "a length of time stands in an option without its calendar",
     "leave this out, and say it where the reading stands: `within as read in READING counted in CALENDAR`, or in the "
     "column's head; of a whole limit: `option NAME: within 1 day counted in CALENDAR`"),
    # ---- facts, and who may say them
    (r"(?:assigned|changed|confirmed|designated|replaceable) by\b", r"(?<=by )(?:both|either|each|all|the) part.*$",
     "parties are named", "write `assigned by PARTY, PARTY`; what they agree on, one of them records"),
    (r"(?:at most|at least|exactly) \d+\b", r"\s*\b(?:when|where|unless|for|per|under|in)\b.*$",
     "a number of people with a condition says `if`",
     "write `at most 10 if plan is premium`, of a fact of the agreement, and last `at most 3 otherwise`"),
    (r"(?:fact|event|status|allowance)\b",
     r"(?<= of )((?!the |an? |any |each )[a-z]\w*) (?!act\b)([a-z]\w*)(?=:| act| \"|$)",
     "`{0}` is more than one word, and a name is one", "write `{1}_{2}`, or `{2}`", "{1}_{2}"),
    (r"fact\b", r"^fact (\w+):", "the fact does not say of what", "write `fact {1} of ticket: …`, or `of agreement`",
     "fact {1} of ticket:"),
    (r"fact\b", r": ?(?:bool(?:ean)?|flag|true or false)$", "`{0}` is no type", "write `: yes or no`", ": yes or no"),
    (r"fact\b", r": ?(?:string|str|words|free text)$", "`{0}` is no type", "write `: text`", ": text"),
    (r"fact\b", r": ?(?:int(?:eger)?|float|decimal|count|percent(?:age)?|\d.*)$", "`{0}` is no type",
     "write `: number`", ": number"),
    (r"fact\b", r": ?(?:datetime|timestamp|date and time|time)$", "`{0}` is no type",
     "an instant is an event: `event NAME of ticket`; a day is `: date`"),
    (r"fact\b", r": ?(?:one of )?\"[^\"]*\".*$", "the values of a fact are words without quotation marks",
     "write `: one of email, telephone`"),
    (r"severities\b", r"\b[A-Z]?\d ?(?:-|–|to) ?[A-Z]?\d\b", "each level is named", "write `severities 1, 2, 3`"),
    (r"severities\b", r"(?<=\w)(?: and | ?/ ?|; )(?=\w)", "levels are separated by commas", "write `, `", ", "),
    (r"severities\b", r"(?<=severities )((?:sev|severity|level|priority|prio|class|[sp])\.? \d\b(?:, )?)+",
     "`{0}` is more than one word, and a name is one", "write `severities 1, 2, 3`; a title has a line of its own: "
     "`severity 1 \"its definition\"`"),
    (r"severities\b", r"(?<=\w) (?=\w)", "levels are separated by commas", "write `, `; a name is one word", ", "),
    (r"(?:severity|priorities|priority|levels) \w+,", r"^\w+", "`{0}` does not begin the list of levels",
     "write `severities`", "severities"),
    (r"(?:fact|event|severities|reading|duty|target|right|prohibition|calendar)\b", r"\b(\w+)-(\w+)\b",
     "`{0}` has a hyphen, and a name is letters and digits", "write `{1}_{2}`", "{1}_{2}"),
    (r"\d{4}-|\d{1,2}:|expect\b", r"(?<=\s)([A-Za-z]\w*)-(\w+)\b",
     "`{0}` has a hyphen, and a name is letters and digits", "write `{1}_{2}`", "{1}_{2}"),
    # ---- cells of tables
    (ROW, r"(?<=\| )(?:by (?:the )?)?(?:end of (?:the )?)?(?:[\d.]+ )?(?:next )?(?:business|working) days?\b",
     "`{0}` does not say which days are open", "write `1 day counted in CALENDAR`, or let the head of the "
     "column say `in CALENDAR`"),
    (ROW, r"(?<=\| )(?:[nN]/?[aA]|none agreed|-+|–|—|no target|(?:\w+ )?(?:best|reasonable) (?:efforts|endeavours))"
     r"(?= *\|)",
     "`{0}` is no value", "write `none`: nothing is promised there", "none"),
    (ROW, r"\|\s+(?=\|)", "a cell is empty", "write `none` in an output where nothing is promised, `any` in an input"),
    (ROW, r"(?:below|above|under|over|less than|more than|at least|at most|>=?|<=?|\d+ ?% ?(?:to|-)) ?\d.*?(?= *\|)",
     "an input cell is a value, and no range",
     "declare a fact `one of` with a word for each range; an amount in steps has lines of its own: `is 10 % of fee if "
     "uptime is less than 95`, and last `is 0 USD otherwise`"),
    (ROW, r"^\|[-:| ]+\|?$", "a line of dashes is no row", "leave the line out: the first row is the head"),
    (ROW, r"(?<=\| )\d+ ?(?:-|–|to) ?(?=\d+ ?\w+ *\|)|(?<=\| )between \d+ ?\w* and (?=\d)",
     "a limit is one length of time", "write the longest: by then it is owed", ""),
    (ROW, r"(?<=\| )(?:half an|½|1/2|a half|0\.5 of an?) ?hours?(?= *\|)", "`{0}` is not how a time is written",
     "write `30 minutes`", "30 minutes"),
    (ROW, r"(\b[a-z]\w*) or ([a-z]\w*)(?= *\|)", "several words of a cell are separated by commas", "write `{1}, {2}`",
     "{1}, {2}"),
    (ROW, r"(?<=\| )(?!\d)[A-Z]?\w+ \w+(?: \w+)*(?= *\|)", "`{0}` is more than one word, and a name is one",
     "write the head of a column as one word, as `response_time`; the words of a cell as they were declared"),
    # ---- scenarios
    (r"\d{4}-", r"(?<=^\d{4}-\d\d-\d\d ) *(?=[A-Za-z])", "the time of day is missing",
     "write it after the date: `09:00`"),
    (r"as of \d", r"(?<=\d{4}-\d\d-\d\d ) *(?=expect)", "the time of day is missing",
     "write it after the date: `09:00`"),
    (r"(?:\d|as of)", r"\b(\d{1,2})(?:[:.](\d\d))? ?([ap])\.?m\b\.?", "a time is written as on a clock of 24 hours",
     "write `09:00` for nine in the morning, `21:00` for nine at night"),
    (r"(?!expect\b|as of\b|when\b|if\b|open\b|also\b|on\b|closed\b)(?:[\d:-]+ +)*\w+ \w+ed\b",
     r"(?<=\w) at ((?:\d{4}-\d\d-\d\d )?\d{1,2}:\d\d)$", "the time stands first", "write it at the beginning of the "
     "line: `{1}  T1 opened by Customer`"),
    (r"(?:[\d:-]+ +)*\w+ \w+ by \w+ ", r"(?<= by )(\w+) (?=(?:not )?(?!with\b|at\b)[a-z]\w*(?: |$))",
     "a fact follows a comma",
     "write `{1}, `", "{1}, "),
    (r"\d", r"\s*\bwith (?=\w+)", "a fact follows a comma", "write `, ` in its place", ", "),
    (r"\d", r"(?<=, )(\w+)(?: is|:) (?=\w)", "a fact is followed by its value at once", "write `{1} `", "{1} "),
    (r"\d", r"\bwaiting for\b", "`for` does not follow `waiting`", "write `waiting on`", "waiting on"),
    (r"expect\b", r"\bdue (?=\d)", "`at` is missing before the time", "write `due at`", "due at "),
    (r"expect\b", r"\b(\d\d:\d\d) on (\d{4}-\d\d-\d\d)", "the date stands before the time", "write `{2} {1}`",
     "{2} {1}"),
    (r"expect\b", r"\b(?:breached|missed|late) by\b", "how late is said of the performance",
     "write `breached, performed late by 1 hour`"),
    (_ANY, r"^(?:the )?next day\b.*$|^then\b.*\bT\d.*$|^after \d+ \w+\b.*$|^\d+ \w+ later\b.*$",
     "a line of a scenario begins with its time", "write a date and a time, or `2 hours after T1 opened`"),
    # ---- kinds of clause
    (r"(?:credit|penalty|service credit|fee|rebate|discount)s? \w+$", r"^\w+", "`{0}` begins no rule",
     "what is to be paid is an amount: `amount NAME in USD is …`"),
    (r"(?:escalation|obligation|commitment|sla|promise|response) \w+$", r"^\w+", "`{0}` begins no rule",
     "what a party must do is a duty: `duty NAME`; what it aims at is a target: `target NAME`"),
    (r"(?:term|duration|renewal)\b", r"^\w+", "`{0}` begins no rule", "how long the agreement lasts is a status: "
     "`status NAME of agreement`, and in a state `lasts 12 months rounding down`"),
    (r"(?:definition|define)\b", r"^\w+", "`{0}` begins no rule",
     "what is defined is a calendar, a fact, an event or a `severity`; what is only stated is a `declaration`"),
    (r"(?:exclusion|exclusions|excluded)\b", r"^\w+", "`{0}` begins no rule",
     "what is left outside is a scope: `scope NAME`, with lines `outside if CONDITION`"),
    (r"(?:permission|entitlement|option)\b(?! \w+:)", r"^\w+", "`{0}` begins no rule",
     "what a party may do is a right: `right NAME`; one of several that it may choose is an option of a `choice`"),
    (r"(?:timezone|time zone)\b", r"^time ?zone", "`{0}` is no word of the language", "write `zone America/Denver`",
     "zone"),
))
