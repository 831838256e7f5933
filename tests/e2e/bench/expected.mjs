// What each visitor must get of each page, asked of a quiet host beforehand, and the judge that compares.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { remembered } from "../lib/crowd.mjs";
import { COOKIE, cookiesAfter } from "../lib/visitor.mjs";
import { client } from "./client.mjs";

/** Pages, by the way the shop sends them; `personal` are those that differ for those who consent. */
const PAGES = [
  ...["plain", "etag", "fresh"].flatMap((caching) => ["20480-12", "74752-60", "272384-25"].map((name) => ({ path: `/c/${caching}/${name}`, personal: true }))),
  { path: "/c/plain/908288-64", personal: true },
  { path: "/s/plain/272384-25", personal: true },
  { path: "/c/etag/1048576-120", personal: true },
  { path: "/c/drip/74752-60", personal: true },
  { path: "/p/239" },
  { path: "/data/state" },
];
const VISITORS = 12;
/** Of so many visitors, one does not consent. */
const WITHOUT_CONSENT = 4;
const VIEWS = 4;

/** Every page for every visitor: `[{path, cookies, memory?, body, changed}]`. */
export async function expectations(base, shop) {
  const out = [];
  const [host, origin] = [client(base), client(shop)];
  for (let n = 0; n < VISITORS; n++) {
    // Of two categories each; items of a category are neighbours (page.mjs).
    const views = Array.from({ length: VIEWS }, (_, at) => ({ path: `/p/${((n + at % 2) % 8) * 40 + 20 + n + at}` }));
    const consents = n % WITHOUT_CONSENT !== 0;
    const cookies = consents ? await cookiesAfter(base, views) : `consent=essential; visitor=${n}`;
    for (const page of PAGES) {
      const { body } = await host.ask(page.path, { cookies });
      const unchanged = await origin.ask(page.path);
      out.push({ ...page, cookies, visitor: n, memory: consents ? remembered(cookies) : undefined, body, changed: !body.equals(unchanged.body) });
    }
  }
  host.close();
  origin.close();
  for (const { path, personal } of PAGES) {
    const bodies = new Set(out.filter((one) => one.path === path).map(({ body }) => body.toString("latin1")));
    // Else a page of somebody else's would not be noticed.
    if (personal && bodies.size < VISITORS / 2) throw new Error(`${path}: only ${bodies.size} different pages for ${VISITORS} visitors`);
  }
  return out;
}

/** Compares responses and counts what is wrong. */
export class Judge {
  constructor(expected, reference) {
    Object.assign(this, { expected, reference: client(reference), wrong: 0, moved: 0, errors: new Map(), kept: [] });
  }

  pick(random) {
    return this.expected[Math.floor(random() * this.expected.length)];
  }

  fail(message) {
    this.wrong++;
    this.errors.set(message, (this.errors.get(message) ?? 0) + 1);
  }

  async compare(one, reply) {
    const where = `${one.path} of visitor ${one.visitor}`;
    if (reply.status !== 200) return this.fail(`${where}: status ${reply.status}`);
    if (one.changed && reply.headers["cache-control"] !== "private, no-store") return this.fail(`${where}: a changed page says ${reply.headers["cache-control"]}`);
    if (one.changed && reply.headers.etag) return this.fail(`${where}: a changed page has an ETag`);
    this.cookie(one, reply, where);
    if (reply.body.equals(one.body)) return;
    // What is recommended may change with the day; then the quiet host says the same.
    const { body } = await this.reference.ask(one.path, { cookies: one.cookies });
    if (reply.body.equals(body)) {
      one.body = body;
      this.moved++;
      return;
    }
    if (!this.kept.length) this.kept.push([one.body, reply.body]);
    let at = 0;
    while (at < body.length && body[at] === reply.body[at]) at++;
    this.fail(`${where}: another page (${reply.body.length} bytes, expected ${body.length})`);
    console.error(`${where}: differs at byte ${at}`);
  }

  /** Times in it differ; whose it is must not. */
  cookie({ memory }, { headers }, where) {
    for (const line of (headers["set-cookie"] ?? []).filter((line) => line.startsWith(`${COOKIE}=`))) {
      if (!memory) return this.fail(`${where}: something is remembered without consent`);
      const { id, views } = remembered(line.split(";")[0]);
      const known = memory.views.every((view) => views.includes(view)) && views.length <= memory.views.length + 1;
      if (id !== memory.id || !known) this.fail(`${where}: the cookie is another visitor's`);
    }
  }

  /** The first two pages that should have been the same, to look at. */
  write(folder, kind) {
    for (const [expected, found] of this.kept) {
      writeFileSync(join(folder, `soak-${kind}-expected.html`), expected);
      writeFileSync(join(folder, `soak-${kind}-found.html`), found);
    }
  }

  close() {
    this.reference.close();
  }
}
