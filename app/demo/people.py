"""Who lives in the fictional community, and what can be earned there."""

from collections.abc import Mapping
from typing import Any

from app.members.rules import Role

SLUG = "lantern-commons"
NAME = "Lantern Commons"
SITE = "https://lantern-commons.example"

PEOPLE = {
    "ana": ("Ana Lindqvist-Example", Role.steward, "Harbour Library"),
    "bo": ("Bo Imaginary", Role.member, "Night School"),
    "chidi": ("Chidi Placeholder", Role.member, "River Co-op"),
    "dilan": ("Dilan Fictive", Role.member, "Harbour Library"),
    "esra": ("Esra Madeup", Role.steward, "River Co-op"),
    "finn": ("Finn Pretend", Role.member, "Night School"),
    "gwen": ("Gwen Notreal", Role.member, "Seed Bank"),
    "hana": ("Hana Invented", Role.member, "Bicycle Kitchen"),
    "ivo": ("Ivo Makebelieve", Role.member, "Seed Bank"),
    "juna": ("Juna Storybook", Role.member, "Bicycle Kitchen"),
    "kofi": ("Kofi Sample", Role.member, "Harbour Library"),
    "lale": ("Lale Fabled", Role.member, "Night School"),
    "mika": ("Mika Unreal", Role.member, "River Co-op"),
    "nuno": ("Nuno Whatif", Role.member, "Seed Bank"),
    "oya": ("Oya Dreamtup", Role.member, "Bicycle Kitchen"),
    "piet": ("Piet Nobody", Role.member, "Night School"),
}

BADGES: Mapping[str, dict[str, Any]] = {
    "hosting": {
        "name": "Session Host",
        "description": "Opens a space in which others dare to learn from each other.",
        "criteria": "Hosted at least three open sessions and passed on what was learnt.",
        "to_member": "Hosts are asked for, and this says why.",
        "to_community": "Evenings take place that otherwise would not.",
    },
    "mentoring": {
        "name": "Patient Mentor",
        "description": "Walks beside a newcomer until they no longer need it.",
        "criteria": "Mentored one person over at least two months, by that person's own account.",
        "to_member": "Patience is hard to put on a CV; this does.",
        "to_community": "Newcomers stay.",
        "policy": {"status": "suspension"},
    },
    "co_creating": {
        "name": "Co-Creator",
        "description": "Makes something with others that none would have made alone.",
        "criteria": "Contributed to a shared work with people of at least one other organisation.",
        "to_member": "A part in a shared work is seen as one's own.",
        "to_community": "Houses that would not meet make something together.",
        "policy": {"team": True},
    },
    "welcoming": {
        "name": "First Hello",
        "description": "Sees to it that nobody's first message stays unanswered.",
        "criteria": "Welcomed newcomers in at least six of eight weeks.",
        "to_member": "A kindness that nobody logs is on record.",
        "to_community": "Nobody's first message stays unanswered.",
    },
    "documenting": {
        "name": "Keeper of the Notebook",
        "description": "Writes down what was learnt, so that it is not learnt in vain.",
        "criteria": "Documented at least five sessions for those who could not come.",
        "to_member": "Those who write seldom stand in front; here they do.",
        "to_community": "What was learnt once need not be learnt again.",
        "policy": {"review": {"mode": "single_steward"}},
    },
    "encouraging": {
        "name": "Warm Thanks",
        "description": "For a kindness that somebody wanted to be remembered.",
        "criteria": "Somebody in the community was grateful, and says for what.",
        "to_member": "To know that it was seen.",
        "to_community": "People say thank you in front of others.",
        "policy": {"stackable": True, "period": "quarter"},
    },
}
"""By contribution type. A policy says only what departs from the usual: two seconds, and a panel of three."""
