// What the suite holds a response to.
import assert from "node:assert/strict";
import { stripped, unordered } from "./html.mjs";

/** Headers that describe bytes which a changed page no longer has, or that let somebody keep it. */
const NOT_ON_CHANGED = [
  "etag", "last-modified", "accept-ranges", "content-encoding", "content-md5", "digest", "content-digest", "repr-digest",
  "cdn-cache-control", "cloudflare-cdn-cache-control", "surrogate-control", "expires", "age",
];

/** The origin's response, to the byte: status, headers, body, trailers. */
export function assertSame(reply, reference, { trailers = true } = {}) {
  assert.equal(reply.aborted, reference.aborted, "ended as the origin's did");
  assert.equal(reply.status, reference.status);
  assert.deepEqual(reply.endToEnd, reference.endToEnd, "headers");
  assertBytes(reply.body, reference.body);
  const lower = (lines) => lines.map(([name, value]) => [name.toLowerCase(), value]);
  assert.deepEqual(lower(reply.trailers), trailers ? lower(reference.trailers) : [], "trailers");
}

/** A page that was changed: the head says so, and outside of the places nothing differs. */
export function assertChanged(reply, reference) {
  assert.equal(reply.aborted, false, "a whole page");
  assertChangedHead(reply, reference);
  const [ours, theirs] = [reply, reference].map(({ body }) => body.toString("latin1"));
  assert.notEqual(ours, theirs, "something was changed");
  assertBytes(Buffer.from(unordered(stripped(ours)), "latin1"), Buffer.from(unordered(theirs), "latin1"));
}

/** The head of a changed page, whatever its body. */
export function assertChangedHead(reply, reference) {
  assert.equal(reply.status, 200);
  assert.deepEqual(reply.all("cache-control"), ["private, no-store"]);
  for (const name of NOT_ON_CHANGED) assert.equal(reply.header(name), undefined, name);
  const length = reply.header("content-length");
  if (length !== undefined && reply.body.length) assert.equal(Number(length), reply.body.length, "content-length");
  assert.match(reply.all("server-timing").at(-1) ?? "", /^tb-decide;dur=\d+(\.\d+)?/);
  const rest = ({ endToEnd }) => endToEnd.filter((line) => !/^(cache-control|content-length|server-timing|set-cookie):/.test(line)
    && !NOT_ON_CHANGED.includes(line.split(":")[0]));
  assert.deepEqual(rest(reply), rest(reference), "all other headers are the origin's");
}

/** Not cut, not empty, and one of `bodies`; or visibly cut, or the gateway's own error. */
export function assertWholeOrPlainlyBroken(reply, bodies) {
  if (reply.status === 502) return "502";
  assert.equal(reply.status, 200);
  if (reply.aborted) {
    const prefix = bodies.some((body) => body.subarray(0, reply.body.length).equals(reply.body));
    assert.ok(prefix, `a page cut after ${reply.body.length} bytes is the beginning of a whole one`);
    return "cut";
  }
  assert.ok(bodies.some((body) => body.equals(reply.body)), `${reply.body.length} bytes that ended cleanly are a whole page`);
  return "whole";
}

/** Equal buffers; where they differ is said in the message, since the pages are long. */
export function assertBytes(found, expected, what = "body") {
  if (found.equals(expected)) return;
  let at = 0;
  while (at < Math.min(found.length, expected.length) && found[at] === expected[at]) at++;
  const around = (bytes) => JSON.stringify(bytes.subarray(Math.max(0, at - 60), at + 80).toString("utf8"));
  assert.fail(`${what}: ${found.length} bytes, expected ${expected.length}; first difference at ${at}:\n` +
    `  found    ${around(found)}\n  expected ${around(expected)}`);
}
