// Statuses other than 200 belong to the origin.
import assert from "node:assert/strict";
import { assertSame } from "../lib/expect.mjs";

const HTML = "<!doctype html><html><body><main><section class=\"hero\"></section></main></body></html>";
const HTML_TYPE = [["Content-Type", "text/html; charset=utf-8"]];

const status = (code, origin = {}) => ({ page: "home", cookies: "five", origin: { status: code, ...origin }, expect: "same" });

export default [
  { name: "204", ...status(204, { body: "", remove: ["content-type"] }) },
  {
    name: "206: a range of a file", target: "/o/blob", headers: { Range: "bytes=10-19" },
    origin: { status: 206, body: "0123456789", headers: [["Content-Type", "application/octet-stream"], ["Content-Range", "bytes 10-19/70000"], ["ETag", '"b"']] },
    check({ reply, reference, seen }) {
      assertSame(reply, reference);
      assert.equal(seen.header("range"), "bytes=10-19");
    },
  },
  { name: "206 with a piece of a page", ...status(206, { body: HTML, headers: [...HTML_TYPE, ["Content-Range", "bytes 0-86/5000"]] }) },
  { name: "301 is passed on, not followed", ...status(301, { body: "moved", headers: [["Location", "/en/cart"], ["Content-Type", "text/plain"]] }) },
  { name: "302 to another site is passed on", ...status(302, { body: "", headers: [["Location", "https://elsewhere.example/?a=1&b=2#c"]] }) },
  { name: "303, 307 and 308 are passed on", ...status(308, { body: HTML, headers: [...HTML_TYPE, ["Location", "/en/cart"]] }) },
  { name: "the shop's own redirect", target: "/", expect: "same" },
  {
    name: "304: conditions on a file reach the origin", target: "/assets/icon.svg",
    headers: async ({ direct }) => ({ "If-None-Match": (await direct("/assets/icon.svg")).header("etag") }),
    check({ reply, reference }) {
      assert.equal(reference.status, 304);
      assertSame(reply, reference);
    },
  },
  { name: "304 for a page, although nobody asked", ...status(304, { body: "", headers: [["ETag", '"a"']] }) },
  { name: "404 of the shop", target: "/en/c/nowhere/nothing", cookies: "five", check: ({ reply, reference }) => { assert.equal(reference.status, 404); assertSame(reply, reference); } },
  { name: "404 with a page that looks like the start page", ...status(404, { body: HTML }) },
  { name: "410", ...status(410, { body: HTML }) },
  { name: "500 with a page", ...status(500, { body: HTML, headers: [...HTML_TYPE, ["Retry-After", "10"]] }) },
  { name: "503 with a page", ...status(503, { body: HTML }) },
  { name: "599: a status without a name", ...status(599, { body: HTML }) },
];
