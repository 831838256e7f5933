// Bodies: kinds, codings, lengths, pieces.
import assert from "node:assert/strict";
import zlib from "node:zlib";
import { assertBytes, assertChanged, assertSame } from "../lib/expect.mjs";
import { stripped } from "../lib/html.mjs";
import { NO_CUT } from "./streaming.mjs";

const PAGE = '<html><body><main><section class="hero">é</section>\n</main></body></html>';
const typed = (type, body = PAGE) => ({ page: "home", cookies: "five", origin: { body, headers: [["Content-Type", type]] } });
const UTF16 = Buffer.from("\ufeff" + PAGE, "utf16le").toString("base64");
// 0x81 and 0xff are no UTF-8, and é is two characters in the charset that is declared.
const MIXED = Buffer.concat([Buffer.from(PAGE.replace("</main>", "<p>")), Buffer.from([0x81, 0xff, 0xfe, 0x00, 0x80]), Buffer.from("</p></main></body></html>")]);
const LONG = { repeat: '<p class="x">Nothing to see here &amp; é 漢字</p>\n', bytes: 3_000_000 };

export default [
  { name: "not HTML", target: "/o/blob", cookies: "five", expect: "same" },
  { name: "JSON at a page's address", ...typed("application/json", '{"a":"<section class=\\"hero\\"></section>"}'), expect: "same" },
  { name: "XHTML", ...typed("application/xhtml+xml"), expect: "same" },
  { name: "no Content-Type", page: "home", cookies: "five", origin: { body: PAGE, remove: ["content-type"] }, expect: "same" },
  { name: "an attachment", page: "home", cookies: "five", origin: { headers: [["Content-Disposition", 'attachment; filename="a.html"']] }, expect: "same" },
  { name: "no-transform", page: "home", cookies: "five", origin: { headers: [["Cache-Control", "public, no-transform, max-age=5"]] }, expect: "same" },
  { name: "UTF-16", ...typed("text/html; charset=utf-16le", { base64: UTF16 }), expect: "same" },
  { name: "a charset that does not exist", ...typed("text/html; charset=klingon"), expect: "same" },
  { name: "bytes that are not of the declared charset stay as they are", ...typed("text/html; charset=utf-8", { base64: MIXED.toString("base64") }), expect: "changed" },
  { name: "a page declared Latin-1 that is UTF-8", page: "home", cookies: "five", origin: { headers: [["Content-Type", "text/html; charset=iso-8859-1"]] }, check({ reply, reference }) {
    assertBytes(Buffer.from(stripped(reply.body.toString("latin1")), "latin1"), reference.body);
  } },
  { name: "an empty page", ...typed("text/html", ""), check({ reply }) { assert.equal(reply.status, 200); assert.equal(reply.body.length, 0); assert.equal(reply.aborted, false); } },
  { name: "gzip of something else: the very bytes", target: "/o/blob", headers: { "Accept-Encoding": "gzip" }, origin: { encoding: "gzip" }, expect: "same" },
  { name: "br of something else: the very bytes", target: "/o/blob", headers: { "Accept-Encoding": "br" }, origin: { encoding: "br" }, expect: "same" },
  { name: "a page in gzip", ...coded("gzip"), origin: { encoding: "gzip" } },
  { name: "a page in gzip although identity was asked", ...coded("identity"), origin: { encoding: "gzip" } },
  { name: "a page in br", ...coded("gzip, br"), origin: { encoding: "br" } },
  { name: "a page in gzip, in pieces of 100 bytes", ...coded("gzip"), origin: { encoding: "gzip", pieces: 100, framing: "chunked" } },
  { name: "a page in br, in pieces of 100 bytes", ...coded("br"), origin: { encoding: "br", pieces: 100, framing: "chunked" } },
  {
    name: "a page in a coding that nobody can undo is decodable still",
    page: "home", cookies: "five", headers: { "Accept-Encoding": "x-secret" },
    origin: { append: [["Content-Encoding", "x-secret"]] }, expect: "same",
  },
  {
    name: "gzip that breaks off: never a page that looks whole",
    page: "home", cookies: "five", headers: { "Accept-Encoding": "gzip" },
    origin: { encoding: "gzip", abort: 900, framing: "chunked" },
    except: NO_CUT,
    check({ reply, exception }) {
      assert.ok(exception || reply.aborted || reply.status === 502, "the visitor's connection is aborted");
      assert.doesNotMatch(reply.text, /<\/html>/);
    },
  },
  { name: "a chunked page", page: "home", cookies: "five", origin: { framing: "chunked" }, expect: "changed" },
  { name: "a page in pieces of 7 bytes", page: "listing", cookies: "five", origin: { framing: "chunked", pieces: 7 }, expect: "changed" },
  { name: "a page in pieces of 1,000 bytes with its length", page: "product", cookies: "five", origin: { pieces: 1000 }, expect: "changed" },
  { name: "a file in pieces of 501 bytes", target: "/o/blob", origin: { framing: "chunked", pieces: 501 }, expect: "same" },
  { name: "a page of 3 MB without a place", page: "home", cookies: "five", origin: { body: LONG }, check({ reply, reference }) { assertBytes(reply.body, reference.body); assert.equal(reply.aborted, false); } },
  {
    // The connection is closed after it: workerd would read the trailers as the head of the next response.
    name: "trailers", target: "/o/blob", headers: { TE: "trailers" }, origin: { trailers: [["X-Sum", "1234"]], append: [["Connection", "close"]] },
    except: { cloudflare: "Workers have no trailers: fetch() does not read them, and a Response cannot carry any" },
    check: ({ reply, reference, exception }) => assertSame(reply, reference, { trailers: !exception }),
  },
];

/** A page whose body was coded by the origin: personalised, and what arrives can be read. */
function coded(accept) {
  return {
    page: "home", cookies: "five", headers: { "Accept-Encoding": accept },
    check({ reply, reference }) {
      assertChanged(decoded(reply), decoded(reference));
    },
  };
}

function decoded(reply) {
  const coding = reply.header("content-encoding");
  const body = coding === "gzip" ? zlib.gunzipSync(reply.body) : coding === "br" ? zlib.brotliDecompressSync(reply.body) : reply.body;
  return Object.assign(Object.create(reply), {
    body,
    headers: reply.headers.filter(([name]) => !/^content-(encoding|length)$/i.test(name)),
  });
}
