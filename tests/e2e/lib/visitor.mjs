// A shopper with a cookie jar, as small as one that talks to a single shop can be.
import { request } from "./client.mjs";

/** The name of the one cookie that is the worker's. */
export const COOKIE = "tailorbird";
export const CONSENT = "consent=personalisation";

export class Visitor {
  /** @param {string} base  @param {string} [cookies]  for instance `a=1; b=2` */
  constructor(base, cookies = "") {
    this.base = base;
    this.jar = new Map(cookies.split("; ").filter(Boolean).map(pair));
  }

  get cookies() {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** What the worker wrote down. */
  get memory() {
    return this.jar.get(COOKIE);
  }

  async get(target, options = {}) {
    const headers = { ...(this.jar.size && { Cookie: this.cookies }), ...options.headers };
    const reply = await request(this.base, target, { ...options, headers });
    for (const line of reply.all("set-cookie")) {
      const [name, value] = pair(line.split(";")[0]);
      if (/;\s*max-age=0\b/i.test(line)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return reply;
  }

  /** Sends a form of the shop's own pages. */
  post(target, form) {
    const headers = { "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin" };
    return this.get(target, { method: "POST", body: new URLSearchParams(form).toString(), headers });
  }

  /** Looks at products, in this order. */
  async view(...products) {
    for (const { path } of products) await this.get(path);
    return this;
  }
}

/** The `Cookie` header of a visitor who consented and looked at these products, in this order. */
export async function cookiesAfter(base, products) {
  const visitor = new Visitor(base, CONSENT);
  for (const { path } of products) await visitor.get(path);
  if (!visitor.memory) throw new Error(`no ${COOKIE} cookie after ${products.length} product pages at ${base}`);
  return visitor.cookies;
}

function pair(text) {
  const equals = text.indexOf("=");
  return [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
}
