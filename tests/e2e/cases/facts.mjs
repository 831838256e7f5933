// What a page tells by itself: its product, where the feed does not know the page's address.
import assert from "node:assert/strict";
import { assertBytes, assertChanged } from "../lib/expect.mjs";
import { slot, stripped } from "../lib/html.mjs";
import { CONSENT, COOKIE } from "../lib/visitor.mjs";
import { NO_CUT } from "./streaming.mjs";

/** The first product of the five that the visitor with cookies "five" looked at. */
const id = ({ five }) => five[0].id;
const ld = (ctx) => `<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"Product","sku":"${id(ctx)}"}]}</script>`;
const body = (inner) => `<main ${inner}><article class="product">é</article>\n<p>rest</p></main>`;
const filler = (bytes) => "<p>Nothing to see here</p>\n".repeat(Math.ceil(bytes / 27));

export default [
  { name: "a product that only JSON-LD tells is remembered, and what goes with it is shown", ...page("/en/artikel/ld", (ctx) => ld(ctx) + body("")), check: isSeen },
  { name: "a product that an attribute tells", ...page("/en/label/sku", (ctx) => body(`data-sku="${id(ctx)}"`)), check: isSeen },
  { name: "a product that a pattern of the URL tells", ...page((ctx) => `/en/artikel/any-name-${id(ctx)}.html`, () => body("")), check: (all) => isSeen(all, "product-similar") },
  { name: "a product that nobody consents to remember", ...page("/en/artikel/ld", (ctx) => ld(ctx) + body("")), cookies: "none", check({ reply }) {
    assert.deepEqual(reply.all("set-cookie"), []);
    assert.ok(slot(reply.text, "detail").ids.length > 0);
  } },
  { name: "a fact behind the first 64 KiB is not seen", ...page("/en/artikel/late", (ctx) => body("") + filler(70_000) + ld(ctx)), expect: "same" },
  { name: "a fact behind the first 64 KiB of a chunked page", ...page("/en/artikel/late", (ctx) => body("") + filler(70_000) + ld(ctx), { framing: "chunked" }), expect: "same" },
  { name: "a page that tells nothing, in pieces of 7 bytes", ...page("/en/artikel/none", () => body("")), origin: { pieces: 7 }, expect: "same" },
  { name: "HEAD of a page whose product only the page tells", ...page("/en/artikel/ld", (ctx) => ld(ctx) + body("")), method: "HEAD", check({ reply }) {
    assert.equal(reply.status, 200);
    assert.equal(reply.body.length, 0);
    assert.deepEqual(reply.all("set-cookie"), []);
  } },
  { name: "a page that drips while it is held", ...page("/en/artikel/ld", (ctx) => ld(ctx) + body("")), origin: { pieces: 11, framing: "chunked" }, check: isSeen },
  {
    name: "a page whose product is known leaves before its last byte came",
    ...page("/en/artikel/long", (ctx) => ld(ctx) + body("") + filler(30_000)),
    request: ({ ctx }) => {
      const key = ctx.id();
      return { origin: { hold: key, framing: "chunked" }, direct: { framing: "chunked" }, onData: () => ctx.origin.release(key) };
    },
    check: isSeen,
  },
  { name: "an abort while a page is held gives what came", ...page("/en/artikel/none-long", () => body("") + filler(9_000)), ...cut(3_000) },
  { name: "an abort behind what was held", ...page("/en/artikel/none-longer", () => body("") + filler(150_000)), ...cut(100_000) },
  { name: "a page in gzip is read as it decodes", ...page("/en/artikel/ld", (ctx) => ld(ctx) + body("")), origin: { encoding: "gzip", pieces: 40, framing: "chunked" }, check(all) {
    return isSeen({ ...all, reference: undefined });
  } },
];

/** A page of the test's own, at an address that no feed has. */
function page(path, html, origin) {
  return {
    snapshot: "facts", cookies: "consent", origin,
    target(ctx) {
      const target = typeof path === "function" ? path(ctx) : path;
      ctx.origin.extra.set(target, { headers: [["Content-Type", "text/html; charset=utf-8"], ["ETag", '"x"']], body: Buffer.from(html(ctx)) });
      return target;
    },
  };
}

/** Such a pattern makes a page one that `product_link` finds; others are of their own kind. */
function isSeen({ reply, reference, ctx }, name = "detail") {
  if (reference) assertChanged(reply, reference);
  const [line, ...more] = reply.all("set-cookie");
  assert.match(line ?? "", new RegExp(`^${COOKIE}=[A-Za-z0-9_-]+;`));
  assert.deepEqual(more, []);
  const { ids, strategy } = slot(reply.text, name);
  assert.equal(strategy, "similar_items");
  assert.ok(ids.length > 0 && !ids.includes(id(ctx)), "what goes with the product, without it");
  return remembered(line, ctx);
}

async function remembered(line, ctx) {
  const cookies = `${CONSENT}; ${line.split(";")[0]}`;
  const home = await ctx.send(ctx.world.pages.home, { cookies });
  assert.deepEqual(slot(home.text, "home-recent").ids, [id(ctx)]);
}

/** The origin's connection breaks after so many bytes. */
function cut(abort) {
  return {
    origin: { abort, framing: "chunked" },
    direct: { framing: "chunked" },
    except: NO_CUT,
    check({ reply, reference, exception }) {
      assert.equal(reply.status, 200);
      assert.equal(reply.aborted, !exception, "the visitor's connection ends without a proper end");
      const arrived = Buffer.from(stripped(reply.body.toString("latin1")), "latin1");
      assertBytes(arrived, reference.body.subarray(0, abort), "what the origin sent before");
    },
  };
}
