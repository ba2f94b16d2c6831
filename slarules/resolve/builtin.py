"""What every contract may speak of without declaring it: events, the words for doing them, facts, outcomes."""

from __future__ import annotations

from slarules.model.rules import EventType, Fact, FactType

TICKET = "ticket"
AGREEMENT = "agreement"
ANY = "any"
"""The kind of a fact that an event of any subject may carry."""
ALWAYS = "Always"
"""The calendar that never closes."""

_OF_A_TICKET = (
    ("opened", "open"), ("asked", "ask"), ("acknowledged", "acknowledge"), ("responded", "respond"),
    ("updated", "update"), ("severity_changed", None),
    ("severity_confirmed", "confirm_severity"), ("waiting", None), ("resumed", None), ("workaround", None),
    ("resolved", "resolve"), ("closed", "close"), ("reopened", "reopen"), ("cancelled", "cancel"),
    ("escalated", "escalate"), ("reported", "report"), ("out_of_scope", None),
)
_OF_AN_AGREEMENT = (
    ("started", "start"), ("renewal_notice", None), ("invoiced", "invoice"), ("purchase_order_received", None),
    ("paid", "pay"), ("hours_purchased", None), ("hours_logged", None), ("contact_designated", "designate"),
    ("contact_removed", None), ("terms_changed", None), ("terminated", "terminate"),
)
_OF_ANYTHING = (
    ("agreed", "agree"), ("elected", "elect"), ("notified", "notify"), ("recorded", None), ("corrected", None),
    ("retracted", None),
)
EVENTS: tuple[EventType, ...] = (
    *(EventType(name, TICKET, act) for name, act in _OF_A_TICKET),
    *(EventType(name, AGREEMENT, act) for name, act in _OF_AN_AGREEMENT),
    *(EventType(name, None, act) for name, act in _OF_ANYTHING),
)
"""Event types that need no declaration."""

_CARRIED = (
    ("automatic", "yes_no", "whether a machine did it"), ("written", "yes_no", "whether it was in writing"),
    ("who", "text", "the person designated or removed"), ("caller", "text", "the person acting"),
    ("role", "text", "which role a designation is for"), ("on", "text", "the party waited on"),
    ("hours", "hours", "hours bought or worked"),
)
FACTS: tuple[Fact, ...] = tuple(
    Fact(name, ANY, FactType(kind), None, None, title) for name, kind, title in _CARRIED
)
"""Facts that need no declaration; a contract's own of the same name takes their place."""

OUTCOMES = {"missed": "breached", "breached": "breached", "met": "met", "reached": "met", "performed": "performed"}
"""What may be said of another duty, as ``resolution missed`` → the outcome it means."""

EVENTS_MEANT = {
    "raised": "opened", "created": "opened", "submitted": "opened", "logged": "opened", "received": "opened",
    "made": "opened", "fixed": "resolved", "solved": "resolved", "answered": "responded", "replied": "responded",
    "confirmed": "acknowledged", "canceled": "cancelled", "withdrawn": "cancelled", "informed": "notified",
    "told": "notified", "begun": "started", "ended": "terminated",
}
"""Other words for built-in events → the word that the language has."""
ACTS_MEANT = {
    "raise": "open", "create": "open", "submit": "open", "log": "open", "fix": "resolve", "solve": "resolve",
    "answer": "respond", "reply": "respond", "confirm": "acknowledge", "inform": "notify", "tell": "notify",
    "withdraw": "cancel", "end": "terminate",
}
"""Other words for built-in acts → the word that the language has."""

TICKETS_MEANT = ("ticket", "tickets", "request", "requests", "incident", "incidents", "case", "cases", "issue",
                 "issues", "problem", "fault", "error")
"""Words for a ticket, of which a contract has one."""

_AT_ONCE = ("leave it out, and it is owed until it is done; `within 0 minutes` is due at once; or let a `reading` say "
            "what it comes to: `within as read in READING`")
_TERMS = ("let a status last so long, and set the duty off with `once each term of STATUS`; from the last one: "
          "`every 168 hours`, which is a week")
ADVERBS = {
    **dict.fromkeys(("immediately", "promptly", "forthwith", "quickly", "timely", "asap"), _AT_ONCE),
    **dict.fromkeys(("weekly", "monthly", "quarterly", "yearly", "annually", "regularly"), _TERMS),
    "daily": "write `each day of CALENDAR`; `each day of Always` for every date",
    "hourly": "write `every 1 hour until EVENT`",
    "nbd": "`within 1 day counted in CALENDAR` ends with the close of the next open day; `by the next close of "
           "CALENDAR` with the first closing",
    **dict.fromkeys(("eod", "eob", "cob"), "write `by the next close of CALENDAR`"),
}
"""Words of contracts that stand where a subject may → what to say instead."""
