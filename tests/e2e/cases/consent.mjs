// Consent, history and the visitor's cookie.
import assert from "node:assert/strict";
import { assertBytes, assertChanged } from "../lib/expect.mjs";
import { slot, slots, tiles } from "../lib/html.mjs";
import { CONSENT, COOKIE } from "../lib/visitor.mjs";

const memory = (cookies) => new RegExp(`${COOKIE}=([^;]*)`).exec(cookies)[1];
const seenIds = ({ five }) => five.map(({ id }) => id);
const noMemory = ({ reply }) => assert.deepEqual(reply.all("set-cookie"), [], "nothing is remembered");

export default [
  { name: "without consent the start page is contextual, and nothing is remembered", page: "home", check(all) {
    assertChanged(all.reply, all.reference);
    assert.equal(slot(all.reply.text, "home-recent"), undefined);
    noMemory(all);
  } },
  { name: "without consent a product page is contextual, and nothing is remembered", page: "product", check(all) {
    assertChanged(all.reply, all.reference);
    noMemory(all);
  } },
  { name: "without consent a list is contextual: the same tiles", page: "listing", check(all) {
    assertChanged(all.reply, all.reference);
    noMemory(all);
  } },
  { name: "without consent the cookie is not read", page: "home", cookieHeader: ({ cookies }) => `${COOKIE}=${memory(cookies.five)}`, check: sameAs("home", undefined) },
  { name: "consent to something else is none", page: "home", cookieHeader: ({ cookies }) => cookies.five.replace(CONSENT, "consent=essential"), check: sameAs("home", "consent=essential") },
  { name: "Sec-GPC: 1 means no, whatever the cookie says", page: "home", cookies: "five", headers: { "Sec-GPC": "1" }, check: sameAs("home", CONSENT, { "Sec-GPC": "1" }) },
  { name: "Sec-GPC: 1 on a product page: nothing is remembered", page: "product", cookies: "consent", headers: { "Sec-GPC": "1" }, check: noMemory },
  { name: "Sec-GPC: 1 on a list: as for somebody without history", page: "listing", cookies: "five", headers: { "Sec-GPC": "1" }, check: sameAs("listing", CONSENT, { "Sec-GPC": "1" }) },
  { name: "with consent a product page is remembered, in one cookie of at most 1 KiB", page: "product", cookies: "five", check({ reply }) {
    const [line, ...more] = reply.all("set-cookie");
    assert.deepEqual(more, []);
    const [, value] = new RegExp(`^${COOKIE}=([A-Za-z0-9_-]+); Path=/; Max-Age=\\d+; HttpOnly; SameSite=Lax$`).exec(line) ?? assert.fail(line);
    assert.ok(value.length <= 1024, `${value.length} bytes`);
  } },
  { name: "the start page shows the five products that were looked at, newest first", page: "home", cookies: "five", check({ reply, ctx }) {
    assert.deepEqual(slot(reply.text, "home-recent")?.ids, seenIds(ctx).reverse());
  } },
  { name: "and others that fit, in stock and none twice", page: "home", cookies: "five", check({ reply, ctx }) {
    const chosen = slot(reply.text, "home-for-you");
    assert.equal(chosen?.strategy, "recommended_for_you");
    assertShowable(reply.text, ctx);
    const category = new Set(ctx.five.map(({ product_type }) => product_type.split(" > ")[0]));
    const fitting = chosen.ids.filter((id) => category.has(ctx.product(id).product_type.split(" > ")[0]));
    assert.ok(fitting.length * 2 > chosen.ids.length, `${fitting.length} of ${chosen.ids.length} are of the department that was looked at`);
  } },
  { name: "a product page never shows the product itself", target: ({ five }) => five[0].path, cookies: "five", check({ reply, ctx }) {
    assert.ok(slots(reply.text).length >= 1);
    for (const { name, ids } of slots(reply.text)) assert.ok(!ids.includes(ctx.five[0].id), name);
    assertShowable(reply.text, ctx);
  } },
  { name: "the German page speaks German and links to German pages", page: "heim", cookies: "five", check({ reply }) {
    assert.match(slot(reply.text, "home-recent").html, /<h2>Zuletzt angesehen<\/h2>/);
    for (const { links } of slots(reply.text)) for (const link of links) assert.match(link, /^\/de\//);
  } },
  { name: "a list is re-ordered: the same tiles, others first", target: ({ five, world }) => categoryPage(five, world), cookies: "five", check({ reply, reference }) {
    const [ours, theirs] = [reply, reference].map(({ text }) => tiles(text).map(({ id }) => id));
    assert.ok(theirs.length > 1);
    assert.notDeepEqual(ours, theirs, "another order");
    assert.deepEqual([...ours].sort(), [...theirs].sort());
    assertChanged(reply, reference);
  } },
  ...Object.entries(damaged()).map(([name, damage]) => ({
    name: `a cookie that is ${name} is none`, page: "home",
    cookieHeader: ({ cookies }) => `${CONSENT}; ${COOKIE}=${damage(memory(cookies.five))}`,
    check: sameAs("home", CONSENT),
  })),
  { name: "every cookie with one character changed gives a whole page", page: "home", async check({ ctx, reply }) {
    assert.equal(reply.status, 200);
    const value = memory(ctx.cookies.five);
    const without = await ctx.send(ctx.world.pages.home, { headers: { Cookie: CONSENT } });
    for (let at = 0; at < value.length; at++) {
      const other = value[at] === "A" ? "Q" : "A";
      const changed = await ctx.send(ctx.world.pages.home, { headers: { Cookie: `${CONSENT}; ${COOKIE}=${value.slice(0, at)}${other}${value.slice(at + 1)}` } });
      assertBytes(changed.body, without.body, `page with character ${at} of the cookie changed`);
    }
  } },
  { name: "a cookie that somebody else wrote leaves a list as it is without", page: "listing", cookieHeader: () => `${CONSENT}; ${COOKIE}=hello`, check: sameAs("listing", CONSENT) },
];

function damaged() {
  return {
    empty: () => "",
    "no base64": () => "!!!%00***",
    "cut in half": (value) => value.slice(0, value.length >> 1),
    "too long": (value) => value + "A".repeat(3000),
    "of another version": (value) => (value[0] === "_" ? "A" : "_") + value.slice(1),
    "quoted JSON": () => '"{\\"views\\":[1,2,3]}"',
    "not ASCII": () => "caf\u00e9\u00ff",
  };
}

/** The same bytes as a visitor without history gets with these cookies. */
function sameAs(page, cookies, headers = {}) {
  return async ({ reply, ctx }) => {
    const other = await ctx.send(ctx.world.pages[page], { headers: { ...(cookies && { Cookie: cookies }), ...headers } });
    assert.equal(reply.status, 200);
    assertBytes(reply.body, other.body);
  };
}

/** In stock, and in one place of the page only. */
function assertShowable(html, ctx) {
  const shown = slots(html).flatMap(({ ids }) => ids);
  assert.equal(new Set(shown).size, shown.length, "no product twice");
  for (const id of shown) assert.ok(ctx.product(id).inStock, `${id} is in stock`);
}

/** The page of the category that the five products are from. */
export function categoryPage(five, world) {
  return world.categories.find(({ ids }) => five.filter(({ id }) => ids.has(id)).length >= 1).target;
}
