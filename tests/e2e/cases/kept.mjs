// Pages that the worker keeps: asked for again and again from an origin that says how long they are what they are.
import assert from "node:assert/strict";
import { assertBytes, assertChanged, assertChangedHead } from "../lib/expect.mjs";

const SHARED = "public, max-age=600";
/** Nobody else's page: what is kept is found by its URL. */
let pages = 0;

/** How a reply's page came: `fresh` from the worker alone, `validated` by a 304, or through the rewriter. */
export function way(reply) {
  return /tb-page;desc=(\w+)/.exec(reply.all("server-timing").join())?.[1] ?? "streamed";
}

/** The replies to the same request, `count` times, and what reached the origin. */
export async function again(ctx, target, options, count = 4) {
  const out = [];
  for (let time = 0; time < count; time++) {
    const id = ctx.id();
    const reply = await ctx.send(target, { ...options, id });
    out.push({ reply, way: way(reply), seen: ctx.origin.seen(id) });
  }
  return out;
}

/** A case with a URL of its own: `headers` are the page's, `asked` the request's. */
function kept(name, page, headers, check, further = {}) {
  return {
    name, target: ({ world }) => `${world.pages[page]}${world.pages[page].includes("?") ? "&" : "?"}kept=${++pages}`, cookies: "five",
    origin: { keep: true, headers, remove: ["Vary"] }, ...further,
    async check({ reply, reference, ctx }) {
      // The first time has been asked for by the suite itself, under an address that is not used again.
      assert.equal(way(reply), "streamed");
      const target = `${ctx.world.pages[page]}${ctx.world.pages[page].includes("?") ? "&" : "?"}kept=${++pages}`;
      await check({ ctx, target, reference, ask: (more = {}, count = 1) => again(ctx, target, { cookies: ctx.cookies.five, origin: { keep: true, headers, remove: ["Vary"] }, ...more }, count) });
    },
  };
}

const ways = (asked) => asked.map(({ way }) => way);
const never = (name, page, headers, further = {}) => kept(name, page, headers, async ({ ask }) => assert.deepEqual(ways(await ask(further, 4)), Array(4).fill("streamed")));

export default [
  kept("a page with an ETag is filled without parsing when the origin says that it is still the page", "home", [["Cache-Control", "no-cache"]], async ({ ask, reference }) => {
    const asked = await ask({}, 4);
    assert.deepEqual(ways(asked), ["streamed", "streamed", "validated", "validated"]);
    const { reply, seen } = asked[2];
    assert.equal(seen.length, 1);
    assert.match(new Map(seen[0].headers.map(([name, value]) => [name.toLowerCase(), value])).get("if-none-match"), /^"[0-9a-f]+"$/);
    assertBytes(reply.body, asked[0].reply.body);
    assertChanged(reply, reference);
  }),
  kept("a list in order likewise", "listing", [["Cache-Control", "no-cache"]], async ({ ask, reference }) => {
    const asked = await ask({}, 3);
    assert.equal(asked[2].way, "validated");
    assertBytes(asked[2].reply.body, asked[0].reply.body);
    assertChanged(asked[2].reply, reference);
  }),
  kept("a page that caches may share comes without the origin", "home", [["Cache-Control", SHARED]], async ({ ask, reference }) => {
    const asked = await ask({}, 4);
    assert.deepEqual(ways(asked), ["streamed", "streamed", "fresh", "fresh"]);
    assert.deepEqual(asked.map(({ seen }) => seen.length), [1, 1, 0, 0]);
    assertBytes(asked[3].reply.body, asked[0].reply.body);
    assertChanged(asked[3].reply, reference);
  }),
  kept("a page that depends on a cookie is asked after for each visitor", "home", [["Cache-Control", SHARED]], async ({ ask, ctx }) => {
    const origin = { keep: true, headers: [["Cache-Control", SHARED], ["Vary", "Cookie"]] };
    const asked = await ask({ origin }, 4);
    assert.deepEqual(ways(asked), ["streamed", "streamed", "validated", "validated"]);
    assertBytes(asked[3].reply.body, asked[0].reply.body);
    // A cart in the page's head makes it another page, with another ETag.
    const [product] = ctx.five;
    const [other] = await ask({ origin, cookies: `${ctx.cookies.five}; cart=${product.id}:2` });
    assert.equal(other.way, "streamed");
    assert.ok(!other.reply.body.equals(asked[0].reply.body));
  }),
  kept("of a kept page, every visitor gets his own", "home", [["Cache-Control", SHARED]], async ({ ask, ctx }) => {
    await ask({}, 2);
    const [mine] = await ask();
    const [theirs] = await ask({ cookies: ctx.cookies.consent });
    const [nobodys] = await ask({ cookies: undefined });
    assert.deepEqual([mine.way, theirs.way, nobodys.way], ["fresh", "fresh", "fresh"]);
    assert.ok(!mine.reply.body.equals(theirs.reply.body), "the page of a visitor with a history");
    assert.equal(nobodys.reply.all("set-cookie").length, 0);
    const [still] = await ask();
    assertBytes(still.reply.body, mine.reply.body);
  }),
  kept("a visitor who loads anew has the origin asked", "home", [["Cache-Control", SHARED]], async ({ ask }) => {
    await ask({}, 2);
    assert.deepEqual(ways(await ask({ headers: { "Cache-Control": "max-age=0" } })), ["validated"]);
    assert.deepEqual(ways(await ask({ headers: { "Cache-Control": "no-cache" } })), ["validated"]);
    assert.deepEqual(ways(await ask({ headers: { Authorization: "Basic eDp5" } })), ["streamed"]);
    assert.deepEqual(ways(await ask()), ["fresh"]);
  }),
  kept("a page that has become another is the new one", "home", [["Cache-Control", "no-cache"]], async ({ ask }) => {
    const first = '<main><section class="hero">first</section></main>';
    const old = { keep: true, body: first };
    await ask({ origin: old }, 3);
    const now = { keep: true, body: first.replace("first", "second") };
    const asked = await ask({ origin: now }, 3);
    assert.deepEqual(ways(asked), ["streamed", "streamed", "validated"]);
    for (const { reply } of asked) assert.match(reply.text, />second</);
    assert.deepEqual(ways(await ask({ origin: old })), ["streamed"]);
  }),
  kept("a 304 says what is new in a head", "home", [["Cache-Control", "no-cache"], ["X-Once", "1"]], async ({ ask }) => {
    await ask({}, 2);
    const origin = { keep: true, headers: [["Cache-Control", "no-cache"], ["X-Once", "1"]], remove: ["Vary"], news: [["X-Twice", "2"], ["Set-Cookie", "a=1; Path=/"]] };
    const [{ reply, way }] = await ask({ origin });
    assert.equal(way, "validated");
    assert.deepEqual([reply.header("x-once"), reply.header("x-twice")], ["1", "2"]);
    assert.ok(reply.all("set-cookie").includes("a=1; Path=/"));
    assert.ok(reply.all("set-cookie").length === 2, "theirs and ours");
    assert.equal(reply.status, 200);
    assertChangedHead({ ...reply, status: reply.status, all: reply.all.bind(reply), header: reply.header.bind(reply), endToEnd: [] }, { endToEnd: [] });
    assert.deepEqual(ways(await ask()), ["streamed"], "what comes with a cookie is not kept on");
  }),
  // Longer than what leaves at once, and not longer than what is kept.
  kept("a large page comes in pieces", "home", [["Cache-Control", "no-cache"]], async ({ ctx, ask }) => {
    const asked = await ask({ origin: large(ctx.kind === "spin" ? 400_000 : 1_300_000) }, 3);
    assert.equal(asked[2].way, "validated");
    assertBytes(asked[2].reply.body, asked[0].reply.body);
    assert.equal(asked[2].reply.header("content-length"), String(asked[0].reply.body.length));
  }),
  kept("a page that is longer than what is kept", "home", [["Cache-Control", "no-cache"]], async ({ ctx, ask }) => {
    const asked = await ask({ origin: large(ctx.kind === "spin" ? 600_000 : 2_200_000) }, 3);
    assert.deepEqual(ways(asked), ["streamed", "streamed", "streamed"]);
    assertBytes(asked[2].reply.body, asked[0].reply.body);
  }),
  never("a page that sets a cookie is not kept", "home", [["Cache-Control", SHARED], ["Set-Cookie", "a=1"]]),
  never("nor one that depends on a cookie and has a weak ETag", "home", [["Cache-Control", SHARED]], { origin: { keep: "weak", headers: [["Cache-Control", SHARED], ["Vary", "Cookie"]] } }),
  never("nor one for one visitor", "home", [["Cache-Control", "private, max-age=600"]]),
  never("nor one that nobody may store", "home", [["Cache-Control", "no-store"]]),
  never("nor one that is another each time", "home", [["Cache-Control", "no-cache"]], { origin: { keep: "anew", headers: [["Cache-Control", "no-cache"]] } }),
];

/** A page of so many bytes. */
function large(bytes) {
  return { keep: true, body: { repeat: '<p class="text">Words and words and words.</p>', bytes } };
}
