#!/usr/bin/env python3
"""Sells through the local API of a resident display (`patron-display stand`), as a till would.

    export PATRON_DISPLAY_URL=http://127.0.0.1:8790 PATRON_DISPLAY_TOKEN=pdt_...
    python3 sell_http.py sell 12.50 A1-2047           a sale of 12.50
    python3 sell_http.py sell 12.50 A1-2047 20.00     the same of a basket of 20.00; a part of the 12.50 may be paid
    python3 sell_http.py refund CP-C7F-ZS5 R1 5.00    gives 5.00 back; without an amount, all that was paid

Ends with the exit codes of `patron-display sale` and `refund`. Needs nothing but Python 3.9.
"""

import http.client
import json
import os
import sys
import time
import urllib.parse

CODES = {"paid": 0, "part-paid": 10, "expired": 20, "cancelled": 21, "refund-started": 22, "unknown": 30,
         "rejected": 40, "unreachable": 41, "started": 0}
UNKNOWN, NOT_BEGUN = 30, 75
# Endings that the display offers to try again.
NOT_PAID = {"expired", "cancelled", "rejected", "unreachable"}
# The display sends a comment every 10 s. A stream that is silent for longer is lost.
SILENCE = 25
PATIENCE, REFUND_PATIENCE = 30, 180
# Seconds without the display after which this till gives up. The outcome is not known then.
GIVE_UP = 120


class Problem(Exception):
    """The display refused a call, or is busy with something else."""

    def __init__(self, status, body):
        super().__init__(body.get("detail", f"the answer {status} is not one of patron-display"))
        self.status = status
        self.reason = body.get("reason", "unexpected")
        self.exit_code = body.get("exitCode", NOT_BEGUN)

    def is_passing(self):
        return self.status in (408, 429) or (self.status >= 500 and self.reason != "configuration")


class Display:
    """The local API. Each call has a connection of its own, so that no call hangs on an old one."""

    def __init__(self, url, token):
        self.host = urllib.parse.urlsplit(url).netloc
        self.headers = {"Authorization": f"Bearer {token}"}

    def call(self, method, path, body=None, patience=PATIENCE):
        connection, answer = self.open(method, path, body, {}, patience)
        try:
            text = answer.read()
            return json.loads(text) if text else {}
        except ValueError as error:
            raise OSError(error) from error
        finally:
            connection.close()

    def open(self, method, path, body, headers, patience):
        connection = http.client.HTTPConnection(self.host, timeout=patience)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, {**self.headers, **headers})
            answer = connection.getresponse()
            if answer.status < 300:
                return connection, answer
            try:
                problem = json.loads(answer.read())
            except ValueError:
                problem = {}
            raise Problem(answer.status, problem)
        except http.client.HTTPException as error:
            connection.close()
            raise OSError(error) from error
        except BaseException:
            connection.close()
            raise

    def stream(self, path, last_id):
        """The events of one connection, each with its id. Raises OSError if the connection is lost."""
        headers = {"Last-Event-ID": last_id} if last_id else {}
        connection, answer = self.open("GET", path, None, headers, SILENCE)
        try:
            event_id, data = None, ""
            for line in answer:
                field, _, value = line.decode().rstrip("\n").partition(": ")
                if field == "id":
                    event_id = value
                elif field == "data":
                    data = value
                elif not field and data:
                    yield event_id, json.loads(data)
                    data = ""
        except http.client.HTTPException as error:
            raise OSError(error) from error
        finally:
            connection.close()


class Sale:
    """A sale at the display. If anything is unclear, the same terms are sent again: that never charges twice."""

    def __init__(self, display, terms):
        self.display = display
        self.terms = terms
        self.path = "/v1/sales/" + urllib.parse.quote(terms["ref"], safe="")

    def start(self):
        """Returns the sale's document. Raises Problem if nothing was started, and OSError if that is not known."""
        was_lost = False
        for pause in (0.5, 1, 2, 5, 5, 0):
            try:
                return self.display.call("POST", "/v1/sales", self.terms)
            except ConnectionRefusedError as error:
                lost = error  # Nothing listens, so nothing was sent.
            except OSError as error:
                lost, was_lost = error, True
            except Problem as problem:
                # Another sale may have the display since the first, lost answer.
                seen = self.document() if was_lost else None
                if seen:
                    return seen
                if not problem.is_passing():
                    raise
                lost = problem
            time.sleep(pause)
        if was_lost:
            raise OSError("the display does not answer")
        raise Problem(503, {"detail": f"the display cannot be reached: {lost}"})

    def document(self):
        """The sale as the display or its journal knows it, or None."""
        try:
            return self.display.call("GET", self.path)
        except Problem as problem:
            if problem.reason == "no-such-sale":
                return None
            raise

    def events(self):
        """All events up to `outcome`. Raises OSError if the outcome cannot be found out."""
        last_id, heard = None, time.monotonic()
        while True:
            try:
                for last_id, event in self.display.stream(self.path + "/events", last_id):
                    heard = time.monotonic()
                    yield event
                    if event["event"] == "outcome":
                        return
            except OSError as error:
                print("no connection:", error, file=sys.stderr)
            except Problem as problem:
                if problem.reason != "no-such-sale" and not problem.is_passing():
                    raise
            # The stream has ended early: the connection broke, or the display was started anew.
            time.sleep(1)
            try:
                document = self.take_up()
            except (OSError, Problem) as error:
                if isinstance(error, Problem) and not error.is_passing() and error.reason != "busy":
                    raise
                if time.monotonic() - heard > GIVE_UP:
                    raise OSError(f"the display does not answer: {error}") from error
                continue
            heard = time.monotonic()
            if document["state"] == "over":
                yield {"event": "outcome", **document}
                return
            # A display that was started anew counts the events from 1 again.
            if last_id and int(last_id) > document.get("lastEventId", 0):
                last_id = None

    def take_up(self):
        """Returns the sale's document. Starts the sale again if the display ended during it."""
        document = self.document()
        if document is None or document["state"] == "unsettled":
            return self.display.call("POST", "/v1/sales", self.terms)
        if document.get("outcome") == "paid" and "lastEventId" not in document:
            # Paid while the display was away. Now its screen shows the tick, and need not show it before the next sale.
            try:
                self.display.call("POST", "/v1/sales", self.terms)
            except (OSError, Problem):
                pass
        return document

    def command(self, command, still):
        """Sends a command if the sale is still as `still` says. A person may have been faster, at the display."""
        try:
            document = self.document()
            if document and still(document):
                self.display.call("POST", self.path + "/commands", {"command": command})
        except Problem as problem:
            if not problem.is_passing() and problem.reason not in ("not-now", "no-such-sale"):
                raise
        except OSError:
            pass  # Not repeated: it might meet another question. The next event tells what happened.


def follow(sale):
    """Follows a sale to its end, asks the cashier, and returns the outcome."""
    for event in sale.events():
        name = event["event"]
        if name == "created":
            # Keep these with the sale: refunds and questions to Centrapay need them.
            print("request", event["id"], event["shortCode"], file=sys.stderr)
        elif name == "shown":
            print("the customer can scan the code", file=sys.stderr)
        elif name == "waiting" and event["reason"] == "condition":
            answer_condition(sale, event)
        elif name == "waiting" and event["reason"] == "part-payment":
            print("still to be paid:", in_words(event["remaining"]), file=sys.stderr)
        elif name == "ended":
            after_ending(sale, event)
        elif name == "earlier":
            print("earlier sale", event["externalRef"], event["outcome"], file=sys.stderr)
        elif name == "error":
            print("display:", event["message"], file=sys.stderr)
        elif name == "outcome":
            return event
    raise OSError("the display told no outcome")


def follow_safely(sale):
    """A sale that has begun is not over because the display refuses a call."""
    try:
        return follow(sale)
    except Problem as problem:
        raise OSError(f"{problem.reason}: {problem}") from problem


def answer_condition(sale, event):
    """Lets the cashier answer. After a reconnection an event may be old, so what counts is the document."""
    def still(document):
        waiting = document.get("waiting", {})
        return waiting.get("reason") == "condition" and waiting.get("message") == event["message"]

    if still(sale.document() or {}):
        print("asked:", event["message"], file=sys.stderr)
        sale.command("accept" if ask("Accept? [y/n] ") else "decline", still)


def after_ending(sale, event):
    """An attempt without payment waits on the screen with "Try again"."""
    def still(document):
        return document["state"] == "ended" and document.get("attempt") == event["attempt"]

    if event["outcome"] == "unknown":
        # The display keeps asking the platform, and its screen says what staff can do.
        print("Not known yet whether it was paid. Do not charge again. Look at the display.", file=sys.stderr)
    elif event["outcome"] == "part-paid":
        # `outcome` has what remains. The decision comes after it.
        sale.command("close", still)
    elif event["outcome"] in NOT_PAID and still(sale.document() or {"state": ""}):
        print("not paid:", event["outcome"], file=sys.stderr)
        sale.command("retry" if ask("Try again? [y/n] ") else "close", still)


def settle_part(display, outcome):
    """A part was paid: the rest comes by other means, or the part goes back."""
    print(in_words(outcome.get("remaining")), "is still owed.", file=sys.stderr)
    decision = "confirm" if ask("Paid another way? [y/n] ") else "refund"
    # The same decision again changes nothing, so a lost answer is asked for again.
    return repeat(lambda: display.call("POST", "/v1/settle", {"part": decision, "name": outcome["id"]}, REFUND_PATIENCE))


def refund(display, payment, reference, amount=None):
    """Gives money back. The same reference never gives it back twice."""
    terms = {"payment": payment, "ref": reference}
    if amount:
        terms["amount"] = amount
    return repeat(lambda: display.call("POST", "/v1/refunds", terms, REFUND_PATIENCE))


def repeat(call):
    """Calls until there is an answer. Raises Problem only if nothing was carried out."""
    was_lost = False
    for pause in (0.5, 1, 2, 5, 0):
        try:
            return call()
        except OSError as error:
            lost = error
            was_lost = was_lost or not isinstance(error, ConnectionRefusedError)
        except Problem as problem:
            if not problem.is_passing() and not was_lost:
                raise
            lost = problem
        time.sleep(pause)
    raise lost if isinstance(lost, OSError) else OSError(str(lost))


def ask(question):
    """Without a cashier at the keyboard, the answer is no."""
    try:
        print(question, end="", file=sys.stderr, flush=True)
        return input().lower() == "y"
    except EOFError:
        return False


def in_words(total):
    """An amount is in minor units, as text. This shop's currency has two decimals."""
    return f"{int(total['amount']) / 100:.2f} {total['currency']}" if total else "unknown"


def main(action, *words):
    display = Display(os.environ.get("PATRON_DISPLAY_URL", "http://127.0.0.1:8790"), os.environ["PATRON_DISPLAY_TOKEN"])
    try:
        if action == "refund":
            result = refund(display, *words)
        else:
            amount, reference, *basket = words
            sale = Sale(display, {"ref": reference, "amount": amount, **({"basket": basket[0]} if basket else {})})
            # A real till writes the terms to its disk before this line, and forgets them after the outcome.
            sale.start()
            result = follow_safely(sale)
    except Problem as problem:
        print(f"{problem.reason}: {problem}", file=sys.stderr)
        return problem.exit_code
    except OSError as error:
        print(f"{error}. Not known: do not charge again. Start this again with the same reference.", file=sys.stderr)
        return UNKNOWN
    print(json.dumps(result, ensure_ascii=False, indent=2))
    code = CODES[result["outcome"]]
    if code == UNKNOWN:
        print("Not known whether the money moved. Do not charge again.", file=sys.stderr)
    if result["outcome"] == "part-paid":
        try:
            settle_part(display, result)
        except (OSError, Problem) as error:
            print(f"The part payment still needs a decision: {error}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
