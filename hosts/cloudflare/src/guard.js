// What becomes of requests when the WASM instance traps, by a panic for instance. From then on nothing of Rust's runs
// for any of them: its promises stay open for ever. The next request finds a new instance, which wasm-bindgen makes.

import { edit } from "./heads.js";

const open = new Set();

/** Fields of one connection that the runtime itself does not keep back (RFC 9110, 7.6.1). */
const HOP_BY_HOP = ["keep-alive", "proxy-connection"];

// Rust is polled in microtasks, so that is where it traps. What the old instance's promises then run into is no trap of
// the new one.
addEventListener("error", ({ error }) => {
  if (/previous wasm instance/i.test(error?.message)) return;
  for (const guard of open) guard.tell();
  open.clear();
});

/** What a request has outside of WASM. */
export class Guard {
  constructor(request, env, context) {
    Object.assign(this, { request, env, context });
    // Another request may be the one that traps, and I/O belongs to its own: so each has a promise to go on from.
    this.trap = new Promise((resolve) => (this.tell = resolve));
    open.add(this);
  }

  /** Asks the shop, at `url` or where the visitor asks, with edits of the request's head (`heads.js`). */
  ask(url, edits) {
    // A request's properties are those of a RequestInit, its body included. Requests that arrive from a visitor have the
    // redirect mode "manual" already.
    this.sent = url ? new Request(url, this.request) : new Request(this.request, { redirect: "manual" });
    const { headers } = this.sent;
    for (const name of HOP_BY_HOP) headers.delete(name);
    if (url) this.introduce(headers);
    edit(headers, edits);
    this.answered = this.send(this.sent);
    return this.answered;
  }

  send(request) {
    return fetch(request);
  }

  /** Lets the runtime do what it has to do before what we do next: it sends nothing while JavaScript or WASM computes. */
  breathe() {
    return scheduler.wait(0);
  }

  /** Tells another server of the visitor's host and scheme. */
  introduce(headers) {
    const host = this.request.headers.get("host");
    if (host && !headers.has("x-forwarded-host")) headers.set("x-forwarded-host", host);
    if (!headers.has("x-forwarded-proto")) headers.set("x-forwarded-proto", new URL(this.request.url).protocol.slice(0, -1));
  }

  /** Rust's answer; if the instance traps before it is there, the shop's. */
  async answer(rust) {
    // Where even that is no answer, the runtime asks the shop.
    this.context.passThroughOnException();
    try {
      return await Promise.race([rust, this.trap.then(() => this.shops())]);
    } finally {
      if (!this.pumping) open.delete(this);
    }
  }

  async shops() {
    const answer = await this.answered;
    if (!answer || this.isOurs304(answer)) return fetch(this.plain());
    // Of a page that is being read, the beginning is gone: it is asked for once more, without a body as any page.
    return answer.bodyUsed || answer.body?.locked ? fetch(this.sent) : answer;
  }

  /** Whether the shop says that its page is one which was kept in the instance. */
  isOurs304({ status }) {
    const [asked, sent] = [this.request, this.sent].map(({ headers }) => headers.get("if-none-match"));
    return status === 304 && asked !== sent;
  }

  /** The visitor's request, when Rust has not even made ours. */
  plain() {
    const { pathname, search } = new URL(this.request.url);
    const shop = this.env.ORIGIN?.replace(/\/+$/, "");
    const plain = new Request(shop ? shop + pathname + search : this.request, shop ? this.request : { redirect: "manual" });
    const kept = plain.headers.get("cookie")?.split("; ").filter((pair) => !pair.startsWith("tailorbird="));
    if (kept?.length) plain.headers.set("cookie", kept.join("; "));
    else plain.headers.delete("cookie");
    return plain;
  }

  /** Keeps the request alive until Rust has moved a page; if the instance traps, the page breaks off. */
  pump(rust, reader, writer) {
    this.pumping = true;
    const trapped = this.trap.then(() => {
      const reason = new Error("the worker's instance trapped");
      return Promise.allSettled([writer.abort(reason), reader?.cancel(reason)]);
    });
    // Without this, a visitor who leaves would leave the page's state behind in the isolate.
    this.context.waitUntil(Promise.race([rust, trapped]).finally(() => open.delete(this)));
  }

  /** Moves the rest of a page inside of the runtime, whatever becomes of the instance. */
  rest(body, reader, writable, writer) {
    open.delete(this);
    reader.releaseLock();
    writer.releaseLock();
    // When the origin breaks off, so does the page; when the visitor leaves, the origin is told.
    return body.pipeTo(writable).catch(() => {});
  }
}
