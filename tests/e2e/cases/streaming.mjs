// Bytes leave while others are still to come, and a cut is a cut.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { assertBytes } from "../lib/expect.mjs";
import { stripped, unordered } from "../lib/html.mjs";

/** Tried: an untouched fetch() response, IdentityTransformStream and TransformStream aborted, a ReadableStream's error. */
export const NO_CUT = { cloudflare: "workerd ends every response that has no length in good order, whatever becomes of its stream" };

export default [
  { name: "the first byte of a page leaves before its last byte came", page: "home", cookies: "five", ...held() },
  { name: "also where a list is being re-ordered", page: "listing", cookies: "five", ...held() },
  { name: "also of an unchanged page", snapshot: "untouched", page: "listing", ...held() },
  { name: "also of a file", target: "/o/blob", ...held() },
  { name: "an abort in the middle of a page is the visitor's too, and nothing is lost", page: "home", cookies: "five", ...cut(6_000) },
  { name: "an abort early in a page", page: "home", cookies: "five", ...cut(200) },
  { name: "an abort in the middle of a list that is being re-ordered", page: "search", cookies: "five", ...cut(9_000) },
  { name: "an abort of a page with a length", page: "product", cookies: "five", ...cut(3_000, "length") },
  { name: "an abort of an unchanged page", snapshot: "untouched", page: "listing", ...cut(9_000) },
  { name: "an abort of a file with a length", target: "/o/blob", ...cut(40_000, "length", {}) },
  { name: "an abort of a file without a length", target: "/o/blob", ...cut(40_000) },
  { name: "a visitor who reads nothing stops the origin", page: "listing", cookies: "five", ...unread("text without a tag ") },
  { name: "also where nothing of the page changes any more", page: "product", cookies: "five", ...unread("<p>x</p>", '<article class="product"></article>') },
  {
    name: "a visitor who goes away ends the origin's stream", page: "home", cookies: "five",
    async check({ ctx }) {
      const key = ctx.id();
      const before = ctx.origin.sockets.size;
      const socket = await new Promise((resolve, reject) => {
        let mine;
        ctx.send(ctx.world.pages.home, {
          cookies: ctx.cookies.five, origin: { hold: key, framing: "chunked", body: { repeat: "<p>x</p>", bytes: 400_000 } },
          onSocket: (socket) => (mine = socket), onData: () => resolve(mine),
        }).catch(reject);
      });
      socket.destroy();
      // The origin holds two thirds back; its connection must be closed, or be reusable once the gate opens.
      await new Promise((resolve) => setTimeout(resolve, 300));
      ctx.origin.release(key);
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.ok(ctx.origin.sockets.size <= before + 1, `${ctx.origin.sockets.size} connections, ${before} before`);
      const next = await ctx.send(ctx.world.pages.home);
      assert.equal(next.status, 200);
    },
  },
];

/** The origin sends a third and waits until the client has seen something of it. */
function held() {
  return {
    request: ({ ctx }) => {
      const key = ctx.id();
      return {
        origin: { hold: key, framing: "chunked" },
        direct: { framing: "chunked" },
        onData: () => ctx.origin.release(key),
      };
    },
    check({ reply, reference }) {
      // Without an early byte the gate never opens, and the request ends by its time limit.
      assert.equal(reply.aborted, false);
      const [ours, theirs] = [reply, reference].map(({ body }) => unordered(stripped(body.toString("latin1"))));
      assertBytes(Buffer.from(ours, "latin1"), Buffer.from(theirs, "latin1"));
    },
  };
}

const MANY_BYTES = 64 << 20;
/** What the system's buffers on the way may take; a host's own are some hundred KiB. */
const MOST_ON_THE_WAY = 40 << 20;

/** The visitor stops reading a long page until the origin stands still. */
function unread(repeat, beginning = "") {
  return {
    async check({ ctx }) {
      const id = ctx.id();
      const target = ctx.world.pages[beginning ? "product" : "listing"];
      ctx.origin.extra.set(target, { headers: [["Content-Type", "text/html; charset=utf-8"]], body: Buffer.from(beginning + repeat.repeat(MANY_BYTES / repeat.length)) });
      let stood;
      const reply = await ctx.send(target, {
        cookies: ctx.cookies.five, id, origin: { framing: "chunked", pieces: 256 << 10 }, timeout: 60_000,
        onSocket: (socket) => socket.once("data", async () => {
          socket.pause();
          do {
            stood = ctx.origin.written.get(id);
            await sleep(500);
          } while (ctx.origin.written.get(id) > stood);
          socket.resume();
        }),
      });
      const { body } = ctx.origin.extra.get(target);
      ctx.origin.extra.delete(target);
      assert.ok(stood < MOST_ON_THE_WAY, `the origin wrote ${stood} bytes that nobody read`);
      assert.equal(reply.aborted, false);
      assertBytes(Buffer.from(stripped(reply.body.toString("latin1")), "latin1"), body);
    },
  };
}

/** The origin's connection breaks after so many bytes. */
function cut(abort, framing = "chunked", except = NO_CUT) {
  return {
    origin: { abort, framing },
    direct: {},
    except,
    check({ reply, reference, exception }) {
      assert.equal(reply.status, 200);
      assert.equal(reply.aborted, !exception, "the visitor's connection ends without a proper end");
      const arrived = Buffer.from(stripped(reply.body.toString("latin1")), "latin1");
      assertBytes(arrived, reference.body.subarray(0, abort), "what the origin sent before");
    },
  };
}
