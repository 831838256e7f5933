// The worker's own addresses.
import assert from "node:assert/strict";
import { COOKIE } from "../lib/visitor.mjs";

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
  { name: "forget never leads to another site", target: "/_tailorbird/forget", method: "POST", body: "", headers: { Referer: "http://shop.example//evil.example/" }, check({ reply }) { assert.equal(reply.header("location"), "/"); } },
  { name: "forget is not for other sites' forms", target: "/_tailorbird/forget", method: "POST", body: "", headers: { "Sec-Fetch-Site": "cross-site" }, check({ reply }) { assert.equal(reply.status, 403); assert.deepEqual(reply.all("set-cookie"), []); } },
  { name: "GET on forget changes nothing", target: "/_tailorbird/forget", cookies: "five", check({ reply }) { assert.equal(reply.status, 405); assert.equal(reply.header("allow"), "POST"); assert.deepEqual(reply.all("set-cookie"), []); } },
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
