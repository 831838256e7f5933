// Rows of docs/http.md that the other tables do not have: charsets, ranges, codings, large and slow.
import assert from "node:assert/strict";
import { assertBytes, assertChanged, assertSame } from "../lib/expect.mjs";
import { stripped, unordered } from "../lib/html.mjs";

const PAGE = '<html><head><title>t</title></head><body><main><section class="hero">x</section>\n<p>end</p></main></body></html>';
const html = (type, body = PAGE, further = {}) => ({ page: "home", cookies: "five", origin: { body, headers: [["Content-Type", type]], ...further } });
const bytes = (body) => ({ base64: Buffer.from(body).toString("base64") });
/** Text of a charset that ASCII markup surrounds: its bytes stand where `@` does. */
const within = (...text) => bytes(Buffer.concat([Buffer.from(PAGE.replace("<p>end</p></main></body></html>", "<p>")), Buffer.from(text), Buffer.from("</p></main></body></html>")]));

const CHARSETS = {
  "windows-1251": [0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2],
  "Shift_JIS": [0x93, 0xfa, 0x96, 0x7b, 0x83, 0x5c],
  "EUC-JP": [0xc6, 0xfc, 0xcb, 0xdc],
  "EUC-KR": [0xb0, 0xa1, 0xb3, 0xaa],
  "GB18030": [0xd6, 0xd0, 0x81, 0x30, 0x81, 0x30],
  "Big5": [0xa4, 0xa4, 0xa4, 0xe5],
  "iso-8859-15": [0xa4, 0xe9],
  "windows-1255": [0xf9, 0xec, 0xe5, 0xed],
};

/** A worker of one line that answers with its fetch() fails likewise: what it gets has the status 103. */
const NO_HINTS = { cloudflare: "workerd by itself takes an origin's 103 for the response, and what follows for its body" };

export default [
  ...Object.entries(CHARSETS).map(([charset, text]) => ({ name: `a page in ${charset}`, ...html(`text/html; charset=${charset}`, within(...text)), expect: "changed" })),
  { name: "ISO-2022-JP", ...html("text/html; charset=iso-2022-jp", within(0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42)), expect: "same" },
  { name: "UTF-16BE", ...html('text/html; charset="UTF-16BE"'), expect: "same" },
  { name: "a charset that only the page's meta tells", ...html("text/html", PAGE.replace("<title>", '<meta charset="windows-1252"><title>')), expect: "changed" },
  { name: "a charset that the page's http-equiv tells", ...html("text/html", PAGE.replace("<title>", '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2"><title>')), expect: "changed" },
  { name: "UTF-8 with a byte order mark", ...html("text/html; charset=utf-8", bytes("\ufeff" + PAGE)), expect: "changed" },
  { name: "a Content-Type in capitals, with quotes and more parameters", ...html('TEXT/HTML; Level=1; CharSet="UTF-8"'), expect: "changed" },
  { name: "an inline disposition", page: "home", cookies: "five", origin: { headers: [["Content-Disposition", "inline"]] }, expect: "changed" },
  { name: "an attachment without a name, in capitals", page: "home", cookies: "five", origin: { headers: [["Content-Disposition", "ATTACHMENT"]] }, expect: "same" },
  { name: "203 with a page", page: "home", cookies: "five", origin: { status: 203 }, expect: "same" },
  { name: "205 has no body", page: "home", cookies: "five", origin: { status: 205, body: "", remove: ["content-type"] }, check({ reply, reference }) {
    assert.equal(reply.status, 205);
    assert.equal(reply.body.length, 0);
    assert.equal(reference.status, 205);
  } },
  { name: "a page is never asked for in parts", page: "home", cookies: "five", headers: { Range: "bytes=0-99", "If-Range": '"abc"' }, check({ reply, seen }) {
    assert.deepEqual([seen.header("range"), seen.header("if-range")], [undefined, undefined]);
    assertWhole(reply);
  } },
  { name: "If-Range on a file reaches the origin", target: "/o/blob", headers: { Range: "bytes=0-9", "If-Range": '"b"' },
    origin: { status: 206, body: "0123456789", headers: [["Content-Type", "application/octet-stream"], ["Content-Range", "bytes 0-9/70000"], ["ETag", '"b"']] },
    check({ reply, reference, seen }) { assertSame(reply, reference); assert.equal(seen.header("if-range"), '"b"'); } },
  { name: "416 for a range beyond the end", target: "/o/blob", headers: { Range: "bytes=90000-" },
    origin: { status: 416, body: "", headers: [["Content-Type", "text/plain"], ["Content-Range", "bytes */70000"]] }, expect: "same" },
  { name: "412 for a condition on a file", target: "/o/blob", headers: { "If-Match": '"z"' }, origin: { status: 412, body: "no" }, check({ reply, reference, seen }) {
    assertSame(reply, reference);
    assert.equal(seen.header("if-match"), '"z"');
  } },
  { name: "conditions of all kinds on a page are left out", page: "home", cookies: "five",
    headers: { "If-Match": '"a"', "If-None-Match": "*", "If-Unmodified-Since": "Fri, 20 Nov 2026 10:00:00 GMT" }, check({ reply, seen }) {
      assert.deepEqual(["if-match", "if-unmodified-since"].map((name) => seen.header(name)), [undefined, undefined]);
      assert.notEqual(seen.header("if-none-match"), "*");
      assertWhole(reply);
    } },
  { name: "digests of a changed page are gone", page: "home", cookies: "five", origin: { headers: [
    ["Content-Digest", "sha-256=:AAAA:"], ["Repr-Digest", "sha-256=:AAAA:"], ["Digest", "SHA-256=AAAA"], ["Content-MD5", "AAAA"]] }, expect: "changed" },
  { name: "digests of an unchanged page stay", snapshot: "untouched", page: "home", origin: { headers: [["Content-Digest", "sha-256=:AAAA:"], ["Repr-Digest", "sha-256=:AAAA:"]] }, expect: "same" },
  { name: "a strict Content-Security-Policy stays", page: "home", cookies: "five", origin: { headers: [["Content-Security-Policy", "default-src 'none'; img-src 'self'; style-src 'self'"]] }, check({ reply, reference }) {
    assertChanged(reply, reference);
    assert.doesNotMatch(reply.text.replace(reference.body.toString(), ""), /<script(?![^>]*src)|style="/i, "nothing inline was inserted that it forbids");
  } },
  { name: "Vary stays", page: "home", cookies: "five", origin: { headers: [["Vary", "Accept-Encoding, Cookie"]] }, expect: "changed" },
  { name: "what the origin forbids to store", page: "home", cookies: "five", origin: { headers: [["Cache-Control", "no-store, no-cache, must-revalidate"], ["Pragma", "no-cache"]] }, expect: "changed" },
  { name: "16 KB of a header", page: "home", cookies: "five", origin: { append: [["X-Large", "a".repeat(16_000)]] }, expect: "changed" },
  { name: "60 header lines", page: "home", cookies: "five", origin: { append: Array.from({ length: 60 }, (_, i) => [`X-Line-${i}`, `v${i}`]) }, expect: "changed" },
  { name: "6 KB of other cookies", page: "home", cookieHeader: ({ cookies }) => `${"c".repeat(3000)}=${"d".repeat(3000)}; ${cookies.five}`, expect: "changed" },
  { name: "103 before a page", not: NO_HINTS, page: "home", cookies: "five", origin: { early: "</a.css>; rel=preload; as=style" }, expect: "changed" },
  { name: "103 before a file", not: NO_HINTS, target: "/o/blob", origin: { early: "</a.css>; rel=preload; as=style" }, expect: "same" },
  { name: "codings one upon the other", page: "home", cookies: "five", headers: { "Accept-Encoding": "x-a, x-b" }, origin: { append: [["Content-Encoding", "x-a, x-b"]] }, expect: "same" },
  { name: "a coding called identity", page: "home", cookies: "five", origin: { append: [["Content-Encoding", "identity"]] }, check({ reply, reference }) {
    assert.equal(reply.status, 200);
    assertBytes(Buffer.from(unordered(stripped(reply.body.toString("latin1"))), "latin1"), Buffer.from(unordered(reference.body.toString("latin1")), "latin1"));
  } },
  { name: "a visitor who reads slowly gets the whole page", page: "listing", cookies: "five", request: () => ({
    onSocket: (socket) => { socket.pause(); setTimeout(() => socket.resume(), 400); },
  }), expect: "changed" },
  { name: "a page in single bytes", page: "home", cookies: "five", origin: { body: PAGE, headers: [["Content-Type", "text/html; charset=utf-8"]], framing: "chunked", pieces: 1 }, expect: "changed" },
];

/** A personalised page, whatever the shop itself would have made of the conditions. */
function assertWhole(reply) {
  assert.equal(reply.status, 200);
  assert.deepEqual(reply.all("cache-control"), ["private, no-store"]);
  assert.match(reply.text, /<\/html>\s*$/);
}
