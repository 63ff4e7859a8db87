#!/usr/bin/env node
/**
 * Sells through the local API of a resident display with `patron-display.js`, as a till would.
 *
 *     export PATRON_DISPLAY_URL=http://127.0.0.1:8790 PATRON_DISPLAY_TOKEN=pdt_...
 *     node sell.mjs sell 12.50 A1-2047           a sale of 12.50
 *     node sell.mjs sell 12.50 A1-2047 20.00     the same of a basket of 20.00; a part of the 12.50 may be paid
 *     node sell.mjs refund CP-C7F-ZS5 R1 5.00    gives 5.00 back; without an amount, all that was paid
 *
 * Ends with the exit codes of `patron-display sale` and `refund`. Needs Node.js 20, and the two files beside it.
 */

import process from "node:process";
import {createInterface} from "node:readline";
import {PatronDisplay, PatronDisplayError} from "./patron-display.js";

const CODES = {paid: 0, "part-paid": 10, expired: 20, cancelled: 21, "refund-started": 22, unknown: 30, rejected: 40, unreachable: 41};
const UNKNOWN = 30, NOT_BEGUN = 75;
/** Endings that the display offers to try again. */
const NOT_PAID = ["expired", "cancelled", "rejected", "unreachable"];
/** Milliseconds without the display after which this till gives up. The outcome is not known then. */
const GIVE_UP = 120_000;

const say = (...words) => console.error(...words);
/** An amount is in minor units, as text. This shop's currency has two decimals. */
const inWords = total => total ? `${(Number(total.amount) / 100).toFixed(2)} ${total.currency}` : "unknown";

const keyboard = createInterface({input: process.stdin});
let hasCashier = true;
keyboard.once("close", () => { hasCashier = false; });

/** Without a cashier at the keyboard, the answer is no. */
function ask(question) {
  process.stderr.write(`${question} [y/n] `);
  return new Promise(resolve => {
    if (!hasCashier) resolve(false);
    keyboard.once("line", line => resolve(line.toLowerCase() === "y"));
    keyboard.once("close", () => resolve(false));
  });
}

/** Sends a command if the sale is still as `still` says. A person may have been faster, at the display. */
async function command(sale, name, still) {
  try {
    if (still(await sale.status())) await sale.command(name);
  } catch (error) {
    // Not repeated: it might meet another question. The next event tells what happened.
    if (!error.passing && !["not-now", "no-such-sale"].includes(error.reason)) throw error;
  }
}

/** Follows a sale to its end, asks the cashier, and returns the outcome. */
async function follow(sale, giveUp) {
  let timer;
  for await (const event of sale.events()) {
    // After a reconnection or a restart an event may be old. What counts is the sale as it is now.
    const now = ["waiting", "ended"].includes(event.event) ? await sale.status().catch(() => ({})) : {};
    switch (event.event) {
      case "display":
        clearTimeout(timer);
        if (event.state === "lost") timer = setTimeout(giveUp, GIVE_UP);
        say("the display:", event.state);
        break;
      case "created":
        // Keep these with the sale: refunds and questions to Centrapay need them.
        say("request", event.id, event.shortCode);
        break;
      case "shown":
        say("the customer can scan the code");
        break;
      case "waiting":
        if (event.reason === "part-payment") say("still to be paid:", inWords(event.remaining));
        if (event.reason === "condition") {
          const still = ({waiting}) => waiting?.reason === "condition" && waiting.message === event.message;
          if (!still(now)) break;
          say("asked:", event.message);
          await command(sale, await ask("Accept?") ? "accept" : "decline", still);
        }
        break;
      case "ended": {
        const still = ({state, attempt}) => state === "ended" && attempt === event.attempt;
        // The display keeps asking the platform, and its screen says what staff can do.
        if (event.outcome === "unknown") say("Not known yet whether it was paid. Do not charge again. Look at the display.");
        // `outcome` has what remains. The decision comes after it.
        if (event.outcome === "part-paid") await command(sale, "close", still);
        if (NOT_PAID.includes(event.outcome) && still(now)) {
          say("not paid:", event.outcome);
          await command(sale, await ask("Try again?") ? "retry" : "close", still);
        }
        break;
      }
      case "earlier":
        say("earlier sale", event.externalRef, event.outcome);
        break;
      case "error":
        say("display:", event.message);
        break;
    }
  }
  return sale.outcome;
}

async function sell(display, amount, ref, basket) {
  const giveUp = new AbortController();
  // A real till writes the terms to its disk before this line, and forgets them after the outcome.
  const sale = await display.sell({ref, amount, ...(basket && {basket})}, {signal: giveUp.signal});
  let outcome;
  try {
    outcome = await follow(sale, () => giveUp.abort(new Error("The display does not answer.")));
  } catch (error) {
    say(error.message);
    outcome = {outcome: "unknown"};
  }
  console.log(JSON.stringify(outcome, null, 2));
  const code = CODES[outcome.outcome];
  if (code === UNKNOWN) say("Not known whether it was paid. Do not charge again. Start this again with the same reference.");
  if (outcome.outcome === "part-paid") await settlePart(display, outcome);
  return code;
}

/** A part was paid: the rest comes by other means, or the part goes back. */
async function settlePart(display, {id, remaining}) {
  say(inWords(remaining), "is still owed.");
  const part = await ask("Paid another way?") ? "confirm" : "refund";
  await display.settle({part, name: id}).catch(error => say(`The part payment still needs a decision: ${error.message}`));
}

/** The same reference never gives money back twice. */
async function refund(display, payment, ref, amount) {
  const result = await display.refund({payment, ref, ...(amount && {amount})});
  console.log(JSON.stringify(result, null, 2));
  return result.exitCode;
}

const [action, ...words] = process.argv.slice(2);
const {PATRON_DISPLAY_URL: address = "http://127.0.0.1:8790", PATRON_DISPLAY_TOKEN: token} = process.env;
const display = new PatronDisplay({address, token});
try {
  process.exitCode = await (action === "refund" ? refund : sell)(display, ...words);
} catch (error) {
  if (!(error instanceof PatronDisplayError)) throw error;
  say(`${error.reason}: ${error.message}`);
  if (error.uncertain) say("Not known: do not charge again. Start this again with the same reference.");
  process.exitCode = error.uncertain ? UNKNOWN : error.exitCode ?? NOT_BEGUN;
} finally {
  keyboard.close();
}
