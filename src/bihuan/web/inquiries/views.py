"""Questions in and out, their answers, and people handed over the line."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST

from bihuan.core.errors import NotFound
from bihuan.core.packs import registry
from bihuan.epidemic.selectors import questions as selectors
from bihuan.epidemic.selectors.contacts import contact_rows
from bihuan.epidemic.selectors.sight import fetch_case, fetch_contact
from bihuan.epidemic.services import questions as asking
from bihuan.epidemic.services import transfers as handing
from bihuan.epidemic.services.peers import active_peers
from bihuan.web.attempts import answering, attempt
from bihuan.web.inquiries import words
from bihuan.web.inquiries.forms import AskForm, MonthForm, OfferForm, ReplyForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.table import Column, exported, wants_export
from bihuan.web.templatetags.inquiries import question_kind

ANY = ("question.ask", "question.approve", "question.answer")


@page(duty=ANY)
def questions(request: WorkRequest) -> HttpResponse:
    """Questions asked and put to the post, and the ledger of people on the line."""
    return _questions(request)


def _questions(request: WorkRequest, **more: Any) -> HttpResponse:
    by = request.actor
    shown = {
        "rows": selectors.question_rows(by=by, at=request.at),
        "times": selectors.answer_times(by=by),
        "transfers": [(row, handing.holder(row)) for row in selectors.transfer_rows(by=by)],
    }  # fmt: skip
    return render(request, "inquiries/questions.html", shown | more)


@page(duty="question.ask")
def ask(request: WorkRequest, case_id: int) -> HttpResponse:
    """Ask another side about a case or its contacts."""
    by, at = request.actor, request.at
    case = fetch_case(case_id=case_id, by=by)
    form = AskForm(
        request.POST or None, pack=asking.pack_of(at, case.scope), at=at,
        contacts=contact_rows(by=by, at=at, case=case)[0], peers=active_peers(),
    )  # fmt: skip
    row = attempt(form, lambda _s: asking.draft_question(given=form.given(case_id), by=by, at=at))
    if row is not None:
        return redirect("inquiries:question", row.pk)
    return render(request, "epidemic/form.html", {"form": form, "title": _("发起协查")})


@page(duty=ANY)
def question(request: WorkRequest, question_id: int) -> HttpResponse:
    """One question: approvals, clock, answer."""
    row = selectors.fetch_question(question_id=question_id, by=request.actor)
    return _question(request, row)


def _reply_form(request: WorkRequest, row: Any) -> ReplyForm:
    said = request.POST if "outcome" in request.POST else None
    return ReplyForm(said, pack=registry.by_edition(row.edition), kind=row.kind,
                     people=row.subject_count, at=request.at)  # fmt: skip


def _question(request: WorkRequest, row: Any, **more: Any) -> HttpResponse:
    by = request.actor
    pack = registry.by_edition(row.edition)
    form = _reply_form(request, row)
    answers = pack.rows("co_answer")
    shown = {
        "row": row, "asked": pack.rows("co_question")[row.kind], "form": form,
        "needed": asking.needed(row), "may_answer": selectors.may_answer(row, by),
        "said": [answers.get(key, {"title": key, "title_en": key})
                 for key in row.answer.get("words", ())],
        "may_approve": row.sent_at is None and by.has("question.approve")
        and by.person_id not in {row.drafted_by_id, *row.approved_by_ids},
    }  # fmt: skip
    return render(request, "inquiries/question.html", shown | more)


@page(duty=ANY)
@require_POST
def deed(request: WorkRequest, question_id: int, deed: str) -> HttpResponse:
    """Approve, look whom it is about, answer."""
    row = selectors.fetch_question(question_id=question_id, by=request.actor)
    if deed not in DEEDS:
        raise NotFound("not_found", deed=deed)
    return DEEDS[deed](request, row)


def _people(request: WorkRequest, row: Any) -> HttpResponse:
    people = asking.people_of(question_id=row.pk, by=request.actor, at=request.at)
    return _question(request, row, people=people)


def _approve(request: WorkRequest, row: Any) -> HttpResponse:
    with answering(request, _("已记录")):
        asking.approve_question(question_id=row.pk, by=request.actor, at=request.at)
    return redirect("inquiries:question", row.pk)


def _answer(request: WorkRequest, row: Any) -> HttpResponse:
    form = _reply_form(request, row)
    done = attempt(form, lambda _s: asking.answer_question(
        question_id=row.pk, reply=form.given(), by=request.actor, at=request.at))  # fmt: skip
    if done is None and selectors.may_answer(row, request.actor):
        return _question(request, row, form=form)
    if done is None:
        messages.error(request, " ".join(str(fault) for fault in form.non_field_errors()))
    else:
        messages.success(request, _("已答复"))
    return redirect("inquiries:question", row.pk)


DEEDS = {"people": _people, "approve": _approve, "answer": _answer}


REVIEWED: tuple[Column[Any], ...] = (
    Column(_l("编号"), lambda r: r.number),
    Column(_l("所涉病例"), lambda r: r.case_number),
    Column(_l("协查问题"), question_kind),
    Column(_l("人数"), lambda r: r.subject_count),
    Column(_l("目的"), lambda r: r.purpose),
    Column(_l("法律依据"), lambda r: r.basis),
    Column(_l("提出方"), lambda r: r.drafted_by),
    Column(_l("起草时间"), lambda r: r.drafted_at),
    Column(_l("批准人数"), lambda r: len(r.approved_by_ids)),
    Column(_l("发出时间"), lambda r: r.sent_at),
    Column(_l("答复时间"), lambda r: r.answered_at),
    Column(_l("结果"), lambda r: words.OUTCOMES.get(r.outcome, "")),
    Column(_l("删除时间"), lambda r: r.expired_at),
)


@page(duty="vault.review")
def review(request: WorkRequest) -> HttpResponse:
    """Every question of a month, for whoever reviews them independently; as a file too."""
    form = MonthForm.read(request)
    since, until = form.period(request.at)
    rows = selectors.review_rows(by=request.actor, since=since, until=until)
    if wants_export(request):
        return exported(request, name="questions", columns=REVIEWED, rows=rows)
    return render(request, "inquiries/review.html", {"rows": rows, "form": form, "since": since})


@page(duty="question.approve")
def offer(request: WorkRequest, contact_id: int) -> HttpResponse:
    """Hand a contact over to another installation."""
    by, at = request.actor, request.at
    fetch_contact(contact_id=contact_id, by=by)
    form = OfferForm(request.POST or None, peers=active_peers(), at=at)
    row = attempt(form, lambda said: handing.offer_contact(
        contact_id=contact_id, peer_id=int(said["peer"]), place_code=said["place"], by=by, at=at))  # fmt: skip
    if row is not None:
        messages.success(request, _("已提出移交;对方接收前仍由我方负责"))
        return redirect("inquiries:questions")
    return render(request, "epidemic/form.html", {"form": form, "title": _("移交给对接单位")})


@page(duty="case.write")
@require_POST
def decide(request: WorkRequest, transfer_id: int, deed: str) -> HttpResponse:
    """See whom a peer offers, accept or decline them."""
    if deed == "person":
        person = handing.person_of(transfer_id=transfer_id, by=request.actor, at=request.at)
        return _questions(request, person=person, opened=transfer_id)
    if deed not in {"accept", "decline"}:
        raise NotFound("not_found", deed=deed)
    handing.decide_transfer(
        transfer_id=transfer_id, accept=deed == "accept", by=request.actor, at=request.at
    )
    messages.success(request, _("已记录"))
    return redirect("inquiries:questions")
