// What measures must itself be right: the pages, the points, the verdicts, the comparison.
import assert from "node:assert/strict";
import test from "node:test";
import { verdicts } from "./bars.mjs";
import { median, quantile } from "./client.mjs";
import { Judge } from "./expected.mjs";
import { points } from "./matrix.mjs";
import { generate, itemOf } from "./page.mjs";

test("pages have just the bytes and the tiles that were asked for, the same in every run", () => {
  for (const [kilobytes, tiles] of [[20, 0], [20, 12], [73, 60], [266, 120], [1024, 120]]) {
    const page = generate({ bytes: kilobytes * 1024, tiles });
    assert.equal(page.length, kilobytes * 1024);
    assert.equal(page.toString().match(/<li class="tile"/g)?.length ?? 0, tiles);
    assert.ok(page.equals(generate({ bytes: kilobytes * 1024, tiles })));
  }
  assert.throws(() => generate({ bytes: 4096, tiles: 48 }), /more than 4096/);
  assert.equal(new Set(Array.from({ length: 120 }, (_, tile) => itemOf(tile))).size, 120, "no product twice");
});

test("each axis has its points around the middle, and no point is measured twice", () => {
  const all = points([10_000, 100_000, 1_000_000]);
  const count = (axis) => all.filter(({ axes }) => axes.includes(axis)).length;
  assert.deepEqual(["kilobytes", "tiles", "items", "clients", "memory"].map(count), [5, 4, 3, 3, 1]);
  assert.equal(new Set(all.map(({ name, items, clients }) => `${name} ${items} ${clients}`)).size, all.length);
});

test("quantiles", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(quantile(Array.from({ length: 100 }, (_, n) => n), 0.99), 99);
  assert.ok(Number.isNaN(median([])));
});

test("a bar is met by what is at most it, and is silent about what was not measured", () => {
  const point = (variant, p50) => ({ host: "cloudflare", kilobytes: 73, axes: ["kilobytes"], variant, p50 });
  const of = (...rows) => Object.fromEntries(verdicts({ points: rows, drip: [], cold: [] }).map(({ what, met }) => [what.replace("workerd, 73 KB, ", ""), met]));
  assert.deepEqual(of(point("pass-through", 1), point("personalised", 2.5), point("html-rewriter", 5), point("compiled-validated", 1.31), point("compiled-fresh", 1)), {
    "streamed / HTMLRewriter": false, "streamed / pass-through": true, "compiled-validated / pass-through": false, "compiled-fresh / pass-through": false,
  });
  assert.deepEqual(of(point("pass-through", 1), point("compiled-fresh", 0.99)), { "compiled-fresh / pass-through": true });
});

test("one other byte, another status, a shared page or a foreign cookie is wrong", async () => {
  const one = { path: "/c", visitor: 0, changed: true, body: Buffer.from("mine") };
  const reply = { status: 200, headers: { "cache-control": "private, no-store" }, body: Buffer.from("mine") };
  const wrong = async (change) => {
    const judge = new Judge([one], "http://127.0.0.1:1");
    judge.reference.ask = async () => ({ body: one.body });
    await judge.compare(one, { ...reply, ...change });
    judge.close();
    return judge.wrong;
  };
  assert.equal(await wrong({}), 0);
  assert.equal(await wrong({ body: Buffer.from("mind") }), 1);
  assert.equal(await wrong({ body: Buffer.from("min") }), 1);
  assert.equal(await wrong({ status: 502 }), 1);
  assert.equal(await wrong({ headers: { "cache-control": "public" } }), 1);
  assert.equal(await wrong({ headers: { ...reply.headers, "set-cookie": ["tailorbird=x; Path=/"] } }), 1, "remembered without consent");
});
