// The worker's own addresses.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { slot } from "../lib/html.mjs";
import { CONSENT, COOKIE } from "../lib/visitor.mjs";

const KEYS = "end-to-end-suite-key";
const FORM = { "Content-Type": "application/x-www-form-urlencoded" };
const OWN = { ...FORM, "Sec-Fetch-Site": "same-origin" };

/** A debug token as `tailorbird debug-token` prints it. */
function token(viewed, expires = Math.floor(Date.now() / 1000) + 600) {
  const head = Buffer.alloc(9, 1);
  head.writeBigInt64LE(BigInt(expires), 1);
  const entries = viewed.map((id) => Buffer.concat([Buffer.from([3, id.length]), Buffer.from(id)]));
  const payload = Buffer.concat([head, ...entries]).toString("base64url");
  const signature = createHmac("sha256", KEYS).update("tailorbird debug\0").update(payload).digest().subarray(0, 12);
  return `${payload}.${signature.toString("base64url")}`;
}

const explain = (viewed, query) => `/_tailorbird/explain?${query}&tailorbird_debug=${token(viewed)}`;
const named = (all, name) => all.find((one) => one.name === name);

/** Ours alone: nobody may keep it, no other site may read it, no script may run in it. */
function assertOwnPage(reply, origin) {
  assert.equal(reply.status, 200);
  assert.equal(reply.header("content-type"), "text/html; charset=utf-8");
  assert.equal(reply.header("cache-control"), "private, no-store");
  assert.equal(reply.header("x-content-type-options"), "nosniff");
  assert.match(reply.header("content-security-policy"), /^default-src 'none'; style-src 'self'; form-action 'self'/);
  assert.deepEqual(reply.all("set-cookie"), [], "GET changes nothing");
  assert.deepEqual(reply.headers.filter(([name]) => /^access-control/i.test(name)), []);
  assert.doesNotMatch(reply.text, /<script|<style|style=/);
  assert.deepEqual(origin, [], "the origin is not asked");
}

const like = (ctx) => `item=${encodeURIComponent(ctx.five[0].id)}&verdict=like&back=${encodeURIComponent(ctx.five[0].path)}`;
/** Says something of an item, and asks the profile what it knows then. */
const feedback = (options) => ({ target: "/_tailorbird/feedback", method: "POST", cookies: "five", headers: OWN, body: like, ...options });
const refused = (status, options) => feedback({ ...options, check({ reply, origin }) {
  assert.equal(reply.status, status);
  assert.deepEqual(reply.all("set-cookie"), []);
  assert.deepEqual(origin, []);
} });

/** Each item of a slot, and the banner, lead to a page of ours in the page's language. */
const whyIsLinked = (prefix) => async ({ reply, ctx }) => {
  const { html, ids } = slot(reply.text, "home-for-you");
  const links = (part) => [...part.matchAll(/href="(\/_tailorbird\/why\?[^"]*)"/g)].map(([, link]) => link.replaceAll("&amp;", "&"));
  const all = links(html);
  assert.deepEqual(all.map((link) => new URLSearchParams(link.split("?")[1]).get("item")), ids);
  const banner = links(reply.text.match(/<aside class="tb-banner"[^]*?<\/aside>/)[0]);
  assert.equal(banner.length, 1);
  const summary = prefix === "/de/" ? "Warum sehe ich das?" : "Why this?";
  for (const [link, text] of [[all[0], `<a href="${prefix}p/`], [banner[0], "/_tailorbird/profile?locale="]]) {
    const why = await ctx.send(link, { cookies: ctx.cookies.five });
    assertOwnPage(why, []);
    assert.ok(why.text.includes(`<h1>${summary}</h1>`) && why.text.includes(text), why.text);
  }
};

const status = (snapshot, code) => ({
  snapshot, target: "/_tailorbird/status",
  check({ reply, origin }) {
    assert.equal(reply.status, code);
    assert.equal(reply.header("content-type"), "application/json");
    assert.equal(reply.header("cache-control"), "private, no-store");
    const said = JSON.parse(reply.text);
    assert.equal(said.ok, code === 200);
    if (said.ok) assert.ok(said.snapshot.items > 0);
    else assert.match(said.reason, /\w/);
    assert.deepEqual(origin, [], "the origin is not asked");
  },
});

export default [
  { name: "status says that all is well", ...status("good", 200) },
  ...["empty", "missing", "truncated", "flipped", "foreign", "outside"].map((name) => ({ name: `status with a snapshot that is ${name}`, ...status(name, 503) })),
  { name: "forget deletes the cookie and leads back", target: "/_tailorbird/forget", method: "POST", cookies: "five", body: "",
    headers: { Referer: "http://shop.example/en/c/kitchen/mugs?page=2", "Sec-Fetch-Site": "same-origin" },
    check({ reply, origin }) {
      assert.equal(reply.status, 303);
      assert.equal(reply.header("location"), "/en/c/kitchen/mugs?page=2");
      assert.match(reply.header("set-cookie"), new RegExp(`^${COOKIE}=; Path=/; Max-Age=0`));
      assert.deepEqual(origin, []);
    } },
  { name: "forget works without a snapshot", snapshot: "empty", target: "/_tailorbird/forget", method: "POST", body: "", check({ reply }) {
    assert.equal(reply.status, 303);
    assert.equal(reply.header("location"), "/");
  } },
  { name: "forget never leads to another site", target: "/_tailorbird/forget", method: "POST", body: "", headers: { Referer: "http://shop.example//evil.example/", "Sec-Fetch-Site": "same-origin" }, check({ reply }) { assert.equal(reply.header("location"), "/"); } },
  { name: "forget is not for other sites' forms", target: "/_tailorbird/forget", method: "POST", body: "", headers: { "Sec-Fetch-Site": "cross-site" }, check({ reply }) { assert.equal(reply.status, 403); assert.deepEqual(reply.all("set-cookie"), []); } },
  { name: "forget is a page with a button", target: "/_tailorbird/forget", cookies: "five", check({ reply, origin }) {
    assertOwnPage(reply, origin);
    assert.match(reply.text, /<form method="post" action="\/_tailorbird\/forget"><button>/);
  } },
  { name: "PUT on forget", target: "/_tailorbird/forget", method: "PUT", body: "", check({ reply }) { assert.equal(reply.status, 405); assert.equal(reply.header("allow"), "GET, HEAD, POST"); } },
  { name: "the profile tells what was looked at", target: "/_tailorbird/profile?locale=/en/", cookies: "five", check({ reply, origin, ctx }) {
    assertOwnPage(reply, origin);
    for (const { path } of ctx.five) assert.ok(reply.text.includes(`href="${path}"`), path);
    assert.match(reply.text, /<html lang="en">/);
  } },
  { name: "the profile in German, by what the browser reads", target: "/_tailorbird/profile", headers: { "Accept-Language": "de-AT,en;q=0.5" }, check({ reply, origin }) {
    assertOwnPage(reply, origin);
    assert.match(reply.text, /<html lang="de">[^]*Es ist nichts bekannt/);
  } },
  { name: "HEAD of the profile", target: "/_tailorbird/profile", method: "HEAD", cookies: "five", check({ reply }) { assert.equal(reply.status, 200); assert.equal(reply.body.length, 0); } },
  { name: "without consent the profile knows nothing", target: "/_tailorbird/profile?locale=/en/",
    cookieHeader: ({ cookies }) => cookies.five.replace(CONSENT, "consent=no"),
    check({ reply, origin, ctx }) {
      assertOwnPage(reply, origin);
      assert.match(reply.text, /Nothing is known of you/);
      assert.ok(!reply.text.includes(ctx.five[0].path));
    } },
  { name: "why: what was looked at has a share", target: (ctx) => `/_tailorbird/why?item=${ctx.five[1].id}&strategy=recommended_for_you&locale=/en/`, cookies: "five", check({ reply, origin }) {
    assertOwnPage(reply, origin);
    assert.match(reply.text, /These go with what you looked at lately/);
    assert.match(reply.text, /\d % · <a href="\/en\//);
  } },
  { name: "the profile names the visitor's groups", snapshot: "usecases", target: "/_tailorbird/profile?locale=/en/", headers: { "X-Club": "gold" },
    cookieHeader: ({ cookies }) => `${cookies.five}; first_name=Ada`,
    check({ reply, origin }) {
      assertOwnPage(reply, origin);
      assert.match(reply.text, /<li>club: gold<\/li>\n<li>Name: Ada<\/li>/);
      assert.match(reply.text, /<h2>Groups of visitors that you are in, by all of this<\/h2>\n<ul>\n<li>gold<\/li>/);
    } },
  { name: "without consent the profile names no group", snapshot: "usecases", target: "/_tailorbird/profile?locale=/de/", headers: { "X-Club": "gold" },
    cookieHeader: () => "consent=essential; first_name=Ada",
    check({ reply, origin }) {
      assertOwnPage(reply, origin);
      assert.doesNotMatch(reply.text, /gold|Ada|Besuchergruppen/);
    } },
  ...["/en/", "/de/"].map((target) => ({ name: `slots and banners link why: ${target}`, target, cookies: "five", check: whyIsLinked(target) })),
  { name: "preferences are a form", target: "/_tailorbird/preferences", cookies: "consent", check({ reply, origin }) {
    assertOwnPage(reply, origin);
    assert.match(reply.text, /<input type="checkbox" name="brand" value="[0-9a-f]+">/);
  } },
  { name: "preferences are kept", target: "/_tailorbird/preferences", method: "POST", cookies: "consent", headers: OWN,
    async body(ctx) {
      const form = await ctx.send("/_tailorbird/preferences", { cookies: ctx.cookies.consent });
      return `brand=${/name="brand" value="([0-9a-f]+)"/.exec(form.text)[1]}`;
    },
    async check({ reply, ctx }) {
      assert.equal(reply.status, 303);
      const form = await ctx.send("/_tailorbird/preferences", { cookies: `${CONSENT}; ${reply.header("set-cookie").split(";")[0]}` });
      assert.equal(form.text.split(" checked").length, 2);
    } },
  { name: "feedback is kept and leads back", ...feedback({
    async check({ reply, ctx, origin }) {
      assert.equal(reply.status, 303);
      assert.equal(reply.header("location"), ctx.five[0].path);
      assert.deepEqual(origin, []);
      const profile = await ctx.send("/_tailorbird/profile?locale=/en/", { cookies: `${CONSENT}; ${reply.header("set-cookie").split(";")[0]}` });
      assert.match(profile.text, /<h2>Liked<\/h2>/);
    } }) },
  { name: "feedback in chunks", ...feedback({ body: undefined, chunks: ["item=x&ver", "dict=none"], check({ reply }) { assert.equal(reply.status, 303); assert.match(reply.header("set-cookie"), /^tailorbird=/); } }) },
  { name: "feedback without consent stores nothing", ...refused(303, { cookies: "none" }) },
  { name: "feedback of the page's own host", except: { spin: "wasmtime serve gives a component no authority on HTTP/1.1" }, ...feedback({ headers: { ...FORM, Origin: "http://shop.example" }, host: "shop.example", check({ reply, exception }) { assert.equal(reply.status, exception ? 403 : 303); } }) },
  { name: "feedback from another site", ...refused(403, { headers: { ...FORM, "Sec-Fetch-Site": "cross-site" } }) },
  { name: "feedback from another origin", ...refused(403, { headers: { ...FORM, Origin: "http://evil.example" } }) },
  { name: "feedback from nowhere", ...refused(403, { headers: FORM }) },
  { name: "feedback as JSON", ...refused(415, { headers: { ...OWN, "Content-Type": "application/json" } }) },
  { name: "feedback of 4 KiB and a byte", ...refused(413, { body: "x".repeat(4097) }) },
  { name: "feedback of a megabyte", ...refused(413, { body: "x".repeat(1 << 20) }) },
  { name: "feedback without a body", ...refused(400, { body: "" }) },
  { name: "recommendations are personal with consent", target: "/_tailorbird/recommendations?strategy=recommended_for_you,top_sellers&max=4&locale=/de/", cookies: "five", check({ reply, origin, ctx }) {
    assert.equal(reply.status, 200);
    assert.equal(reply.header("content-type"), "application/json");
    assert.equal(reply.header("cache-control"), "private, no-store");
    assert.deepEqual(reply.headers.filter(([name]) => /^access-control/i.test(name)), []);
    const { strategy, items } = JSON.parse(reply.text);
    assert.equal(strategy, "recommended_for_you");
    assert.equal(items.length, 4);
    for (const { id, link, price } of items) {
      assert.ok(ctx.product(id).inStock, id);
      assert.match(link, /^\/de\//);
      assert.match(price, /€$/);
    }
    assert.deepEqual(origin, []);
  } },
  { name: "recommendations without consent", target: "/_tailorbird/recommendations?strategy=recommended_for_you,top_sellers", check({ reply }) { assert.equal(JSON.parse(reply.text).strategy, "top_sellers"); } },
  { name: "recommendations with a parameter that nobody knows", target: "/_tailorbird/recommendations?strategy=top_sellers&limit=3", check({ reply }) { assert.equal(reply.status, 400); assert.match(JSON.parse(reply.text).error, /known are strategy/); } },
  { name: "an address of more than 2 KiB", target: `/_tailorbird/recommendations?${"x".repeat(2049)}`, check({ reply }) { assert.equal(reply.status, 414); } },
  { name: "a page with a debug token", keys: KEYS, target: (ctx) => `/en/?tailorbird_debug=${token([ctx.five[0].id])}&a=1`, check({ reply, seen, ctx }) {
    assert.equal(seen.target, "/en/?a=1", "the shop does not see the token");
    assert.match(reply.text, /<details class="tb-debug"[^]*<\/details><\/body>/);
    assert.ok(reply.text.includes(`viewed</th><td>${ctx.five[0].id}<`));
    assert.deepEqual(reply.all("set-cookie").filter((line) => line.startsWith(COOKIE)), []);
  } },
  { name: "an expired debug token is any parameter", keys: KEYS, target: (ctx) => `/en/?tailorbird_debug=${token([ctx.five[0].id], 1_600_000_000)}`, check({ reply, seen }) {
    assert.match(seen.target, /^\/en\/\?tailorbird_debug=/);
    assert.doesNotMatch(reply.text, /tb-debug/);
  } },
  { name: "explain with a debug token", keys: KEYS, target: (ctx) => `/_tailorbird/explain?url=%2Fen%2F&tailorbird_debug=${token([ctx.five[0].id])}`, check({ reply, ctx }) {
    const said = JSON.parse(reply.text);
    assert.equal(said.page.kind, "home");
    assert.deepEqual(said.visitor.viewed, [ctx.five[0].id]);
    assert.ok(said.slots.some(({ is_filled, asked }) => is_filled && asked.at(-1).items.length > 0));
  } },
  { name: "explain names rules, and why what is off is off", keys: KEYS, snapshot: "rules", target: (ctx) => explain([ctx.five[0].id], "url=%2Fen%2F"), check({ reply, ctx }) {
    const { rules, banners, slots } = JSON.parse(reply.text);
    const tests = [{ text: "visits >= 3", holds: false, found: "1" }];
    const off = { off: "its condition is false", when: { text: "visits >= 3", holds: false, tests } };
    assert.deepEqual(named(rules, "for regulars"), { name: "for regulars", action: "boost by 2", items: "on_sale", ...off });
    assert.deepEqual(named(banners, "regulars"), { name: "regulars", ...off });
    const slot = named(slots, "home-for-you");
    const isMug = (id) => ctx.product(id).product_type.endsWith("> Mugs");
    const hidden = named(slot.rules, "no mugs");
    assert.equal(hidden.off, null);
    assert.ok(hidden.items.length > 0 && hidden.items.every(isMug), hidden.items.join());
    const shown = slot.asked.at(-1).items.map(({ id }) => id);
    assert.ok(slot.is_filled && !shown.some(isMug), shown.join());
  } },
  { name: "a page with a debug token names rules, too", keys: KEYS, snapshot: "rules", target: (ctx) => `/en/?tailorbird_debug=${token([ctx.five[0].id])}`, check({ reply }) {
    assert.match(reply.text, /<td>rule no mugs, hide: TB-/);
    assert.match(reply.text, /banner regulars<\/th><td>its condition is false; when visits &gt;= 3: false/);
  } },
  { name: "explain tells the values that a list is ordered by", keys: KEYS, target: (ctx) => explain([ctx.five[0].id], "url=%2Fen%2Fc%2Fkitchen%2Fmugs"), check({ reply, ctx }) {
    const { lists } = JSON.parse(reply.text);
    assert.deepEqual(named(lists, "brands").values, [{ value: ctx.product(ctx.five[0].id).brand, rank: 1 << 20 }]);
    assert.ok(named(lists, "categories").values.some(({ value }) => value === ctx.product(ctx.five[0].id).product_type));
  } },
  { name: "explain is told what only the page tells", keys: KEYS, target: (ctx) => explain([], `url=%2Fen%2F&fact.cart_item=${ctx.five[0].id}&fact.search=blue++mug`), check({ reply, ctx }) {
    const { page, hidden } = JSON.parse(reply.text);
    assert.deepEqual(page.cart, [ctx.five[0].id]);
    assert.equal(page.search, "blue mug");
    assert.ok(Array.isArray(hidden));
  } },
  { name: "explain refuses a fact that nobody knows", keys: KEYS, target: () => explain([], "url=%2Fen%2F&fact.colour=red"), check({ reply }) { assert.equal(reply.status, 400); assert.match(JSON.parse(reply.text).error, /known are url, tailorbird_debug, fact\.product/); } },
  { name: "explain without a debug token", keys: KEYS, target: "/_tailorbird/explain?url=%2Fen%2F", check({ reply }) { assert.equal(reply.status, 404); } },
  { name: "the pages' style", target: "/_tailorbird/pages.css", check({ reply }) { assert.equal(reply.status, 200); assert.equal(reply.header("content-type"), "text/css; charset=utf-8"); } },
  { name: "the style of Tailorbird's own templates", target: "/_tailorbird/style.css", check({ reply, origin }) {
    assert.equal(reply.status, 200);
    assert.equal(reply.header("content-type"), "text/css; charset=utf-8");
    assert.equal(reply.header("cache-control"), "public, max-age=60", "without its hash it may be that of another snapshot");
    assert.match(reply.text, /\.tb-picture \{[^}]*aspect-ratio: 400 \/ 400;/);
    assert.deepEqual(origin, [], "the origin is not asked");
  } },
  { name: "no style without a snapshot", snapshot: "empty", target: "/_tailorbird/style.css", check({ reply }) { assert.equal(reply.status, 404); } },
  { name: "there is nothing else", target: "/_tailorbird/../_tailorbird/x", check({ reply }) { assert.equal(reply.status, 404); } },
  ...["/current", "/README.md", "/model-snapshots/current"].map((target) => ({
    name: `the snapshot cannot be downloaded: ${target}`, snapshot: "good", target,
    check({ reply, origin }) {
      assert.equal(reply.status, 404);
      assert.equal(origin.length, 1, "the origin was asked");
    },
  })),
];
