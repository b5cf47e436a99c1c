"""What nominations refuse, each with its own code."""

from app.kit.errors import Conflict, Forbidden, Gone, NotFound, TooMany, Unprocessable


class NotAPerson(Forbidden):
    """People nominate, second and decide in person; this token is nobody's."""

    code = "not-a-person"
    fix = "Use the token of a member or steward of the community."


class SelfNomination(Forbidden):
    """Nobody nominates themselves here."""

    code = "self-nomination"
    fix = "Ask somebody who saw what you did; or a steward may open self-nomination in the achievement's policy."


class SelfSecond(Forbidden):
    """Nobody seconds a nomination that they wrote or that is about them."""

    code = "self-second"
    fix = "Invite others who know this person's work."


class LinkedIdentity(Forbidden):
    """The two are known to be one person."""

    code = "linked-identity"
    fix = "Somebody else has to do this; if the link is wrong, a steward can mend it."


class BotsMayNot(Forbidden):
    """Bots may draft; people submit, second and decide."""

    code = "bots-may-not"
    fix = "Have a person do this."


class BotNominated(Forbidden):
    """Bots are not recognised: nobody could answer for one."""

    code = "bot-nominated"
    fix = "Nominate whoever runs it."


class Departed(Conflict):
    """That person has left the community."""

    code = "departed"
    fix = "Nominate people who are here, or by email those who are not members."


class TooNew(Forbidden):
    """You have not been a member long enough."""

    code = "too-new"
    fix = "Wait until `not_before`, or ask somebody who has been here longer."


class AlreadyNominated(Conflict):
    """Somebody has nominated this person for the same, and that is still open."""

    code = "already-nominated"
    fix = (
        'Send {"merge": true}, or ?merge=true to …/submit: while `nomination_id` takes seconds, and may take yours, '
        "your words count as one."
    )


class CoolingDown(Conflict):
    """It is too early for this nomination."""

    code = "cooling-down"
    fix = "Try again at `until`."


class AlreadyHeld(Conflict):
    """This person holds the badge already, and it is earned once."""

    code = "already-held"
    fix = "Thank them, or nominate them for something else."


class PrivateEvidence(Unprocessable):
    """Evidence has to be where everybody can look at it."""

    code = "private-evidence"
    fix = "Give addresses of public hosts; publish what is on a private one first, or describe it in the statement."


class NoTeam(Unprocessable):
    """This achievement recognises one person at a time."""

    code = "no-team"
    fix = 'Nominate each by themselves, or ask a steward to set the policy to {"team": true}.'


class ThinReason(Unprocessable):
    """A second needs a reason of its own."""

    code = "thin-reason"
    fix = "Say in a sentence what you saw this person do; at least 20 characters and three different words."


class ThinArgument(Unprocessable):
    """An appeal needs a new argument, and there is only one appeal."""

    code = "thin-argument"
    fix = "Say in a sentence what the panel did not know; at least 20 characters and three different words."


class AlreadySeconded(Conflict):
    """You have seconded this nomination."""

    code = "already-seconded"
    fix = "One second each; take yours back first if you want to say it otherwise."


class MayNotSecond(Forbidden):
    """This nomination is not open to your second."""

    code = "may-not-second"
    fix = "Its policy says who may second; ask the nominator or a steward."


class TooManyNominations(TooMany):
    """You have as many nominations under way as one person may have."""

    code = "too-many-nominations"
    fix = "Wait the seconds named in Retry-After, or see to those that are open."


class Party(Forbidden):
    """Nobody weighs a nomination in which they have a stake."""

    code = "party"
    fix = "Leave it to the panel; nominators, seconders, nominees and whoever is one person with them have no vote."


class NotOnThePanel(Forbidden):
    """You have no seat in the panel that weighs this nomination."""

    code = "not-on-the-panel"
    fix = "Leave it to those who were drawn; who had a seat and gave it up does not get it back."


class SeatEnded(Forbidden):
    """Your term has ended, and with it your say in this."""

    code = "seat-ended"
    fix = "Leave it to those whose terms go on; somebody else is drawn for your seat."


class ConflictOfInterest(Forbidden):
    """Something stands between this person and an impartial look at the nomination."""

    code = "conflict-of-interest"
    fix = "Somebody else has to do it: `conflicts` names what stands between, which nobody can put up with."


class EvidenceUnchecked(Unprocessable):
    """Who approves has looked at every piece of evidence."""

    code = "evidence-unchecked"
    fix = "Open what `unchecked` names by position, from 0, and send the positions of all in `evidence_checked`."


class NotYours(Forbidden):
    """Nobody answers an offer for somebody else."""

    code = "not-yours-to-answer"
    fix = "Use the nominee's own token, or the link in the letter that they were sent."


class OfferOnHold(Conflict):
    """Your address or DID changed a short while ago, so offers to you wait."""

    code = "offer-on-hold"
    fix = "Answer after the seconds named in Retry-After; if it was not you who changed it, tell a steward now."


class NeedsAgreement(Unprocessable):
    """That says something which nobody else has agreed to."""

    code = "needs-agreement"
    fix = "Leave out whole sentences, or all; to have it say something else, propose that to the nominator."


class NothingKept(Gone):
    """Nothing is kept of this person any more."""

    code = "nothing-kept"
    fix = "Nominate them again."


class NoSuchOffer(NotFound):
    """There is no such offer, or none that is yours."""

    code = "no-such-offer"
    fix = "Open the link exactly as it was sent to you, or use the nominee's own token."


class OfferClosed(Gone):
    """This link was used, or its offer has ended."""

    code = "offer-closed"
    fix = "If you accepted, your badge is yours; otherwise ask the community for a new offer."


class NobodyToAsk(Conflict):
    """There is nobody left who could be asked again."""

    code = "nobody-to-ask"
    fix = "Leave it at that; whoever would like to be recognised can tell somebody who may nominate them."


class ReofferedAlready(Conflict):
    """An offer is made again once."""

    code = "reoffered-already"
    fix = "Nominate them again once the cool-down of the policy is over."


class NobodyMissing(Conflict):
    """The panel is not waiting for anybody."""

    code = "nobody-missing"
    fix = "Leave it to the lots; a steward appoints somebody only where they find nobody without a conflict."


class SatBefore(Conflict):
    """This person has, or had, a seat in this panel."""

    code = "sat-before"
    fix = "Appoint somebody who has not been asked yet."


class Undisclosed(Unprocessable):
    """A conflict that is put up with has to be named."""

    code = "undisclosed-conflict"
    fix = "Send the codes in `conflicts` as `disclose`; nominator and nominee will read them."


class AnsweredAlready(Conflict):
    """This has been answered."""

    code = "answered-already"
    fix = "Raise a new one, if the answer is not enough."


class AppealedAlready(Conflict):
    """A decision is appealed once; what the second panel said is final."""

    code = "appealed-already"
    fix = "Nominate them again once the cool-down of the policy is over."


class AppealTooLate(Conflict):
    """The time to appeal is over."""

    code = "appeal-too-late"
    fix = "Nominate them again once the cool-down of the policy is over."
