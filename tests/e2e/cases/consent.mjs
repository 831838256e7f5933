// Consent, history and the visitor's cookie.
import assert from "node:assert/strict";
import { assertBytes, assertChanged } from "../lib/expect.mjs";
import { slot, slots, tiles } from "../lib/html.mjs";
import { CONSENT, COOKIE } from "../lib/visitor.mjs";

const memory = (cookies) => new RegExp(`${COOKIE}=([^;]*)`).exec(cookies)[1];
const seenIds = ({ five }) => five.map(({ id }) => id);
const noMemory = ({ reply }) => assert.deepEqual(reply.all("set-cookie"), [], "nothing is remembered");

const DELETION = `${COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`;
const TC = {
  yes: "euconsent-v2=COxR03kOxR1CqBcABCENAgCMAP_AAH_AAAqIF3EXySoGY2thI2YVFxBEIYwfJxyigMgChgQIsSwNQIeFLBoGLiAAHBGYJAQAGBAEEACB",
  no: "euconsent-v2=CPSG_8APSG_8AAAAAAENAACAAAAAAAAAAAAAAAAAAAAA.QAAA.IAAA",
};
const GOOGLE = { yes: "gcm=%7B%22personalization_storage%22%3A%22granted%22%7D", no: "gcm=%7B%22personalization_storage%22%3A%22denied%22%7D" };
const ONETRUST = { yes: "OptanonConsent=isGpcEnabled=0&groups=C0001%3A1%2CC0003%3A1", no: "OptanonConsent=isGpcEnabled=0&groups=C0001%3A1%2CC0003%3A0" };
/** Our cookie with five products behind another way of saying yes or no. */
const saying = (words) => ({ cookies }) => `${words}; ${COOKIE}=${memory(cookies.five)}`;
const personal = ({ reply, ctx }) => assert.deepEqual(slot(reply.text, "home-recent")?.ids, seenIds(ctx).reverse());

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
    const [, value] = new RegExp(`^${COOKIE}=([A-Za-z0-9_.-]+); Path=/; Max-Age=\\d+; HttpOnly; SameSite=Lax$`).exec(line) ?? assert.fail(line);
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
    assert.match(slot(reply.text, "home-recent").html, /<h2 [^>]*>Zuletzt angesehen<\/h2>/);
    for (const { links } of slots(reply.text)) for (const link of links) assert.match(link, /^\/de\//);
  } },
  { name: "a list is re-ordered: the same tiles, others first", target: ({ five, world }) => categoryPage(five, world), cookies: "five", check({ reply, reference }) {
    const [ours, theirs] = [reply, reference].map(({ text }) => tiles(text).map(({ id }) => id));
    assert.ok(theirs.length > 1);
    assert.notDeepEqual(ours, theirs, "another order");
    assert.deepEqual([...ours].sort(), [...theirs].sort());
    assertChanged(reply, reference);
  } },
  { name: "IAB TCF: a string that consents to all purposes", snapshot: "tcf", page: "home", cookieHeader: saying(TC.yes), check: personal },
  { name: "IAB TCF: a string that consents to nothing deletes the cookie", snapshot: "tcf", page: "home", cookieHeader: saying(TC.no), check: contextualAndDeleted },
  { name: "IAB TCF: the shop's old word is no answer", snapshot: "tcf", page: "home", cookies: "five", check: contextualAndDeleted },
  { name: "Google's consent mode: granted", snapshot: "google", page: "home", cookieHeader: saying(GOOGLE.yes), check: personal },
  { name: "Google's consent mode: denied, and untouched: the origin's bytes, and the cookie goes", snapshot: "google", page: "home", cookieHeader: saying(GOOGLE.no), check: untouchedAndDeleted },
  { name: "OneTrust's groups: yes", snapshot: "onetrust", page: "home", cookieHeader: saying(ONETRUST.yes), check: personal },
  { name: "OneTrust's groups: no", snapshot: "onetrust", page: "home", cookieHeader: saying(ONETRUST.no), check: contextualAndDeleted },
  { name: "withdrawing deletes the cookie", page: "product", cookieHeader: ({ cookies }) => cookies.five.replace(CONSENT, "consent=essential"), check: contextualAndDeleted },
  { name: "withdrawing deletes the cookie where site.toml names no place", target: "/o/blob", cookieHeader: saying("consent=essential"), origin: { body: "<p>About us</p>", headers: [["Content-Type", "text/html"]] }, check: untouchedAndDeleted },
  { name: "withdrawing under untouched", snapshot: "untouched", page: "listing", cookieHeader: saying("consent=essential"), check: untouchedAndDeleted },
  { name: "withdrawing under untouched, of a page that came compressed", snapshot: "untouched", page: "listing", cookieHeader: saying("consent=essential"), headers: { "Accept-Encoding": "gzip" }, origin: { encoding: "gzip" }, check: untouchedAndDeleted },
  { name: "withdrawing under untouched, beside the shop's own cookies and validators", snapshot: "untouched", page: "home", cookieHeader: saying("consent=essential"),
    origin: { headers: [["ETag", '"own"']], append: [["Set-Cookie", "a=1; Path=/"], ["CDN-Cache-Control", "max-age=600"]] }, check(all) {
      untouchedAndDeleted(all);
      assert.equal(all.reply.header("etag"), '"own"', "the bytes are the same, and so is what names them");
    } },
  { name: "withdrawing on a HEAD request leaves the head alone", snapshot: "untouched", page: "home", method: "HEAD", cookieHeader: saying("consent=essential"), expect: "same" },
  { name: "what is no page deletes nothing", target: "/o/blob", cookieHeader: saying("consent=essential"), expect: "same" },
  { name: "a second product page sends the first one's cookie on", target: ({ five }) => five[1].path, async check({ ctx }) {
    const visitor = ctx.visitor();
    for (const { path } of ctx.five.slice(0, 3)) await visitor.get(path);
    const home = await visitor.get("/en/");
    assert.deepEqual(slot(home.text, "home-recent")?.ids, seenIds(ctx).slice(0, 3).reverse());
    const before = visitor.memory;
    visitor.jar.set("consent", "essential");
    await visitor.get("/en/");
    assert.ok(before && visitor.memory === undefined, "withdrawn and gone");
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

/** The page for everybody, and our cookie is deleted. */
function contextualAndDeleted(all) {
  assertChanged(all.reply, all.reference);
  assert.equal(slot(all.reply.text, "home-recent"), undefined);
  assert.deepEqual(all.reply.all("set-cookie"), [DELETION]);
}

/** The origin's page to the byte, in a head that deletes our cookie and that no cache keeps. */
function untouchedAndDeleted({ reply, reference }) {
  assert.deepEqual([reply.status, reply.aborted], [200, false]);
  assertBytes(reply.body, reference.body);
  assert.deepEqual(reply.all("set-cookie"), [...reference.all("set-cookie"), DELETION]);
  assert.deepEqual(reply.all("cache-control"), ["private, no-store"]);
  assert.equal(reply.header("cdn-cache-control"), undefined);
  const rest = ({ endToEnd }) => endToEnd.filter((line) => !/^(cache-control|cdn-cache-control|set-cookie|content-length):/.test(line));
  assert.deepEqual(rest(reply), rest(reference), "all other headers are the origin's");
}

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
