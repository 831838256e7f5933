// Without a usable snapshot, a visitor gets what the origin sends.
import assert from "node:assert/strict";
import { COOKIE } from "../lib/visitor.mjs";

const BAD = ["empty", "missing", "truncated", "flipped", "foreign", "outside"];

export default [
  ...BAD.flatMap((snapshot) => [
    { name: `a snapshot that is ${snapshot}: the start page is the origin's`, snapshot, page: "home", cookies: "five", expect: "same" },
    { name: `a snapshot that is ${snapshot}: a product page is the origin's`, snapshot, page: "product", cookies: "five", expect: "same" },
  ]),
  { name: "without a snapshot conditions reach the origin", snapshot: "empty", page: "home", headers: { "If-None-Match": '"abc"', "Accept-Encoding": "br" }, check({ seen }) {
    assert.equal(seen.header("if-none-match"), '"abc"');
    assert.equal(seen.header("accept-encoding"), "br");
  } },
  { name: "without a snapshot our cookie still stays out of the origin's sight", snapshot: "empty", page: "home", cookies: "five", check({ seen }) { assert.ok(!seen.headers("cookie").join().includes(COOKIE)); } },
  ...["home", "product", "listing", "search", "cart"].map((page) => ({ name: `untouched: the ${page} page is the origin's without consent`, snapshot: "untouched", page, expect: "same" })),
  { name: "untouched: with consent it is personalised", snapshot: "untouched", page: "home", cookies: "five", expect: "changed" },
  { name: "the shop cannot be reached", snapshot: "good", origin: undefined, downstream: "nobody", page: "home", check({ reply }) {
    assert.equal(reply.status, 502);
    assert.equal(reply.header("cache-control"), "no-store");
    assert.match(reply.header("content-type"), /^text\/plain/);
    assert.equal(reply.text.trim(), "The shop could not be reached.");
  } },
];
