#!/usr/bin/env python3
"""Sells one thing through patron-display, as a till would.

    python3 sell.py 12.50 A1-2047           a sale of 12.50
    python3 sell.py 12.50 A1-2047 20.00     the same of a basket of 20.00; a part of the 12.50 may be paid

Ends with the display's own exit code. Needs nothing but Python 3.9 and patron-display.
"""

import json
import subprocess
import sys

PAID, PART_PAID, UNKNOWN = 0, 10, 30
# The exit codes of a program that could not begin: nothing was created, nothing can be paid.
NOT_BEGUN = {64, 69, 71, 75, 78}
KNOWN = {0, 10, 20, 21, 22, 30, 40, 41}


def sell(amount, reference, on_event, basket=None, program="patron-display"):
    """Runs the sale to its end. Returns the exit code, and the outcome or None."""
    outcome = None
    in_parts = ["--basket", basket] if basket else []
    with subprocess.Popen(
        [program, "sale", "--amount", amount, "--ref", reference, "--json", "--control", *in_parts],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as display:
        # Each line comes as soon as it happens. Read all of them: a full pipe would hold the rest.
        for line in display.stdout:
            event = json.loads(line)
            if event["event"] == "outcome":
                outcome = event
            answer = on_event(event)
            if answer:
                ask(display, answer)

    return display.returncode, outcome


def ask(display, command):
    """Sends cancel, retry, close, accept or decline. The display ignores one that comes too late."""
    try:
        display.stdin.write(json.dumps({"command": command}) + "\n")
        display.stdin.flush()
    except BrokenPipeError:
        pass  # The sale has just ended; its outcome is the next line.


def on_event(event):
    """Handles an event: prints it, and returns a command or None."""
    name = event["event"]
    if name == "created":
        # Keep these with the sale: refunds and questions to Centrapay need them.
        print("request", event["id"], event["shortCode"], file=sys.stderr)
    elif name == "waiting" and event["reason"] == "condition":
        print("asked:", event["message"], file=sys.stderr)
        return "accept" if input("Accept? [y/n] ").lower() == "y" else "decline"
    elif name == "waiting" and event["reason"] == "part-payment":
        print("still to be paid:", in_words(event["remaining"]), file=sys.stderr)
    elif name == "ended" and event["outcome"] not in ("paid", "unknown"):
        # Without this the display offers to try again. This till takes the next customer instead.
        return "close"
    elif name == "earlier":
        # An earlier sale is settled now. `late`: it was called not paid before, and is paid.
        print("earlier sale", event["externalRef"], event["outcome"], file=sys.stderr)
    elif name == "error":
        print("display:", event["message"], file=sys.stderr)
    return None


def in_words(total):
    """An amount is in minor units, as text. This shop's currency has two decimals."""
    return f"{int(total['amount']) / 100:.2f} {total['currency']}" if total else "unknown"


def settle_part(reference, remaining, program="patron-display"):
    """A part was paid: the rest comes by other means, or the part goes back."""
    print(in_words(remaining), "is still owed.", file=sys.stderr)
    paid = input("Paid another way? [y/n] ").lower() == "y"
    decision = "confirm" if paid else "refund"
    return subprocess.run([program, "settle", reference, "--part", decision], check=False).returncode


def main():
    amount, reference, *basket = sys.argv[1:]
    for _ in range(3):
        code, outcome = sell(amount, reference, on_event, *basket)
        if code in KNOWN or code in NOT_BEGUN:
            break
        # It was killed; the outcome is unknown. The same reference is the same sale, and charges once.
    if outcome:
        print(json.dumps(outcome, ensure_ascii=False, indent=2))
    if code == PART_PAID:
        settle_part(outcome["externalRef"], outcome["remaining"])
    if code == UNKNOWN:
        print("It is not known whether this was paid. Do not charge again.", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
