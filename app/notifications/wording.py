"""What people are told of nominations. No names but of whom it is about, and of whoever says so openly."""

from collections.abc import Mapping

SAYS: Mapping[tuple[str, str], str] = {
    ("submitted", "steward"): "{whom} was nominated for “{what}”.",
    (
        "invited",
        "invited",
    ): "You are asked to stand behind the nomination of {whom} for “{what}”, if you want to{until}.",
    ("seconded", "nominator"): "{who} stands behind your nomination of {whom} for “{what}”.",
    ("review_started", "drawn"): "You were drawn to weigh the nomination of {whom} for “{what}”{until}.",
    (
        "review_started",
        "appointed",
    ): "A steward asks you to weigh the nomination of {whom} for “{what}”{until}.",
    (
        "reviewer_appointed",
        "appointed",
    ): "A steward asks you to weigh the nomination of {whom} for “{what}”{until}.",
    ("review_started", "nominator"): "Your nomination of {whom} for “{what}” is being weighed.",
    ("review_started", "decider"): "The nomination of {whom} for “{what}” waits for the decision of a steward{until}.",
    ("reviewers_drawn", "drawn"): "You were drawn to weigh the nomination of {whom} for “{what}”{until}.",
    ("escalated", "steward"): "The nomination of {whom} for “{what}” waits for a reviewer without a stake in it.",
    (
        "escalated",
        "bound",
    ): "The nomination of {whom} for “{what}” waits for somebody without a stake in it, and no steward is without one. "
    "Ask whoever runs this installation to appoint a reviewer.",
    (
        "info_requested",
        "nominator",
    ): "Somebody who weighs your nomination of {whom} for “{what}” has a question{until}.",
    ("info_requested", "aware"): "Somebody who weighs the nomination of {whom} for “{what}” has a question{until}.",
    ("info_answered", "reviewer"): "The question about the nomination of {whom} for “{what}” was answered.",
    ("info_missing", "reviewer"): "Nobody answered the question about the nomination of {whom} for “{what}” in time.",
    ("objected", "reviewer"): "Somebody who weighs it with you objects to the nomination of {whom} for “{what}”.",
    (
        "objected",
        "nominator",
    ): "Somebody who weighs your nomination of {whom} for “{what}” objects to it. You can answer{until}.",
    ("objection_answered", "reviewer"): "The objection to the nomination of {whom} for “{what}” was answered.",
    (
        "evidence_changed",
        "reviewer",
    ): "Some evidence for the nomination of {whom} for “{what}” does not read as it did when it was submitted.",
    (
        "evidence_changed",
        "decider",
    ): "Some evidence for the nomination of {whom} for “{what}” does not read as it did when it was submitted.",
    ("held", "steward"): "The nomination of {whom} for “{what}” is held until a steward has looked at it.",
    ("reported", "steward"): "The nomination of {whom} for “{what}” was reported.",
    ("released", "steward"): "The nomination of {whom} for “{what}” goes on.",
    ("released", "reporter"): "Somebody has looked at what you reported, and lets it go on.",
    ("decided", "nominator"): "Your nomination of {whom} for “{what}” {verdict}",
    ("decided", "aware"): "The nomination of {whom} for “{what}” {verdict}",
    ("appealed", "nominator"): "Your nomination of {whom} for “{what}” is weighed once more, by other people.",
    ("appealed", "steward"): "The decision about the nomination of {whom} for “{what}” was appealed.",
    ("offered", "nominee"): "Somebody would like to thank you.",
    ("issued", "nominator"): "{whom} accepted “{what}”, for which you proposed them. Thank you for seeing it.",
    ("issued", "seconder"): "{whom} accepted “{what}”, and your word was part of it.",
    ("closed", "nominator"): "Your nomination of {whom} for “{what}” is closed. Thank you for making it.",
    ("expired", "nominator"): "The time for your nomination of {whom} for “{what}” is over. You may propose it again.",
    ("withdrawn", "nominator"): "Your nomination of {whom} for “{what}” was withdrawn.",
    ("withdrawn", "reviewer"): "The nomination of {whom} for “{what}” was withdrawn: nothing is left to be weighed.",
    ("withdrawn", "reporter"): "What you reported was withdrawn.",
    ("reminded", "nominator"): "Your nomination of {whom} for “{what}” waits for something from you{until}.",
    ("reminded", "aware"): "A question about the nomination of {whom} for “{what}” waits for an answer{until}.",
    ("reminded", "nominee"): "Somebody would like to thank you, and waits for your answer.",
    ("reminded", "reviewer"): "Your view of the nomination of {whom} for “{what}” is still missing{until}.",
    ("reminded", "decider"): "The nomination of {whom} for “{what}” waits for the decision of a steward{until}.",
    ("reminded", "steward"): "The nomination of {whom} for “{what}” waits for a steward to see to it{until}.",
    ("overdue", "reviewer"): "It is overdue what you think of the nomination of {whom} for “{what}”.",
    ("overdue", "decider"): "It is overdue that a steward decides about the nomination of {whom} for “{what}”.",
    ("overdue", "steward"): "It is overdue that a steward sees to the nomination of {whom} for “{what}”.",
}
"""By what happened (after `nomination.`), and in which part somebody hears of it."""

VERDICTS: Mapping[str, str] = {
    "approved": "was approved.",
    "not_yet": "is not there yet. The feedback says what would help, and when to try again{appeal}.",
    "declined": "was not taken up this time. The feedback says why{appeal}.",
}
"""How it was decided, by the state that follows."""

DISCREET: Mapping[str, str] = {
    "nominator": "What you proposed was accepted. Thank you for seeing it.",
    "seconder": "What you stood behind was accepted, and your word was part of it.",
}
"""That it was accepted, where whoever was recognised keeps it to themself."""

_VERDICT = 'reviews {"verdict": "approve", "evidence_checked": […], "feedback": "…"}'
_REPLY = 'info-requests/QUESTION/answer {"answer": "…"}'
_DEFENCE = 'objections/OBJECTION/answer {"answer": "…"}'
_APPEAL = 'appeals {"argument": "…"}'
_CONSENT = 'response {"response": "accept"} or {"response": "refuse"}'
PARTICIPATION = (
    " The offer tells what you took part in, too: that is signed with the badge only if your answer says so "
    '("participation": true).'
)
"""Said of an offer that has any of it."""

ANSWERED_BY: Mapping[tuple[str, str], str] = {
    ("invited", "invited"): 'seconds {"reason": "…"}',
    ("offered", "nominee"): _CONSENT,
    ("reminded", "nominee"): _CONSENT,
    ("objected", "nominator"): _DEFENCE,
    ("decided", "nominator"): _APPEAL,
    ("decided", "aware"): _APPEAL,
    ("info_requested", "nominator"): _REPLY,
    ("info_requested", "aware"): _REPLY,
    ("review_started", "drawn"): _VERDICT,
    ("review_started", "appointed"): _VERDICT,
    ("reviewer_appointed", "appointed"): _VERDICT,
    ("review_started", "decider"): _VERDICT,
    ("reviewers_drawn", "drawn"): _VERDICT,
    ("reminded", "reviewer"): _VERDICT,
    ("reminded", "decider"): _VERDICT,
    ("overdue", "reviewer"): _VERDICT,
    ("overdue", "decider"): _VERDICT,
}
"""Where people are asked something: the call, below the nomination's own, by which they answer."""

NO_LONGER: Mapping[tuple[str, str], str] = {
    ("invited", "invited"): "You were asked to stand behind a nomination; it is no longer open for that.",
    ("offered", "nominee"): "Somebody wanted to thank you.",
}
"""The same once it is over."""
