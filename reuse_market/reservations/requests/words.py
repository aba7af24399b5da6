"""What the pages of requests say of kinds, classes of people, states; plain words first. The edge translates."""

from __future__ import annotations

from reuse_market.kernel.words import N_
from reuse_market.reservations.requests.answers import UNKNOWN

KINDS = {  # at most six answers a question
    "laptop": N_("Some laptops"),
    "desktop": N_("Some desktop computers, with a screen"),
    "smartphone": N_("Some phones"),
    "tablet": N_("Some tablets"),
    UNKNOWN: N_("I do not know"),
}
HOW_MANY = {
    "laptop": N_("How many laptops?"),
    "desktop": N_("How many desktop computers?"),
    "smartphone": N_("How many phones?"),
    "tablet": N_("How many tablets?"),
    UNKNOWN: N_("How many devices?"),
}
NOT_COUNTED = {
    "laptop": N_("You would like laptops."),
    "desktop": N_("You would like desktop computers, with a screen."),
    "smartphone": N_("You would like phones."),
    "tablet": N_("You would like tablets."),
    UNKNOWN: N_("You do not know which devices."),
}
PUBLICS = {
    "families": N_("For families"),
    "pupils": N_("For children and young people"),
    "jobseekers": N_("For people without work"),
    "elders": N_("For old people"),
    "others": N_("For other people"),
    UNKNOWN: N_("I do not know"),
}
STATES = {  # word, tone of its badge: for the operator
    "received": (N_("To call back"), "wait"),
    "called": (N_("Called"), "ok"),
    "closed": (N_("Dealt with"), "neutral"),
    "cancelled": (N_("Abandoned"), "refused"),
}
OUTCOMES = {
    "met": N_("It has its devices"),
    "unmet": N_("Nothing could be found"),
}
CALLS = {
    "reached": N_("We spoke with it"),
    "no_answer": N_("Nobody answered"),
}
SOURCES = {
    "request": N_("by itself, on the page"),
    "phone": N_("on the phone, with the operator"),
}
