"""What the column engines call the events: small numbers, with the actor told apart where the contract asks for him."""

OTHER, OPENED, ACKNOWLEDGED, RESPONDED, ESCALATED, RESOLVED, CLOSED, WAITING, RESUMED, CHANGED, REOPENED = range(11)
"""An act counts as such only where the provider did it; by another it is ``OTHER``."""
NAMED = {
    "opened": OPENED,
    "acknowledged": ACKNOWLEDGED,
    "responded": RESPONDED,
    "escalated": ESCALATED,
    "resolved": RESOLVED,
    "closed": CLOSED,
    "waiting": WAITING,
    "resumed": RESUMED,
    "severity_changed": CHANGED,
    "reopened": REOPENED,
}
"""By the name of the event's type."""
BY_PROVIDER = ("acknowledged", "responded", "escalated")
"""Types that count only when the provider did them."""
