"""Every mail there is, written by a real act, delivered to a real server, and read in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import html5lib
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from reuse_market import notices as outbox
from reuse_market.accounts.models import Person
from reuse_market.kernel import db
from reuse_market.kernel.db import session
from reuse_market.notices import rendering
from reuse_market.notices.jobs import deliver_due
from reuse_market.notices.models import Message
from reuse_market.notices.services import queue
from reuse_market.units.models import Unit
from tests.journeys.crawl import Read, sign_in
from tests.journeys.languages import matcher, spoken
from tests.notices.acts_that_write import act_all
from tests.support.demonstration import demonstration
from tests.support.edges import MailSink

BASE = "https://parc.example"
PASSWORD = "parc-commun-demo"
# template → its subject in French and in English (NAME, REF, HOUR, N: an organisation, a reference, a time, a number)
MAILS = {
    "audit_failed": ("L’autocontrôle a trouvé N anomalies", "The self-audit found N faults"),
    "checkpoint_refused": (
        "Le journal contredit son dernier point de contrôle",
        "The journal contradicts its last checkpoint",
    ),
    "acts_on_behalf": ("NAME a fait N acte pour NAME", "NAME did N act for NAME"),
    "claim_awarded": ("N appareils du lot REF sont à vous", "N devices of the lot REF are yours"),
    "claim_declined": (
        "Votre demande sur le lot REF n’a pas été retenue",
        "Your request on the lot REF was not chosen",
    ),
    "claim_expired": (
        "Votre demande sur le lot REF est restée sans réponse",
        "Nobody answered your request on the lot REF",
    ),
    "claim_received": ("NAME demande N appareils du lot REF", "NAME asks for N devices of the lot REF"),
    "claim_released": (
        "La demande REF sur le lot REF est abandonnée",
        "The request REF on the lot REF is given up",
    ),
    "search_digest": (  # NAME: the search
        "N nouveaux lots pour votre recherche «\u00a0NAME\u00a0»",
        "N new lots for your search “NAME”",
    ),
    "request_received": ("Nous avons votre demande", "We have your request"),
    "request_found": ("Des nouvelles de votre demande", "News of your request"),
    "request_ended": ("La fin de votre demande", "The end of your request"),
    "claim_taken": ("NAME prend N appareils du lot REF", "NAME takes N devices of the lot REF"),
    "erasure_check_waits": (
        "Des effacements du lot REF attendent un contrôle",
        "Erasures of the lot REF wait for a check",
    ),
    "evidence_expiring": ("Un justificatif de NAME se termine bientôt", "A file of NAME ends soon"),
    "interest_changed": (
        "Le lot REF qui vous intéresse a changé",
        "The lot REF that interests you has changed",
    ),
    "interest_over": (
        "Le lot REF qui vous intéressait est abandonné",
        "The lot REF that interested you is given up",
    ),
    "interest_published": (
        "Le lot REF qui vous intéresse est publié",
        "The lot REF that interests you is published",
    ),
    "interest_received": (
        "NAME s’intéresse à N appareils du lot REF",
        "NAME would like N devices of the lot REF",
    ),
    "invitation": ("Vous êtes invité à agir pour NAME", "You are invited to act for NAME"),
    "lot_expired": (
        "N appareils du lot REF n’ont pas trouvé preneur",
        "N devices of the lot REF found no taker",
    ),
    "lot_plan_expired": ("L’annonce du lot REF a pris fin", "The announcement of the lot REF has ended"),
    "lot_plan_overdue": (
        "Le lot REF était annoncé pour un mois qui est passé",
        "The lot REF was announced for a month that is over",
    ),
    "correction_proposed": ("NAME demande à corriger un acte", "NAME asks to correct an act"),
    "correction_closed": (
        "La correction d’un acte par NAME est tranchée",
        "The correction of an act by NAME is answered",
    ),
    "forgetting_asked": ("Quelqu’un demande l’oubli", "Somebody asks to be forgotten"),
    "member_changed": ("Vos droits pour NAME ont changé", "Your rights for NAME have changed"),
    "member_removed": ("Vous n’agissez plus pour NAME", "You no longer act for NAME"),
    "organisation_admitted": ("NAME est admis", "NAME is admitted"),
    "organisation_refused": ("NAME n’est pas admis", "NAME is not admitted"),
    "organisation_reinstated": ("La suspension de NAME est levée", "The suspension of NAME is lifted"),
    "organisation_suspended": ("NAME est suspendu", "NAME is suspended"),
    "password_changed": ("Votre mot de passe a été changé", "Your password was changed"),
    "password_link": ("Choisir un nouveau mot de passe", "Choose a new password"),
    "pickup_agreed": ("Enlèvement REF\u00a0: le jour est convenu", "Pick-up REF: the day is agreed"),
    "pickup_cancelled": ("L’enlèvement REF est annulé", "Pick-up REF is cancelled"),
    "driver_link": ("Vos arrêts pour NAME", "Your stops for NAME"),
    "pickup_code": ("Enlèvement REF\u00a0: votre code de remise", "Pick-up REF: your handover code"),
    "signature_asked": (
        "L’enlèvement REF attend votre signature",
        "Pick-up REF waits for your signature",
    ),
    "signature_given": (
        "Enlèvement REF\u00a0: votre signature et le bordereau",
        "Pick-up REF: your signature and the handover note",
    ),
    "pickup_collected": (
        "Enlèvement REF\u00a0: la personne qui prend les appareils a signé, à votre tour",
        "Pick-up REF: who takes the devices has signed, your turn",
    ),
    "day_cancelled": (
        "La journée de collecte REF n’aura pas lieu",
        "The collection day REF will not take place",
    ),
    "pickup_driver": ("Enlèvement REF\u00a0: on sait qui vient", "Pick-up REF: who comes is known"),
    "pickup_reminder": ("Demain\u00a0: enlèvement REF", "Tomorrow: pick-up REF"),
    "protocol_asked": (
        "Un protocole de sécurité de chargement attend votre signature",
        "A loading safety protocol waits for your signature",
    ),
    "protocol_signed": (
        "Le protocole de sécurité de chargement REF est signé par les deux",
        "The loading safety protocol REF is signed by both",
    ),
    "protocol_void": (
        "Le protocole de sécurité de chargement REF ne vaut plus",
        "The loading safety protocol REF no longer holds",
    ),
    "site_asked": (
        "NAME demande ce qu’il faut savoir de votre site",
        "NAME asks what it must know of your site",
    ),
    "standby_asked": (
        "NAME dira si elle veut toujours des appareils du lot REF",
        "NAME is asked whether it still wants devices of the lot REF",
    ),
    "standby_called": (
        "Des appareils du lot REF redeviennent disponibles",
        "Devices of the lot REF are available again",
    ),
    "standby_confirmed": (
        "NAME veut toujours des appareils du lot REF",
        "NAME still wants devices of the lot REF",
    ),
    "pickup_expired": (
        "Enlèvement REF\u00a0: personne n’a répondu à temps",
        "Pick-up REF: nobody answered in time",
    ),
    "round_cancelled": (
        "Enlèvement REF : l’heure annoncée ne tient plus",
        "Pick-up REF: the hour told no longer holds",
    ),
    "round_changed": (
        "Enlèvement REF : nouvelle heure, vers HOUR",
        "Pick-up REF: another hour, about HOUR",
    ),
    "shipment_sent": ("NAME expédie N appareils à NAME", "NAME sends N devices to NAME"),
    "shipment_answered": ("L’expédition REF a sa réponse", "The shipment REF is answered"),
    "shipment_voided": ("L’expédition REF est annulée", "The shipment REF is voided"),
    "shipment_reminder": (
        "L’expédition REF attend une réponse",
        "The shipment REF waits for an answer",
    ),
    "round_planned": (
        "Enlèvement REF : le chauffeur vient vers HOUR",
        "Pick-up REF: the driver comes at about HOUR",
    ),
    "pickup_failed": ("L’enlèvement REF n’a pas eu lieu", "Pick-up REF did not take place"),
    "pickup_handed_over": (
        "Enlèvement REF\u00a0: le bordereau de remise est prêt",
        "Pick-up REF: the handover note is ready",
    ),
    "pickup_proposed": (
        "Enlèvement du lot REF\u00a0: un jour est proposé",
        "Pick-up of the lot REF: a day is proposed",
    ),
    "revision_closed": (
        "Le bordereau REF reste tel quel",
        "The handover note REF stays as it is",
    ),
    "revision_escalated": (
        "Révision REF du bordereau REF\u00a0: l’animateur tranche",
        "Revision REF of the handover note REF: the operator settles",
    ),
    "revision_proposed": (
        "Révision REF du bordereau REF\u00a0: votre réponse",
        "Revision REF of the handover note REF: your answer",
    ),
    "registration_address_known": (
        "Vous avez déjà un compte sur Parc commun",
        "You already have an account on Parc commun",
    ),
    "registration_asked_to_join": ("Quelqu’un demande à agir pour NAME", "Somebody asks to act for NAME"),
    "registration_known": ("Cet organisme est déjà inscrit", "This organisation is already registered"),
    "registration_received": ("Votre inscription REF est reçue", "Your registration REF is received"),
    "locks_asked": (
        "NAME vous demande de libérer N appareil du lot REF",
        "NAME asks you to release N device of the lot REF",
    ),
    "locks_answered": (
        "NAME répond au sujet des appareils verrouillés du lot REF",
        "NAME answers about the locked devices of the lot REF",
    ),
    "removal_kept": (
        "Enlèvement REF\u00a0: demandé pour N appareils",
        "Removal REF: N devices asked to be removed",
    ),
    "removal_requested": (
        "NAME demande l’enlèvement de N appareils (REF)",
        "NAME asks for the removal of N devices (REF)",
    ),
    "need_accepted": (
        "Une structure compte sur vos appareils (REF)",
        "A structure counts on your devices (REF)",
    ),
    "need_closed": ("Votre besoin REF est clos", "Your need REF is closed"),
    "need_declined": ("Une proposition est refusée (REF)", "A proposal is declined (REF)"),
    "need_lapsed": ("Une proposition ne tient plus (REF)", "A proposal stands no longer (REF)"),
    "need_met": ("Votre besoin REF est satisfait", "Your need REF is met"),
    "need_posted": ("Votre besoin REF est enregistré", "Your need REF is kept"),
    "need_proposed": (
        "Des appareils sont proposés pour votre besoin REF",
        "Devices are proposed for your need REF",
    ),
    "need_withdrawn": ("Une proposition est retirée (REF)", "A proposal is taken back (REF)"),
    "reservation_confirmed": ("Votre réservation REF est confirmée", "Your reservation REF is confirmed"),
    "reservation_expired": ("La réservation REF a expiré", "The reservation REF has expired"),
    "reservation_extended": ("La réservation REF est prolongée", "The reservation REF is extended"),
    "waiting_joined": ("Vous êtes sur la liste d’attente (REF)", "You are in the waiting list (REF)"),
    "waiting_offered": (
        "C’est votre tour\u00a0: N appareils sont gardés pour vous (REF)",
        "It is your turn: N devices are kept for you (REF)",
    ),
    "agec_reminder": (
        "Déclarez vos achats réemployés de N avant le N juin N",
        "Declare your reused purchases of N before N June N",
    ),
    "invoice_recorded": ("Confirmez la facture REF de NAME", "Confirm invoice REF of NAME"),
    "invoice_confirmed": ("NAME confirme la facture REF", "NAME confirms invoice REF"),
    "invoice_disputed": (
        "NAME signale une erreur dans la facture REF",
        "NAME says that invoice REF is wrong",
    ),
    "invoice_credited": ("Avoir REF de NAME", "Credit note REF of NAME"),
    "handover_planned": ("Transport de la réservation REF", "Transport of reservation REF"),
    "return_asked": ("NAME demande un retour (REF)", "NAME asks for a return (REF)"),
    "return_accepted": ("Votre retour REF est accepté", "Your return REF is accepted"),
    "return_refused": ("Votre retour REF est refusé", "Your return REF is refused"),
    "return_received": (
        "Les appareils du retour REF sont à l’atelier",
        "The devices of return REF are at the workshop",
    ),
    "return_settled": ("Le retour REF est réglé", "Return REF is settled"),
    "return_cancelled": ("Le retour REF est annulé", "Return REF is cancelled"),
    "reservation_placed": ("NAME réserve N appareils (REF)", "NAME reserves N devices (REF)"),
    "reservation_prepared": (
        "Votre réservation REF est prête à être retirée",
        "Your reservation REF is ready to be collected",
    ),
    "ceiling_exception": (
        "Vous pouvez prendre plus d’appareils\u00a0: une dérogation est accordée",
        "You may take more devices: an exception is granted",
    ),
    "quote_declined": ("NAME refuse le devis REF", "NAME declines the quote REF"),
    "order_issued": ("NAME passe commande\u00a0: REF", "NAME orders: REF"),
    "reservation_provided": ("Remise signée (REF)", "Handover signed (REF)"),
    "reservation_released": ("La réservation REF est libérée", "The reservation REF is released"),
    "share_answered": (
        "Le lot REF est partagé\u00a0: ce que vous obtenez",
        "The lot REF is shared: what you get",
    ),
    "share_proposed": (
        "Un partage du lot REF attend votre réponse",
        "A share of the lot REF waits for your answer",
    ),
    "share_reminder": ("Derniers jours pour partager le lot REF", "Last days to share the lot REF"),
    "token_made": ("Un jeton a été créé pour votre compte", "A token was made for your account"),
}
# template → when it says it otherwise, and how: a number or a day decides
OTHERWISE: dict[str, tuple[Callable[[dict[str, Any]], bool], str, str]] = {
    "locks_asked": (
        lambda facts: facts["units"] > 1,
        "NAME vous demande de libérer N appareils du lot REF",
        "NAME asks you to release N devices of the lot REF",
    ),
    "pickup_reminder": (
        lambda facts: facts["moment"] != "eve",
        "Aujourd’hui\u00a0: enlèvement REF",
        "Today: pick-up REF",
    ),
    "reservation_placed": (
        lambda facts: facts["units"] == 1,
        "NAME réserve N appareil (REF)",
        "NAME reserves N device (REF)",
    ),
    "waiting_offered": (
        lambda facts: facts["offered"] == 1,
        "C’est votre tour\u00a0: N appareil est gardé pour vous (REF)",
        "It is your turn: N device is kept for you (REF)",
    ),
    "search_digest": (
        lambda facts: facts["count"] == 1,
        "N nouveau lot pour votre recherche «\u00a0NAME\u00a0»",
        "N new lot for your search “NAME”",
    ),
}
# Who else than its reader a mail names, or gives the address of: the fact that holds it, and why it must.
NAMES_OTHERS = {
    "acts_on_behalf": {"person", "person_email"},  # whom to answer
    "invitation": {"inviter"},  # an invitation from nobody is a trap
    "registration_asked_to_join": {"person_name", "person_email"},  # whom to invite
}
LISTS_SERIALS = {"locks_asked"}  # the holder finds its own locked devices by them, in its console
UNRESOLVED = re.compile(r"%\(|\{\{|\{%|\bNone\b|\bUndefined\b")
ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\w")
LINK = re.compile(r"https?://[^\s<>\"]+")
MOST_BYTES = 20_000


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The demonstration, and what people did after it."""
    made = demonstration(tmp_path)
    with db.scope():
        act_all()
    return made


def test_every_mail_arrives_and_reads_well_in_both_languages(app: Flask, smtp_sink: MailSink) -> None:
    folders = {path.parent.name for path in (rendering.ROOT / "templates" / "mail").glob("*/subject.txt")}
    assert set(MAILS) == folders
    outbox.configure(
        base_url=BASE, mail_url=smtp_sink.url, sender="Parc commun <ne-pas-repondre@parc.example>"
    )
    with db.scope():
        written = post_again()
        assert set(written) == folders, f"no act writes {sorted(folders - set(written))}"
        assert deliver_due(limit=2_000) == len(smtp_sink.messages) == 2 * sum(map(len, written.values()))
        readers = Readers(app)
        faults = [fault for mail in smtp_sink.messages for fault in readers.faults(mail)]
    assert not faults, "\n".join(faults)


@db.command
def post_again() -> dict[str, list[Message]]:
    """Every mail of an act, once for each reader, queued in both languages with the same facts; by template.

    What the acts themselves queued goes no further: its words were made for the demonstration's mailbox.
    """
    kept: dict[tuple[str, str], Message] = {}
    for message in session().scalars(sa.select(Message).order_by(Message.id)):
        secret = bool(
            message.facts.get("secret")
        )  # of one-time links the newest: the others may be dead by now
        kept[message.template, "" if secret else message.to_address] = message
    found: dict[str, list[Message]] = {}
    for (template, _reader), message in kept.items():
        found.setdefault(template, []).append(message)
        for language in rendering.LANGUAGES:
            queue(template, message.to_address, language, message.facts, f"again/{template}/{language}")
    again = Message.about.startswith("again/")
    session().execute(sa.delete(Message).where(~again))
    return found


class Readers:
    """Everybody who gets a mail: reads it, follows its links as a visitor and signed in."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.visitor = app.test_client()
        self.clients: dict[str, FlaskClient | None] = {}
        self.answers: dict[tuple[str, str], int] = {}
        english, french = spoken()
        self.words = {"en": matcher(english), "fr": matcher(french)}
        self.judged: dict[tuple[str, str], bool] = {}  # (language, text): whether it is of the other one
        self.people = {person.email: person.name for person in session().scalars(sa.select(Person))}
        self.named = {name: re.compile(rf"(?<!\w){re.escape(name)}") for name in self.people.values()}
        self.serials = set(session().scalars(sa.select(Unit.serial).where(Unit.serial.is_not(None))))
        rows = session().execute(sa.select(Message.message_id, Message.template, Message.facts))
        self.sent = {row.message_id: (row.template, row.facts) for row in rows}

    def faults(self, mail: EmailMessage) -> list[str]:
        """What a person would not like about a mail that arrived, in words."""
        template, facts = self.sent[mail["Message-ID"]]
        text, page = (self._part(mail, kind) for kind in ("plain", "html"))
        language = mail["Content-Language"]
        found = [
            *_headers(mail),
            *_parts(mail, text, page),
            *self._language(template, facts, language, mail["Subject"], text, page),
            *self._others(template, facts, mail["To"], f"{mail['Subject']}\n{text}\n{page}"),
            *self._links(mail["To"], text, page),
        ]
        return [f"{template} [{language}] to {mail['To']}: {fault}" for fault in found]

    def _part(self, mail: EmailMessage, kind: str) -> str:
        (part,) = [one for one in mail.walk() if one.get_content_type() == f"text/{kind}"]
        return part.get_payload(decode=True).decode().replace("\r\n", "\n")

    def _language(
        self, template: str, facts: dict[str, Any], language: str, subject: str, text: str, page: str
    ) -> list[str]:
        read = Read(page)
        said = {subject, *(" ".join(line.removeprefix("- ").split()) for line in text.splitlines())}
        texts = sorted(said | read.texts)
        found = [f"in the other language: {one}" for one in texts if self._is_foreign(language, one)]
        subject = (
            subject.lstrip()
        )  # the line break of a long header leaves its blank behind: no client shows it
        if _shape(subject) != _said(template, facts)[0 if language == "fr" else 1]:
            found.append(f"its subject is “{subject}”")
        if ("Bonjour" in text) != (language == "fr") or ("Hello" in text) != (language == "en"):
            found.append("it greets in the other language")
        if read.language != language:
            found.append(f"its HTML says it is {read.language!r}")
        if language == "fr" and re.search(r"\w'\w", text):
            found.append("a typewriter apostrophe")
        return found

    def _is_foreign(self, language: str, text: str) -> bool:
        """Whether the text is of the other language; greetings and feet stand in every mail."""
        if (language, text) not in self.judged:
            other = self.words["fr" if language == "en" else "en"]
            foreign = other.fullmatch(text) and not self.words[language].fullmatch(text)
            self.judged[language, text] = bool(foreign)
        return self.judged[language, text]

    def _others(self, template: str, facts: dict[str, object], to: str, whole: str) -> list[str]:
        told = {str(facts[name]) for name in NAMES_OTHERS.get(template, ())}
        found = [f"gives the address {one}" for one in set(ADDRESS.findall(whole)) - {to} - told]
        names = (
            {name for email, name in self.people.items() if email != to} - told - {self.people.get(to, to)}
        )
        found += [f"names {name}" for name in names if name in whole and self.named[name].search(whole)]
        serials = () if template in LISTS_SERIALS else self.serials
        return found + [f"gives the serial {one}" for one in serials if one in whole]

    def _links(self, to: str, text: str, page: str) -> list[str]:
        hrefs = set(re.findall(r'href="([^"]*)"', page))
        written = {link.rstrip(".,;)") for link in LINK.findall(text)}
        found = [
            f"a link that is not ours: {one}" for one in hrefs | written if not one.startswith(BASE + "/")
        ]
        if written - hrefs or hrefs - written - {BASE + "/"}:
            found.append(f"text and HTML link elsewhere: {sorted(written ^ hrefs)}")
        for link in written:
            path = link.removeprefix(BASE)
            if (status := self._answer("", path)) != 200:
                found.append(f"{path} answers a visitor {status}")
            if self._client(to) is not None and (status := self._answer(to, path)) != 200:
                found.append(f"{path} answers its reader {status}")
        return found

    def _client(self, email: str) -> FlaskClient | None:
        if email not in self.clients:
            try:
                self.clients[email] = sign_in(self.app, email, PASSWORD)
            except AssertionError:  # has not chosen a password yet, or has just changed it
                self.clients[email] = None
        return self.clients[email]

    def _answer(self, email: str, path: str) -> int:
        """The status of a page; 200 for a visitor who is sent to sign in and back."""
        if (email, path) not in self.answers:
            client = self._client(email) if email else self.visitor
            assert client is not None
            answer = client.get(path)
            if answer.status_code == 302 and not email:
                assert urlsplit(answer.headers["Location"]).path == "/connexion", path
                answer = client.get(answer.headers["Location"])
            self.answers[email, path] = answer.status_code
        return self.answers[email, path]


def _said(template: str, facts: dict[str, Any]) -> tuple[str, str]:
    """The subject that these facts make, in French and in English."""
    when, *otherwise = OTHERWISE.get(template, (lambda _: False, *MAILS[template]))
    french, english = otherwise if when(facts) else MAILS[template]
    return french, english


def _shape(subject: str) -> str:
    """A subject without what changes from one mail to the next (AE-, AV-: numbers of the seller's own invoices)."""
    shape = re.sub(r"[A-Z]{3}-(?:\d{4}-\d{4}|\w{6})|\bA[EV]-\d+(?:-\d+)?|\bBC-\d{4}-\d{4}", "REF", subject)
    shape = re.sub(r"(?:[A-ZÉ]\w+ )+Exemple", "NAME", shape)
    shape = re.sub(
        r"\d+\sh(?:\s\d\d)?|\d\d:\d\d", "HOUR", shape
    )  # 9 h and 10 h 45 in French, 09:00 in English
    return re.sub(r"\d+", "N", shape)


def _headers(mail: EmailMessage) -> list[str]:
    found = [f"no {name}" for name in ("From", "To", "Date", "Message-ID", "Subject") if not mail[name]]
    if not re.fullmatch(r"<[^<>@\s]+@parc\.example>", mail["Message-ID"] or ""):
        found.append(f"its Message-ID is {mail['Message-ID']}")
    if mail["Auto-Submitted"] != "auto-generated":
        found.append("nothing says that a program wrote it")
    if not 10 <= len(mail["Subject"]) <= 110 or "\n" in mail["Subject"]:
        found.append(f"a subject of {len(mail['Subject'])} letters")
    return found


def _parts(mail: EmailMessage, text: str, page: str) -> list[str]:
    kinds = [part.get_content_type() for part in mail.walk()]
    found = [] if kinds == ["multipart/alternative", "text/plain", "text/html"] else [f"made of {kinds}"]
    found += [f"not filled in: {one}" for one in UNRESOLVED.findall(mail["Subject"] + text + page)]
    if len(page.encode()) > MOST_BYTES:
        found.append(f"{len(page.encode())} bytes of HTML")
    if re.search(r"<(img|script|form|link|iframe)\b| style=| on\w+=", page):
        found.append("more than words and links in its HTML")
    if "\n\n\n" in text:
        found.append("a hole in its text")
    html5lib.HTMLParser(strict=True).parse(page)
    heading = re.findall(r"<h1>(.+?)</h1>", page, re.S)
    return found if len(heading) == 1 else [*found, f"{len(heading)} headings"]
