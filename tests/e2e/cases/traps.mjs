// The WASM instance traps, and with it every request that is open. lib/trap.mjs says what the numbers in `x-trap` mean.
import assert from "node:assert/strict";
import { assertBytes, assertChanged, assertSame } from "../lib/expect.mjs";
import { stripped } from "../lib/html.mjs";
import { COOKIE } from "../lib/visitor.mjs";

const NOT = {
  native: "no WASM: a panic ends its own connection alone",
  spin: "the host ends the instance and answers 500; the next request gets a new one",
};

export default [
  { name: "a trap before the shop is asked", ...trap(1), page: "home", check: sameAndRecovers },
  { name: "a trap before a form is sent on", ...trap(1), target: "/o/echo", method: "POST", body: "a=1", check: sameAndRecovers },
  { name: "a trap while the shop is asked", ...trap(3), page: "home", check: sameAndRecovers },
  { name: "a trap when the shop has answered", ...trap(5), page: "home", check: sameAndRecovers },
  { name: "a trap when the shop has answered a form", ...trap(3), target: "/o/echo", method: "POST", body: "a=1", check: sameAndRecovers },
  { name: "a trap before the first byte of a page leaves", ...trap(7), page: "home", check: sameAndRecovers },
  { name: "a trap at the end of a page that is there at once", ...trap(9), page: "home", check: sameAndRecovers },
  {
    name: "a trap in the middle of a page that streams", ...trap(9), page: "search",
    request: ({ ctx }) => {
      const key = ctx.id();
      return { origin: { hold: key, framing: "chunked" }, direct: {}, onData: () => ctx.origin.release(key) };
    },
    async check(given) {
      assertBrokenOff(given);
      await recovers(given);
    },
  },
  {
    name: "a trap of another request while a page streams", ...trap(), page: "search",
    request: ({ ctx }) => {
      const key = ctx.id();
      let other;
      return {
        origin: { hold: key, framing: "chunked" }, direct: {},
        onData: () => (other ??= trapElsewhere(ctx, key)),
      };
    },
    async check(given) {
      assertBrokenOff(given);
      await recovers(given);
    },
  },
  {
    name: "a trap of another request while an unchanged rest streams", ...trap(), target: tail,
    request: ({ ctx }) => {
      const key = ctx.id();
      let other;
      return {
        origin: { hold: key, framing: "chunked" }, direct: {},
        onData: (piece, { length }) => {
          // Some of the rest has come, so it is on its way.
          if (length < 150_000) return;
          other ??= trapElsewhere(ctx, key);
        },
      };
    },
    async check(given) {
      given.ctx.origin.extra.clear();
      assertBytes(Buffer.from(stripped(given.reply.body.toString("latin1")), "latin1"), given.reference.body);
      await recovers(given);
    },
  },
];

function trap(count) {
  return { traps: true, cookies: "five", not: NOT, headers: count && { "X-Trap": count } };
}

/** Has another request trap, and then lets the first one's origin go on. */
async function trapElsewhere(ctx, key) {
  await ctx.send(ctx.world.pages.home, { headers: { "X-Trap": 1 }, cookies: ctx.cookies.five });
  ctx.origin.release(key);
}

/** The address of a page whose places are at its beginning. */
function tail(ctx) {
  const { path } = ctx.world.products.at(-1);
  const body = `<html><body><article class="product"><h1>x</h1></article>${"<p>further</p>".repeat(40_000)}</body></html>`;
  ctx.origin.extra.set(path, { headers: [["Content-Type", "text/html; charset=utf-8"]], body: Buffer.from(body) });
  return path;
}

async function sameAndRecovers(given) {
  const { reply, reference, origin, ctx } = given;
  // The origin sees a request of the test's own there, which differs.
  if (reply.header("content-type") === "application/json") assert.equal(JSON.parse(reply.text).sha256, JSON.parse(reference.text).sha256);
  else assertSame(reply, reference);
  const [{ headers }] = origin;
  for (const [name, value] of headers) if (/^cookie$/i.test(name)) assert.ok(!value.includes(`${COOKIE}=`), "our cookie stays out of the origin's sight");
  await recovers({ ctx });
}

/** What the visitor has is the beginning of the page. workerd itself ends it in good order (streaming.mjs). */
function assertBrokenOff({ reply, reference }) {
  assert.equal(reply.status, 200);
  const arrived = Buffer.from(stripped(reply.body.toString("latin1")), "latin1");
  assert.ok(arrived.length > 0 && arrived.length < reference.body.length, `${arrived.length} of ${reference.body.length} bytes`);
  assertBytes(arrived, reference.body.subarray(0, arrived.length), "what had come before");
}

async function recovers({ ctx }) {
  const next = await ctx.send(ctx.world.pages.home, { cookies: ctx.cookies.five });
  assertChanged(next, await ctx.direct(ctx.world.pages.home, { cookies: ctx.cookies.five }));
}
