/**
 * Client of the local API of patron-display, for a till in a browser and for Node.js 20 or newer. One file, no build.
 *
 *     const display = new PatronDisplay({address: "http://127.0.0.1:8790", token});
 *     const sale = await display.sell({ref: "A1-2047", amount: "12.50"});
 *     for await (const event of sale.events()) show(event);
 *     const {outcome} = await sale.outcome;              // "paid", "expired", "unknown", …
 *
 * Keep the terms of a sale until its outcome is known: `display.takeUp(terms)` goes on with it after a reload.
 * The same `ref` never charges twice.
 */

/** Seconds without a byte after which an event stream counts as dropped. The display sends a comment every 10 s. */
const SILENCE = 25;
/** Seconds until a request counts as lost. A refund or a settlement may repeat calls to the platform. */
const PATIENCE = 30, LONG_PATIENCE = 180;
/** Seconds before a lost request is sent again. A dropped event stream goes on with the last pause. */
const PAUSES = [0.25, 0.5, 1, 2, 5];

/**
 * @typedef {{amount: string, currency: string}} Money  In minor units: "1250" is 12.50.
 * @typedef {object} Terms  What `POST /v1/sales` takes.
 * @property {string} ref  The till's reference: one for each sale.
 * @property {string} [amount]  Such as "12.50". Without amount, basket and items the cashier enters the amount.
 * @property {string} [basket]  The total, if a part may be paid another way.
 * @property {string} [merchant] @property {string} [operator] @property {object[]} [items] @property {string} [invoiceRef]
 * @property {boolean} [patronNotPresent] @property {string} [barcode]
 * @typedef {{event: string, [key: string]: any}} SaleEvent  An event as of `--json`, or one of the client's own:
 *   `{event: "display", state: "lost"|"back"|"restarted", error}` says whether the display answers.
 * @typedef {object} Outcome  The `outcome` event.
 * @property {"paid"|"part-paid"|"expired"|"cancelled"|"refund-started"|"unknown"|"rejected"|"unreachable"} outcome
 * @property {string} [id] @property {string} [shortCode] @property {Money} [amount] @property {Money} [remaining]
 * @property {object[]} [paidBy] @property {string} [reason] @property {string} [advice]
 * @property {boolean} [repeated] @property {string} [settledAt]
 */

/** A request that the display refused, or that got no answer. */
export class PatronDisplayError extends Error {
  /** @param {{reason: string, status?: number, detail: string, ref?: string, exitCode?: number}} problem */
  constructor({reason, status = 0, detail, ref, exitCode}, cause) {
    super(detail, {cause});
    this.name = "PatronDisplayError";
    /** Why, as one word: `busy`, `unauthorized`, … Without an answer: `no-answer`, `permission-denied`, `wrong-origin`. */
    this.reason = reason;
    /** The HTTP status. 0 if there was no answer. */
    this.status = status;
    /** A sentence that says what to do. */
    this.detail = detail;
    /** The sale that has the display, if `reason` is `busy`. */
    this.ref = ref;
    /** The exit code that the command line would have. */
    this.exitCode = exitCode;
  }

  /** Whether the request may have been carried out. If so, send it again with the same `ref`. */
  get uncertain() {
    return this.status === 0 || this.status === 408 || this.reason === "unexpected";
  }

  /** Whether a later attempt may succeed. */
  get passing() {
    return this.uncertain || this.status === 429 || (this.status >= 500 && this.reason !== "configuration");
  }
}

/** A resident display. */
export class PatronDisplay {
  #address;
  #token;

  /** @param {{address: string, token: string}} options  `address`: such as "http://127.0.0.1:8790". */
  constructor({address, token}) {
    this.#address = address.replace(/\/+$/, "");
    this.#token = token;
  }

  /** What the display does now. @param {{signal?: AbortSignal}} [options] @returns {Promise<object>} */
  status({signal} = {}) {
    return this.request("GET", "/v1/status", {signal});
  }

  /**
   * Starts a sale. If the answer is lost, asks again with the same `ref`.
   * `signal` stops the client, not the sale: it goes on at the display.
   * @param {Terms} terms @param {{signal?: AbortSignal}} [options] @returns {Promise<Sale>}
   */
  async sell(terms, {signal} = {}) {
    const document = await this.#repeat(() => this.request("POST", "/v1/sales", {body: terms, signal}), signal);
    return new Sale(this, terms, document, signal);
  }

  /**
   * Goes on with a sale after a reload. Starts it only if the display never had it, or ended during it.
   * @param {Terms} terms  As they were given to `sell`. @param {{signal?: AbortSignal}} [options] @returns {Promise<Sale>}
   */
  async takeUp(terms, {signal} = {}) {
    const document = await this.#repeat(() => this.current(terms, {signal}), signal);
    return new Sale(this, terms, document, signal);
  }

  /**
   * Gives money back. Safe to repeat with the same `ref`. Look at `outcome`: `started`, `unknown`, `rejected`, `unreachable`.
   * @param {{payment: string, ref: string, amount?: string, items?: object[], invoiceRef?: string, paidOn?: string}} terms
   * @param {{signal?: AbortSignal}} [options] @returns {Promise<object>}
   */
  refund(terms, {signal} = {}) {
    return this.#repeat(() => this.request("POST", "/v1/refunds", {body: terms, signal, patience: LONG_PATIENCE}), signal);
  }

  /**
   * Settles earlier sales, or decides a part payment: `{part: "confirm"|"refund", name}`.
   * @param {{part?: "confirm"|"refund", name?: string}} [decision] @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<{exitCode: number}>}
   */
  settle(decision = {}, {signal} = {}) {
    return this.#repeat(() => this.request("POST", "/v1/settle", {body: decision, signal, patience: LONG_PATIENCE}), signal);
  }

  /** Earlier sales, oldest first. `name`: a reference, an id or a short code; `since`: such as "2026-08-17" or "2h".
   * @param {{name?: string, since?: string, limit?: number}} [filter]
   * @param {{signal?: AbortSignal}} [options] @returns {Promise<object[]>} */
  async history(filter = {}, {signal} = {}) {
    return (await this.request("GET", `/v1/history?${new URLSearchParams(filter)}`, {signal})).sales;
  }

  /** Returns the sale's document. Posts the terms if there is no such sale, or if its outcome is still open.
   * Used by `Sale`. @returns {Promise<object>} */
  async current(terms, {signal} = {}) {
    const document = await this.request("GET", salePath(terms.ref), {signal}).catch(error => {
      if (error.reason !== "no-such-sale") throw error;
    });
    if (document && document.state !== "unsettled") return document;
    return this.request("POST", "/v1/sales", {body: terms, signal});
  }

  /** Sends one request and returns the answer's JSON. Throws a `PatronDisplayError`. */
  async request(method, path, {body, signal, patience = PATIENCE} = {}) {
    const limit = new Limit(patience, signal);
    try {
      const response = await this.open(method, path, {body, limit});
      const text = await limit.watch(response.text());
      return text ? JSON.parse(text) : {};
    } catch (error) {
      if (error instanceof SyntaxError) throw new PatronDisplayError(UNEXPECTED, error);
      throw error instanceof PatronDisplayError ? error : await this.#unanswered(error, signal);
    } finally {
      limit.end();
    }
  }

  /** Sends one request and returns the response with its body unread. @returns {Promise<Response>} */
  async open(method, path, {body, headers, limit}) {
    const response = await limit.watch(fetch(this.#address + path, {
      method, signal: limit.signal, cache: "no-store", credentials: "omit", redirect: "error",
      headers: {Authorization: `Bearer ${this.#token}`, ...(body && {"Content-Type": "application/json"}), ...headers},
      body: body && JSON.stringify(body),
    }));
    if (response.ok) return response;
    const problem = await limit.watch(response.json().catch(() => ({})));
    throw new PatronDisplayError({...UNEXPECTED, ...problem, status: response.status});
  }

  /** Repeats a request whose answer was lost. Only for requests that are safe to repeat. */
  async #repeat(send, signal) {
    for (const pause of PAUSES.slice(0, -1)) {
      try {
        return await send();
      } catch (error) {
        if (!error.uncertain || error.reason === "permission-denied") throw error;
        await sleep(pause, signal);
      }
    }
    return send();
  }

  /** Finds out why there was no answer. A browser tells a page only that the request failed. */
  async #unanswered(error, signal) {
    signal?.throwIfAborted();
    const problem = (reason, detail) => new PatronDisplayError({reason, detail}, error);
    const permission = await loopbackPermission();
    if (permission === "denied") {
      return problem("permission-denied", `The browser does not let this page reach ${this.#address}. ${globalThis.isSecureContext
        ? "Allow it in the page's settings, left of the address: \"Apps on device\" or \"Local network access\"."
        : "Only a page that came over https:// may."}`);
    }
    if (error.name === "TimeoutError") {
      return problem("no-answer", permission === "prompt"
        ? "The browser asks whether this page may reach apps on this device. Choose Allow."
        : `The display at ${this.#address} does not answer in time. Look at it.`);
    }
    // Without a preflight and without an answer to read, this tells only whether something listens there.
    const probe = {mode: "no-cors", cache: "no-store", signal: AbortSignal.timeout(2000)};
    const listens = globalThis.location && await fetch(`${this.#address}/v1/hello`, probe).then(() => true, () => false);
    return listens
      ? problem("wrong-origin", `${this.#address} answers, but not to this page. `
        + `Its till needs the page's origin: patron-display till add NAME --origin ${globalThis.location.origin}`)
      : problem("no-answer", `Nothing answers at ${this.#address}. Check that the display runs, that [local-api] in its `
        + "configuration has this address as `listen`, and that the browser may reach apps on this device.");
  }
}

/** A sale at the display. It is followed until its outcome, also while no one reads `events()`. */
export class Sale {
  #display;
  #signal;
  #events = [];
  #over = false;
  #error;
  #lastId;
  #wake = () => {};
  #news = new Promise(resolve => { this.#wake = resolve; });

  /** Use `PatronDisplay.sell` or `takeUp`. */
  constructor(display, terms, document, signal) {
    this.#display = display;
    this.#signal = signal;
    this.terms = terms;
    this.ref = terms.ref;
    /** The sale as the display first answered. */
    this.document = document;
    /**
     * How the sale ended. Rejects if that cannot be found out; then it is not known: do not charge again.
     * @type {Promise<Outcome>}
     */
    this.outcome = this.#follow();
    this.outcome.catch(() => {}); // `events()` throws the same error, so it need not be handled here.
  }

  /** All events of the sale from the first, as they come. Ends after `outcome`. @returns {AsyncGenerator<SaleEvent>} */
  async *events() {
    for (let next = 0; ;) {
      while (next < this.#events.length) yield this.#events[next++];
      if (this.#error) throw this.#error;
      if (this.#over) return;
      await this.#news;
    }
  }

  /** The sale as it is now. Events may be old: after a reload or a restart all of them are told again.
   * @param {{signal?: AbortSignal}} [options] @returns {Promise<object>} */
  status({signal} = {}) {
    return this.#display.request("GET", salePath(this.ref), {signal});
  }

  /**
   * Sends a command once. It is not repeated: it might meet another question.
   * @param {"cancel"|"retry"|"close"|"accept"|"decline"} command @param {{signal?: AbortSignal}} [options]
   */
  async command(command, {signal} = {}) {
    await this.#display.request("POST", `${salePath(this.ref)}/commands`, {body: {command}, signal});
  }

  /** Ends the sale early: the code goes at once, and the screen is free afterwards. */
  async end({signal} = {}) {
    await this.#display.request("DELETE", salePath(this.ref), {signal});
  }

  async #follow() {
    let failures = 0, lost = false, gone = false, asked = false;
    try {
      for (;;) {
        const start = Date.now();
        try {
          const outcome = gone && await this.#afterRestart();
          if (outcome) return outcome;
          gone = false;
          for await (const event of this.#stream()) {
            if (lost) this.#tell({event: "display", state: "back"});
            lost = asked = false;
            if (!event) continue;
            failures = 0;
            this.#tell(event);
            if (event.event === "outcome") return event;
          }
          // Its events are over, and these were not all of them: the sale was started again in between.
          gone = true;
        } catch (error) {
          gone = error.reason === "no-such-sale";
          if (!gone && !error.passing) throw error;
          if (!gone && !lost) this.#tell({event: "display", state: "lost", error});
          lost ||= !gone;
          // A display that was started anew soon voids the code of a sale that no one takes up.
          if (gone && !asked) {
            asked = true;
            continue;
          }
        }
        // A stream that keeps ending early must not be opened again and again without a pause.
        failures = Date.now() - start > 5000 ? 0 : failures;
        await sleep(PAUSES[Math.min(failures++, PAUSES.length - 1)], this.#signal);
      }
    } catch (error) {
      this.#error = error;
      throw error;
    } finally {
      this.#over = true;
      this.#wake();
    }
  }

  /** The display does not have the sale: it was started anew. Its journal knows the sale, or the terms start it again. */
  async #afterRestart() {
    const document = await this.#display.current(this.terms, {signal: this.#signal});
    if (document.state === "over") {
      const outcome = {event: "outcome", ...document};
      this.#tell(outcome);
      if (document.outcome === "paid" && document.lastEventId === undefined) {
        // Paid while the display was away. Now its screen shows the tick, and need not show it before the next sale.
        await this.#display.request("POST", "/v1/sales", {body: this.terms, signal: this.#signal}).catch(() => {});
      }
      return outcome;
    }
    this.#lastId = undefined;
    this.#tell({event: "display", state: "restarted"});
  }

  /** The events of one connection; first `undefined`, once it is open. */
  async *#stream() {
    const limit = new Limit(SILENCE, this.#signal);
    try {
      const headers = {Accept: "text/event-stream", ...(this.#lastId && {"Last-Event-ID": this.#lastId})};
      const response = await this.#display.open("GET", `${salePath(this.ref)}/events`, {headers, limit});
      yield undefined;
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let text = ""; ;) {
        limit.renew();
        const {done, value} = await limit.watch(reader.read());
        if (done) return;
        const blocks = (text + value).replaceAll("\r\n", "\n").split("\n\n");
        text = blocks.pop();
        for (const block of blocks) {
          const field = name => block.split("\n").filter(line => line.startsWith(`${name}:`))
            .map(line => line.slice(name.length + 1).replace(/^ /, "")).join("\n");
          if (!field("data")) continue; // A comment.
          const event = JSON.parse(field("data"));
          this.#lastId = field("id") || this.#lastId;
          yield event;
        }
      }
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw error instanceof PatronDisplayError ? error
        : new PatronDisplayError({reason: "no-answer", detail: "The display does not answer."}, error);
    } finally {
      limit.end();
    }
  }

  #tell(event) {
    this.#events.push(event);
    this.#wake();
    this.#news = new Promise(resolve => { this.#wake = resolve; });
  }
}

const UNEXPECTED = {reason: "unexpected", detail: "The answer is not one of patron-display. Check the address."};

const salePath = ref => `/v1/sales/${encodeURIComponent(ref)}`;

/** The browser's permission for apps on this device, if it has one. Chrome 142 to 144 calls it otherwise than newer ones. */
async function loopbackPermission() {
  for (const name of ["loopback-network", "local-network-access"]) {
    const permission = await globalThis.navigator?.permissions?.query({name}).catch(() => undefined);
    if (permission) return permission.state;
  }
}

/** The time that a request has. It ends early with the caller's signal. */
class Limit {
  #controller = new AbortController();
  #caller;
  #millis;
  #timer;
  #stop = () => this.#controller.abort(this.#caller.reason);

  constructor(seconds, caller) {
    this.#caller = caller;
    this.#millis = seconds * 1000;
    this.signal = this.#controller.signal;
    caller?.addEventListener("abort", this.#stop);
    if (caller?.aborted) this.#stop();
    this.renew();
  }

  renew() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(new DOMException("No answer in time.", "TimeoutError")), this.#millis);
  }

  /** Rejects at the limit. Node.js does not always stop reading a body when its signal says so. */
  watch(promise) {
    return new Promise((resolve, reject) => {
      const stop = () => reject(this.signal.reason);
      if (this.signal.aborted) stop();
      this.signal.addEventListener("abort", stop);
      promise.then(resolve, reject).finally(() => this.signal.removeEventListener("abort", stop));
    });
  }

  /** Closes the connection, if it is open. */
  end() {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener("abort", this.#stop);
    this.#controller.abort();
  }
}

/** Waits, but no longer than until the signal. */
function sleep(seconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => { clearTimeout(timer); reject(signal.reason); };
    const timer = setTimeout(() => { signal?.removeEventListener("abort", stop); resolve(); }, seconds * 1000);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, {once: true});
  });
}
