// Many visitors at once, each with products of their own, and what each of them must get.
import assert from "node:assert/strict";
import { assertBytes } from "./expect.mjs";
import { slot } from "./html.mjs";
import { COOKIE, cookiesAfter } from "./visitor.mjs";

const VISITORS = 50;
const VIEWS = 4;
/** Of so many visitors, one does not consent. */
const WITHOUT_CONSENT = 10;

/**
 * Fifty visitors and, asked for one after the other, the pages that each of them gets.
 * @returns {Promise<Array<{cookies: string, memory?: {id: string, views: string[]}, own: string[], pages: Map<string, Buffer>}>>}
 */
export async function crowd(ctx) {
  const products = ctx.world.products.filter(({ inStock }) => inStock);
  // One that nobody looked at: what a visit of its page adds to a cookie is the same for all.
  const { path } = products[VISITORS * VIEWS];
  const { home, heim, listing, search, cart } = ctx.world.pages;
  const visitors = [];
  for (let n = 0; n < VISITORS; n++) {
    const own = products.slice(n * VIEWS, (n + 1) * VIEWS);
    const consents = n % WITHOUT_CONSENT !== 0;
    const cookies = consents ? await cookiesAfter(ctx.host.base, own) : `consent=essential; visitor=${n}`;
    const pages = new Map();
    for (const target of [home, heim, listing, search, cart, path]) pages.set(target, (await ctx.send(target, { cookies })).body);
    visitors.push({ cookies, memory: consents ? remembered(cookies) : undefined, own: consents ? own.map(({ id }) => id).reverse() : [], pages });
  }
  const consenting = visitors.filter(({ memory }) => memory);
  assert.equal(new Set(consenting.map(({ memory }) => memory.id)).size, consenting.length, "each has an id of their own");
  // With those who do not consent as one. So a page of somebody else's is another page.
  for (const target of [home, heim]) assert.equal(new Set(visitors.map(({ pages }) => pages.get(target).toString("latin1"))).size, consenting.length + 1, target);
  return visitors;
}

/** One visit: the page and the cookie are this visitor's. Tells whether a cookie was set. */
export async function visit(ctx, { cookies, memory, own, pages }, target) {
  const reply = await ctx.send(target, { cookies });
  assert.equal(reply.status, 200);
  assertBytes(reply.body, pages.get(target), target);
  if (target === ctx.world.pages.home) assert.deepEqual(slot(reply.text, "home-recent")?.ids ?? [], own);
  const set = reply.all("set-cookie").filter((line) => line.startsWith(`${COOKIE}=`));
  if (!memory) assert.deepEqual(set, [], "nothing is remembered without consent");
  for (const line of set) {
    const { id, views } = remembered(line);
    assert.equal(id, memory.id, "the cookie's visitor");
    assert.deepEqual(views.slice(-VIEWS), memory.views, "the cookie's views");
    assert.ok(views.length <= VIEWS + 1, "nobody else's views");
  }
  return set.length > 0;
}

/** Id and viewed items, newest first, of a cookie of ours; src/visitor/codec.rs draws its bytes. */
export function remembered(cookies) {
  const [, value] = new RegExp(`(?:^|; )${COOKIE}=([^;]*)`).exec(cookies);
  const bytes = Buffer.from(value, "base64url");
  assert.equal(bytes[0], 2, "the cookie's version");
  const number = (at) => {
    let value = 0, shift = 0;
    while (bytes[at] & 0x80) [value, shift] = [value | (bytes[at++] & 0x7f) << shift, shift + 7];
    return [value | bytes[at] << shift, at + 1];
  };
  const sections = new Map();
  for (let at = 1; at < bytes.length - 4; ) {
    const [length, from] = number(at + 1);
    sections.set(bytes[at], [from, (at = from + length)]);
  }
  const views = [];
  let [at, end] = sections.get(3);
  for ([, at] = number(at); at < end; [, at] = number(at + 6)) views.push(bytes.toString("hex", at, at + 6));
  return { id: bytes.toString("hex", ...sections.get(1)), views };
}
