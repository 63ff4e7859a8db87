// A till page for tests/screen: it plays one scenario against a real display, and reports each step to its own server.
//
// The query string names the scenario, and the server if it is not the one of the page. GET /parameters answers with {address, token, wrongToken, ref}. Each step is
// POSTed to /report as {scenario, step, …}. The page goes on when the report is answered, so the server can act on a
// step first: at "code" a customer pays, at "restart" the display is killed and started anew. The last step is
// "done" or "failed".

import {PatronDisplay, PatronDisplayError} from "./patron-display.js";

const query = new URLSearchParams(location.search);
const scenario = query.get("scenario");
/** The test's server, if the page comes from another one. */
const home = query.get("home") ?? "";

async function report(step, more = {}) {
  const body = JSON.stringify({scenario, step, ...more});
  const response = await fetch(`${home}/report`, {method: "POST", headers: {"Content-Type": "application/json"}, body});
  if (!response.ok) throw new Error(`the report of "${step}" was answered with ${response.status}`);
}

function equal(found, expected, what) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
  }
}

/** Waits for the event of this name for the `count`th time. */
async function until(sale, name, {count = 1, with: more = {}} = {}) {
  const seen = [];
  for await (const event of sale.events()) {
    seen.push(event);
    const fits = event.event === name && Object.entries(more).every(([key, value]) => event[key] === value);
    if (fits && --count === 0) return event;
  }
  throw new Error(`the sale ended without "${name}": ${JSON.stringify(seen)}`);
}

/** Waits until the code is on the screen, and reports it: the server pays, or does whatever the scenario needs. */
async function code(sale, more) {
  const shown = await until(sale, "shown", more);
  const created = await until(sale, "created", {with: {id: shown.id}});
  await report("code", {id: shown.id, shortCode: created.shortCode, ref: sale.ref, attempt: shown.attempt});
  return created;
}

async function ends(sale, outcome) {
  const last = await sale.outcome;
  equal(last.outcome, outcome, "outcome");
  return last;
}

/** Returns the error of a call that must be refused. */
async function refused(call) {
  try {
    await call();
  } catch (error) {
    if (error instanceof PatronDisplayError) return error;
    throw error;
  }
  throw new Error("a call that must be refused was carried out");
}

/** Sends a request as a page could without the client. Returns the status, or 0 if the browser keeps the answer. */
const raw = (url, init) => fetch(url, init).then(response => response.status, () => 0);

const SCENARIOS = {
  async paid({display, ref}) {
    equal((await display.status()).state, "idle", "state before the sale");
    const sale = await display.sell({ref, amount: "12.50"});
    await code(sale);
    const outcome = await ends(sale, "paid");
    equal(outcome.amount, {amount: "1250", currency: "NZD"}, "amount");
    const again = await display.sell({ref, amount: "12.50"});
    equal((await ends(again, "paid")).id, outcome.id, "id of the repeated sale");
    equal((await display.history({name: ref})).map(sale => sale.id), [outcome.id], "history of the sale");
    return {outcome};
  },

  // The page forgets everything but the session's storage. The sale goes on at the display.
  async reload({display, ref}) {
    const kept = JSON.parse(sessionStorage.getItem("sale"));
    if (!kept) {
      const terms = {ref, amount: "12.50"};
      sessionStorage.setItem("sale", JSON.stringify({terms}));
      const sale = await display.sell(terms);
      const {id} = await until(sale, "shown");
      sessionStorage.setItem("sale", JSON.stringify({terms, id}));
      await report("reload");
      location.reload();
      return new Promise(() => {});
    }
    const sale = await display.takeUp(kept.terms);
    equal((await code(sale)).id, kept.id, "id after the reload");
    return {outcome: await ends(sale, "paid")};
  },

  async cancel({display, ref}) {
    const sale = await display.sell({ref, amount: "3.00"});
    const first = await until(sale, "shown");
    await sale.command("cancel");
    equal((await until(sale, "ended")).outcome, "cancelled", "first ending");
    await sale.command("retry");
    const second = await until(sale, "shown", {count: 2});
    equal([second.attempt, second.id === first.id], [2, false], "second attempt");
    await sale.command("cancel");
    await until(sale, "ended", {count: 2});
    await sale.command("close");
    const outcome = await ends(sale, "cancelled");
    equal((await refused(() => sale.command("cancel"))).reason, "not-now", "command after the end");
    return {outcome};
  },

  async end({display, ref}) {
    const sale = await display.sell({ref, amount: "3.00"});
    await until(sale, "shown");
    await sale.end();
    return {outcome: await ends(sale, "cancelled")};
  },

  async accept({display, ref}) {
    const sale = await display.sell({ref: `CONDITION-${ref}`, amount: "5.00"});
    const {message} = await until(sale, "waiting", {with: {reason: "condition"}});
    await report("condition", {message});
    await sale.command("accept");
    await answered(sale);
    await code(sale);
    return {outcome: await ends(sale, "paid")};
  },

  async decline({display, ref}) {
    const sale = await display.sell({ref: `CONDITION-${ref}`, amount: "5.00"});
    await until(sale, "waiting", {with: {reason: "condition"}});
    await sale.command("decline");
    await until(sale, "ended");
    await sale.command("close");
    return {outcome: await ends(sale, "cancelled")};
  },

  "part-confirm": parameters => part(parameters, "confirm"),
  "part-refund": parameters => part(parameters, "refund"),

  async refund({display, ref}) {
    const sale = await display.sell({ref, amount: "12.50"});
    await code(sale);
    const {id, shortCode} = await ends(sale, "paid");
    const terms = {payment: shortCode, ref: `${ref}-R1`, amount: "5.00"};
    const first = await display.refund(terms);
    equal([first.outcome, first.exitCode, first.repeated, first.id], ["started", 0, false, id], "refund");
    const again = await display.refund(terms);
    equal([again.outcome, again.exitCode, again.repeated], ["started", 0, true], "the same refund again");
    return {refund: first};
  },

  async busy({display, ref}) {
    const sale = await display.sell({ref, amount: "1.00"});
    await until(sale, "shown");
    const other = await refused(() => display.sell({ref: `${ref}-other`, amount: "1.00"}));
    equal([other.status, other.reason, other.ref], [409, "busy", ref], "another sale");
    const terms = await refused(() => display.sell({ref, amount: "2.00"}));
    equal([terms.status, terms.reason], [409, "other-terms"], "other terms");
    await sale.end();
    return {outcome: await ends(sale, "cancelled")};
  },

  // The server kills the display and starts it anew at the same address before it answers the report.
  async restart({display, ref}) {
    const sale = await display.sell({ref, amount: "12.50"});
    const first = await until(sale, "shown");
    await report("restart");
    await until(sale, "display", {with: {state: "restarted"}});
    const second = await until(sale, "shown", {count: 2});
    equal(second.id, first.id, "id after the restart");
    const {shortCode} = await until(sale, "created");
    await report("code", {id: second.id, shortCode, ref, attempt: second.attempt});
    return {outcome: await ends(sale, "paid")};
  },

  async "no-token"({address, wrongToken, ref}) {
    const sale = {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({ref, amount: "1.00"})};
    equal(await raw(`${address}/v1/status`), 401, "status without a token");
    equal(await raw(`${address}/v1/sales`, sale), 401, "sale without a token");
    const display = new PatronDisplay({address, token: wrongToken});
    const error = await refused(() => display.sell({ref, amount: "1.00"}));
    equal([error.status, error.reason], [401, "unauthorized"], "sale with a wrong token");
    return {detail: error.detail};
  },

  // The till may sell only, and this page is of its origin.
  async "may-sell-only"({display, ref}) {
    for (const call of [() => display.refund({payment: "CP-C7F-ZS5", ref}), () => display.settle(), () => display.history()]) {
      const error = await refused(call);
      equal([error.status, error.reason], [403, "forbidden"], "a call without the right");
    }
    return {};
  },

  // Open this one by another name of the same server, such as localhost for 127.0.0.1: no till lists that origin.
  async "other-origin"({address, token, display, ref}) {
    const error = await refused(() => display.sell({ref, amount: "1.00"}));
    equal([error.status, error.reason], [0, "wrong-origin"], "sale from another origin");
    // A request without a preflight reaches the display. It must be refused there.
    const body = JSON.stringify({ref, amount: "1.00"});
    await raw(`${address}/v1/sales`, {method: "POST", mode: "no-cors", body});
    await raw(`${address}/v1/sales?token=${token}`, {method: "POST", mode: "no-cors", headers: {"Content-Type": "text/plain"}, body});
    return {detail: error.detail};
  },

  // The name of this page's site points to this machine, and its port is the display's (DNS rebinding). At the report the
  // site's server goes away and the display comes in its place.
  async rebound({address, token, display, ref}) {
    equal(location.origin, address, "origin of the page");
    await report("rebound");
    for (const path of ["/v1/hello?nonce=1", "/v1/status", `/v1/sales/${ref}/events`]) {
      equal(await raw(path, {headers: {Authorization: `Bearer ${token}`}}), 403, path);
    }
    for (const call of [() => display.status(), () => display.sell({ref, amount: "1.00"}), () => display.history()]) {
      const error = await refused(call);
      equal([error.status, error.reason], [403, "wrong-host"], "a call to another host");
    }
    return {};
  },
};

/** After the answer the code returns, even if it was never shown before. */
async function answered(sale) {
  let asked = false;
  for await (const event of sale.events()) {
    if (asked && event.event === "shown") return;
    asked ||= event.event === "waiting" && event.reason === "condition";
  }
  throw new Error("the code did not return after the answer");
}

async function part({display, ref}, decision) {
  const sale = await display.sell({ref, amount: "20.00", basket: "20.00"});
  await code(sale);
  const {outcome: ended} = await until(sale, "ended");
  equal(ended, "part-paid", "ending");
  await sale.command("close");
  const outcome = await ends(sale, "part-paid");
  const settled = await display.settle({part: decision, name: outcome.id});
  equal(settled.exitCode, 0, "exit code of the decision");
  equal((await display.settle({part: decision, name: outcome.id})).exitCode, 0, "exit code of the same decision again");
  return {outcome, settled};
}

try {
  const parameters = await (await fetch(`${home}/parameters`)).json();
  const display = new PatronDisplay(parameters);
  const result = await SCENARIOS[scenario]({...parameters, display});
  await report("done", result);
  document.querySelector("p").textContent = "done";
} catch (error) {
  document.querySelector("p").textContent = String(error.stack);
  await report("failed", {message: String(error.message), reason: error.reason, stack: String(error.stack)});
}
