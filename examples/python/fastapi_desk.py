"""A tiny customer desk in a browser: find somebody, show what a purpose shows of them, record consent, who has my data.

run: uvicorn fastapi_desk:desk      (pip install fastapi uvicorn)

The page is HTML without a script. Who sits at the desk is the host's to know: a real shop has a log-in in front of it.
"""

import html
import urllib.parse

import clientbook
from clientbook import Directive, Purpose, Role, State
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse

import demo_data

PURPOSES = (Purpose.CUSTOMER_ORDER_MANAGEMENT, Purpose.CLIENT_CARE, Purpose.EMAIL_MARKETING, Purpose.BIRTHDAY_GREETING)
CHOICES = {"yes": "grant", "no": "withdraw"}
CLERK = 7

desk = FastAPI(title="customer desk")
book = demo_data.shop()


def page(title: str, *parts: str) -> HTMLResponse:
    """Everything that is shown was escaped before."""
    return HTMLResponse("<!doctype html><html lang='en'><meta charset='utf-8'><title>" + html.escape(title) + "</title>"
                        "<style>body{font:16px sans-serif;max-width:46em;margin:2em auto}td,th{padding:.2em .8em;text-align:left}"
                        ".withheld{color:#888}</style><h1>" + html.escape(title) + "</h1>" + "".join(parts) + "</html>")


def session() -> clientbook.Session:
    """One a request: a session belongs to one thread at a time."""
    return book.session(CLERK, Role.OWNER)


def refused(problem: clientbook.Error) -> HTMLResponse:
    answer = page("Not possible", f"<p id='error'>{html.escape(problem.code.name.lower())}: {html.escape(problem.text)}</p>")
    answer.status_code = 404 if isinstance(problem, (clientbook.NotFound, clientbook.Erased)) else 403
    return answer


@desk.exception_handler(clientbook.Error)
async def told(_request: Request, problem: clientbook.Error) -> HTMLResponse:
    return refused(problem)


@desk.exception_handler(ValueError)
async def nonsense(_request: Request, _problem: ValueError) -> HTMLResponse:
    answer = page("Not possible", "<p id='error'>that is no such customer, purpose or choice</p>")
    answer.status_code = 400
    return answer


@desk.get("/")
def find(q: str = "") -> HTMLResponse:
    form = (f"<form><label>Name, e-mail, phone or id <input name='q' value='{html.escape(q, quote=True)}'></label> "
            "<button>Find</button></form>")
    if not q:
        return page("Customer desk", form)
    with session() as at:
        hits = at.search(q, Purpose.CUSTOMER_ORDER_MANAGEMENT, fields=["name"])["hits"]
    rows = [f"<li><a href='/customer/{hit['customer']}'>{html.escape(name_of(hit['fields']['name']))}</a></li>" for hit in hits]
    return page("Customer desk", form, f"<p id='count'>{len(hits)} found</p><ul>", *rows, "</ul>")


def name_of(shown: dict) -> str:
    value = shown.get("value")
    if not isinstance(value, dict):
        return "(name not shown)"
    return " ".join(value[part] for part in ("given", "family") if part in value)


def plain(value: object) -> str:
    """A value in words."""
    if isinstance(value, tuple):
        return "; ".join(plain(one) for one in value)
    if hasattr(value, "to_json"):
        return ", ".join(str(member) for member in value.to_json().values())
    return str(value)


@desk.get("/customer/{customer}")
def show(customer: str, purpose: str = "customer_order_management") -> HTMLResponse:
    why = Purpose[purpose.upper()] if purpose.upper() in Purpose.__members__ else None
    if why is None:
        raise ValueError("no such purpose")
    with session() as at:
        view = at.read(customer, why)
        rows = []
        for key in view:
            state = view.state(key)
            if state is State.ABSENT:
                continue
            shown = html.escape(plain(view[key])) if view[key] is not None else f"<i>{view.reason(key).name.lower()}</i>"
            rows.append(f"<tr class='{state.name.lower()}' data-field='{html.escape(key)}'><th>{html.escape(key)}</th><td>{shown}</td></tr>")
    links = " ".join(f"<a href='?purpose={one.name.lower()}'>{one.name.lower().replace('_', ' ')}</a>" for one in PURPOSES)
    place = urllib.parse.quote(customer)
    choice = (f"<form method='post' action='/customer/{place}/consent'>Birthday greetings: "
              "<button name='choice' value='yes'>yes</button> <button name='choice' value='no'>no</button></form>")
    return page("Customer", f"<p>for {html.escape(purpose)}: {links}</p><table>", *rows, "</table>", choice,
                f"<p><a id='who' href='/customer/{place}/ledger'>Who has my data?</a></p>")


@desk.post("/customer/{customer}/consent")
async def decide(customer: str, request: Request) -> RedirectResponse:
    choice = urllib.parse.parse_qs((await request.body()).decode()).get("choice", [""])[0]
    if choice not in CHOICES:
        raise ValueError("no such choice")
    said = Directive(CHOICES[choice], purposes=[Purpose.BIRTHDAY_GREETING], channel="store",
                     **({"recipients": ["self"], "categories": ["all"], "notice": "house-rules-2025", "evidence": "at the desk"}
                        if choice == "yes" else {}))
    with session() as at:
        at.record(customer, said)
    return RedirectResponse(f"/customer/{urllib.parse.quote(customer)}?purpose=birthday_greeting", status_code=303)


@desk.get("/customer/{customer}/ledger")
def ledger(customer: str) -> HTMLResponse:
    with session() as at:
        rows = [f"<tr><td>{one.at:%Y-%m-%d}</td><td>{html.escape(one.event.replace('_', ' '))}</td><td>{html.escape(one.recipient or 'the shop')}</td></tr>"
                for one in at.ledger(customer)]
    return page("Who has my data?", "<table id='ledger'><tr><th>day</th><th>what</th><th>who</th></tr>", *rows, "</table>")
