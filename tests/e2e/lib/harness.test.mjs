// The suite judges hosts by what this origin sends and this client sees, so both are tested without a host between.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import zlib from "node:zlib";
import { request } from "./client.mjs";
import { Origin, blob, sha256 } from "./origin.mjs";
import { slots, stripped, tiles, unordered } from "./html.mjs";

let origin;
before(async () => (origin = await new Origin().start()));
after(() => origin.stop());

const ask = (script, options = {}) => request(origin.base, options.target ?? "/o/blob", { ...options, headers: { "X-Origin": JSON.stringify(script), ...options.headers } });

test("bytes that are no text arrive as they are", async () => {
  const reply = await ask({});
  assert.ok(reply.body.equals(blob()));
  assert.equal(reply.aborted, false);
});

test("a request is recorded and echoed to the byte", async () => {
  const reply = await ask({}, { target: "/o/echo?x=%2F&y", method: "PUT", chunks: ["ab", "c"], headers: { "X-Test": "7", Cookie: "a=b;  c" } });
  assert.equal(JSON.parse(reply.text).sha256, sha256("abc"));
  assert.equal(origin.seen("7")[0].target, "/o/echo?x=%2F&y");
  assert.deepEqual(origin.seen("7")[0].headers.find(([name]) => name === "Cookie"), ["Cookie", "a=b;  c"]);
});

test("bodies come coded, chunked, in pieces, with trailers", async () => {
  const reply = await ask({ encoding: "gzip", pieces: 100, trailers: [["X-Sum", "1"]] });
  assert.equal(reply.header("transfer-encoding"), "chunked");
  assert.ok(zlib.gunzipSync(reply.body).equals(blob()));
  assert.deepEqual(reply.trailers, [["X-Sum", "1"]]);
});

test("a held body waits for its release", async () => {
  let early = 0;
  const reply = await ask({ hold: "k", framing: "chunked" }, { onData: (piece) => { early ||= piece.length; origin.release("k"); } });
  assert.ok(early > 0 && early < blob().length);
  assert.ok(reply.body.equals(blob()));
});

for (const framing of ["chunked", "length"]) {
  test(`an abort is told from an end, ${framing}`, async () => {
    const reply = await ask({ abort: 1234, framing });
    assert.equal(reply.aborted, true);
    assert.ok(reply.body.equals(blob().subarray(0, 1234)));
  });
}

test("statuses without a body, and header lines of the same name", async () => {
  for (const status of [204, 205, 304]) {
    const reply = await ask({ status, append: [["Set-Cookie", "a=1"], ["Set-Cookie", "b=2"]] });
    assert.deepEqual([reply.status, reply.body.length, reply.aborted, reply.all("set-cookie")], [status, 0, false, ["a=1", "b=2"]]);
  }
});

test("a killed origin aborts what it was sending and can come back", async () => {
  const other = await new Origin().start();
  const { base, port } = other;
  const cut = await request(base, "/o/blob", { headers: { "X-Origin": JSON.stringify({ hold: "never", framing: "chunked" }) }, onData: () => other.kill() });
  assert.equal(cut.aborted, true);
  await assert.rejects(request(base, "/o/blob"), /ECONNREFUSED/);
  await other.start(port);
  assert.equal((await request(base, "/o/blob")).status, 200);
  await other.stop();
});

test("what was inserted can be taken out again", () => {
  const tile = (id) => `<li class="tile" data-id="${id}">x</li>`;
  const shop = `<main>\n<ul>${tile("B")}\n${tile("A")}</ul>\n</main>`;
  const slot = '<section class="tb-slot tb-list" data-slot="s" data-strategy="t">\n<ul><li class="tb-item" data-id="Q"><a class="tb-card" href="/q">q</a></li></ul>\n</section>\n';
  const page = `<main>\n${slot}<ul>${tile("A")}\n${tile("B")}</ul>\n</main>`;
  assert.deepEqual(slots(page).map(({ name, strategy, ids, links }) => ({ name, strategy, ids, links })), [{ name: "s", strategy: "t", ids: ["Q"], links: ["/q"] }]);
  assert.deepEqual(tiles(page).map(({ id }) => id), ["A", "B"]);
  assert.equal(unordered(stripped(page)), unordered(shop));
  assert.notEqual(stripped(page), shop);
});
