// Methods and request bodies.
import assert from "node:assert/strict";
import { assertChangedHead, assertSame } from "../lib/expect.mjs";
import { blob, sha256 } from "../lib/origin.mjs";

const BIG = blob(3_000_000);

export default [
  { name: "GET of a page is personalised", page: "home", expect: "changed" },
  {
    name: "HEAD of a page: the changed head, no body, nothing remembered",
    page: "product", method: "HEAD", cookies: "consent",
    check({ reply, reference }) {
      assertChangedHead(reply, reference);
      assert.equal(reply.body.length, 0);
      assert.equal(reply.header("content-length"), undefined, "the length of what GET would bring is not known");
      assert.deepEqual(reply.all("set-cookie"), []);
    },
  },
  { name: "HEAD of something else is the origin's", target: "/o/blob", method: "HEAD", expect: "same" },
  {
    name: "POST: a form arrives, its redirect and cookie come back",
    target: "/en/cart/add", method: "POST", headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: ({ world }) => `id=${world.products.find(({ inStock }) => inStock).id}&quantity=2`,
    check({ reply, reference }) {
      assert.equal(reference.status, 303, "the demo shop takes the form");
      assertSame(reply, reference);
    },
  },
  { name: "POST: 3 MB of a body arrive intact", ...echo("POST", { body: BIG }) },
  { name: "POST: a chunked body arrives intact", ...echo("POST", { chunks: [BIG.subarray(0, 1), BIG.subarray(1, 70_000), BIG.subarray(70_000)] }) },
  { name: "POST without a body", ...echo("POST", { body: "" }) },
  { name: "PUT", ...echo("PUT", { body: "left = right\n" }) },
  { name: "PATCH", ...echo("PATCH", { body: "[]" }) },
  { name: "DELETE", ...echo("DELETE", {}) },
  { name: "OPTIONS", ...echo("OPTIONS", {}) },
  { name: "POST that answers with a page is left alone", page: "home", method: "POST", body: "", origin: { status: 200, body: "<html><body><main><section class=\"hero\"></section></main></body></html>" }, expect: "same" },
];

function echo(method, sent) {
  return {
    target: "/o/echo?a=b%20c&d=%C3%A9&&e",
    method,
    headers: { "Content-Type": "application/x-test", "X-Custom": "kept; as=it; is" },
    ...sent,
    check({ reply }) {
      assert.equal(reply.status, 200);
      const got = JSON.parse(reply.text);
      assert.equal(got.method, method);
      assert.equal(got.target, "/o/echo?a=b%20c&d=%C3%A9&&e", "path and query byte for byte");
      const body = sent.chunks ? Buffer.concat(sent.chunks) : Buffer.from(sent.body ?? "");
      assert.equal(got.length, body.length);
      assert.equal(got.sha256, sha256(body));
      const header = (name) => got.headers.find(([found]) => found.toLowerCase() === name)?.[1];
      assert.equal(header("content-type"), "application/x-test");
      assert.equal(header("x-custom"), "kept; as=it; is");
    },
  };
}
