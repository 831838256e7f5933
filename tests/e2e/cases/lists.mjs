// Lists in JSON, and lists of what is no product: categories, brands.
import assert from "node:assert/strict";
import zlib from "node:zlib";
import { assertBytes, assertChanged, assertChangedHead } from "../lib/expect.mjs";

const JSON_TYPE = [["Content-Type", "application/json"]];
/** A document at the address of the search's results. */
const document = (body, headers = JSON_TYPE, further = {}) => ({ page: "more", cookies: "five", origin: { body, headers, ...further } });
const ids = (reply) => JSON.parse(reply.body).data.products.map(({ id }) => id);
const kept = ({ reply, reference }) => { assert.equal(reply.status, 200); assertBytes(reply.body, reference.body); };
const LONG = { repeat: '{"data":{"products":[{"id":"TB-10008"},{"id":"TB-10234"}]}}\n', bytes: 1_200_000 };

export default [
  { name: "search results in JSON", page: "more", cookies: "five", check: permuted(ids) },
  {
    name: "more results in JSON, with a place that is pinned", target: "/en/search.json?q=mug&page=2", cookies: "five",
    check(given) {
      permuted(ids)(given);
      const [ours, theirs] = [given.reply, given.reference].map(ids);
      assert.equal(ours[0], theirs[0], "the first place is the shop's own");
      assert.ok(ours.filter((id, at) => id !== theirs[at]).length > 2, "others moved");
    },
  },
  {
    name: "suggestions without consent are the same for everybody", page: "suggest",
    async check({ reply, reference, ctx }) {
      permuted(links)({ reply, reference });
      for (const cookies of ["consent=essential", ctx.cookies.consent, `consent=essential; ${ctx.cookies.five.split("; ").find((pair) => pair.startsWith("tailorbird="))}`]) {
        const again = await ctx.send(ctx.world.pages.suggest, { cookies });
        assertBytes(again.body, reply.body);
      }
    },
  },
  {
    name: "brands in JSON, by what was looked at", cookies: "five", target: ({ five }) => `/en/suggest.json?q=${encodeURIComponent(name(five[0]))}`,
    check({ reply, reference, ctx }) {
      permuted(links)({ reply, reference });
      const [ours, theirs] = [reply, reference].map(({ body }) => JSON.parse(body).brands);
      assertFirst(ours, theirs, brands(ctx));
    },
  },
  {
    name: "categories and brands of a listing, by what was looked at", cookies: "five", target: ({ world, five }) => world.categories.find(({ ids }) => ids.has(five[0].id)).target,
    check({ reply, reference, ctx }) {
      assertChanged(reply, reference);
      const [ours, theirs] = [reply, reference].map(({ text }) => ({
        brands: [...text.matchAll(/<li class="facet"><a [^>]*>([^<]*) </g)].map((match) => unescaped(match[1])),
        categories: [...text.matchAll(/<a [^>]*data-category="([^"]*)"/g)].map((match) => unescaped(match[1])),
      }));
      assertFirst(ours.brands, theirs.brands, brands(ctx));
      assertFirst(ours.categories, theirs.categories, new Set([ctx.five[0].product_type]));
      assert.equal(ours.categories[0], ctx.five[0].product_type);
    },
  },
  {
    name: "categories and brands stay for a visitor without views", cookies: "consent", page: "listing",
    check({ reply, reference }) {
      const [ours, theirs] = [reply, reference].map(({ text }) => text.match(/<nav class="chips"[\s\S]*?<\/aside>/)[0]);
      assert.equal(ours, theirs);
    },
  },
  { name: "a list behind a pointer with ~1 and ~0", snapshot: "json", target: "/en/deep.json", cookies: "five",
    origin: { body: '{"a/b": [ {"m~n": [ {"TB":{"id":"none"}} , {"TB":{"id":"TB-10000"}},{"TB":{"id":"TB-10300"}}, {"TB":{"id":"TB-10005"}} ]} ]}', headers: JSON_TYPE },
    check: permuted((reply) => JSON.parse(reply.body)["a/b"][0]["m~n"].map(({ TB }) => TB.id), { mayStay: true }) },
  { name: "application/ld+json", page: "more", cookies: "five", origin: { headers: [["Content-Type", "application/ld+json; charset=utf-8"]] }, check: permuted(ids) },
  { name: "JSON in gzip", page: "more", cookies: "five", headers: { "Accept-Encoding": "gzip" }, origin: { encoding: "gzip" }, check: ({ reply, reference }) => permuted(ids)({ reply: decoded(reply), reference: decoded(reference) }) },
  { name: "JSON in pieces of 7 bytes", page: "more", cookies: "five", origin: { framing: "chunked", pieces: 7 }, check: permuted(ids) },
  { name: "JSON that is broken", ...document('{"data":{"products":[{"id":"TB-10234"},{"id":"TB-10008"},]}}'), check: kept },
  { name: "JSON over the limit", ...document(LONG), check: kept },
  { name: "JSON with something else where the list should be", ...document('{"data":{"products":{"0":{"id":"TB-10234"}}}}'), check: kept },
  { name: "JSON in another charset", ...document('{"data":{"products":[]}}', [["Content-Type", "application/json; charset=iso-8859-1"]]), expect: "same" },
  { name: "JSON that is an attachment", page: "more", cookies: "five", origin: { append: [["Content-Disposition", "attachment"]] }, expect: "same" },
  { name: "HTML at the address of a list in JSON", ...document("<html><body>x</body></html>", [["Content-Type", "text/html"]]), expect: "same" },
  { name: "HEAD of a list in JSON", method: "HEAD", page: "more", cookies: "five", check({ reply, reference }) { assertChangedHead(reply, reference); assert.equal(reply.body.length, 0); } },
  {
    name: "an abort in the middle of a list in JSON", page: "more", cookies: "five", origin: { framing: "chunked", abort: 900 },
    except: { cloudflare: "workerd ends such a response as if it were whole" },
    check({ reply, exception }) {
      assert.ok(exception || reply.aborted, "the visitor's connection is aborted");
      assert.throws(() => JSON.parse(reply.body));
    },
  },
];

/** The same elements in another order, to the byte, and the head of a changed response. */
function permuted(elements, { mayStay = false } = {}) {
  return ({ reply, reference }) => {
    assertChangedHead(reply, reference);
    const [ours, theirs] = [reply, reference].map(elements);
    assert.deepEqual([...ours].sort(), [...theirs].sort());
    if (!mayStay) assert.notDeepEqual(ours, theirs, "another order");
    const sorted = ({ body }) => Buffer.from(body).sort();
    assertBytes(sorted(reply), sorted(reference));
  };
}

function links(reply) {
  return JSON.parse(reply.body).products.map(({ url }) => url);
}

/** Those that the visitor looks at stand before all others; the others keep their order. */
function assertFirst(ours, theirs, wanted) {
  assert.ok(theirs.some((one) => wanted.has(one)), `${theirs} has one of ${[...wanted]}`);
  const rest = (list) => list.filter((one) => !wanted.has(one));
  const first = ours.slice(0, ours.length - rest(ours).length);
  assert.ok(first.every((one) => wanted.has(one)), `${ours}: first ${[...wanted]}`);
  assert.deepEqual(rest(ours), rest(theirs));
}

function brands({ five }) {
  return new Set(five.map(({ brand }) => brand));
}

function name({ product_type }) {
  return product_type.split(" > ").at(-1).toLowerCase();
}

function unescaped(text) {
  return text.replaceAll("&gt;", ">").replaceAll("&amp;", "&").replaceAll("&#39;", "'");
}

function decoded(reply) {
  const body = reply.header("content-encoding") === "gzip" ? zlib.gunzipSync(reply.body) : reply.body;
  return Object.assign(Object.create(reply), { body, headers: reply.headers.filter(([name]) => !/^content-(encoding|length)$/i.test(name)) });
}
