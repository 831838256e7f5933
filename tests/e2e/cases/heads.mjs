// Heads, both ways: what reaches the origin, and what a changed or an unchanged response says.
import assert from "node:assert/strict";
import { assertSame } from "../lib/expect.mjs";
import { COOKIE } from "../lib/visitor.mjs";

const VALIDATORS = [
  ["ETag", '"abc"'], ["Last-Modified", "Fri, 20 Nov 2026 10:00:00 GMT"], ["Accept-Ranges", "bytes"], ["Age", "12"],
  ["Cache-Control", "public, max-age=600, s-maxage=900"], ["CDN-Cache-Control", "max-age=900"], ["Surrogate-Control", "max-age=9"],
  ["Expires", "Sat, 21 Nov 2026 11:00:00 GMT"], ["Digest", "sha-256=abc"], ["Content-Security-Policy", "default-src 'self'"],
  ["Vary", "Cookie, Accept-Language"], ["Link", "</a.css>; rel=preload"], ["X-Frame-Options", "DENY"],
];
const COOKIES = [["Set-Cookie", "a=1; Path=/; HttpOnly"], ["Set-Cookie", 'b="2, 3"; Path=/; Expires=Sat, 21 Nov 2027 10:00:00 GMT']];
const OTHERS = 'basket=TB-10001:2; a="x y"; b=%7B%22c%22%3A1%7D; empty=; d=e=f';

export default [
  { name: "a changed page has no validators, and nobody may keep it", page: "home", cookies: "five", origin: { headers: VALIDATORS }, expect: "changed" },
  { name: "a re-ordered list has none either", page: "listing", cookies: "five", origin: { headers: VALIDATORS }, expect: "changed" },
  {
    name: "an unchanged page keeps them, and has no Server-Timing", snapshot: "untouched", page: "listing", origin: { headers: VALIDATORS },
    check({ reply, reference }) { assertSame(reply, reference); assert.equal(reply.header("server-timing"), undefined); },
  },
  { name: "the origin's Server-Timing stays, before ours", page: "home", origin: { headers: [["Server-Timing", "db;dur=5"]] }, check({ reply }) {
    const joined = reply.all("server-timing").join(", ");
    assert.match(joined, /^db;dur=5, tb-decide;dur=/);
  } },
  { name: "two Set-Cookie on an unchanged response", target: "/o/blob", origin: { append: COOKIES }, check({ reply, reference }) { assertSame(reply, reference); assert.equal(reply.all("set-cookie").length, 2); } },
  { name: "two Set-Cookie on a changed page, and ours beside them", page: "product", cookies: "consent", origin: { append: COOKIES }, check({ reply }) {
    const lines = reply.all("set-cookie");
    assert.deepEqual(lines.slice(0, 2), COOKIES.map(([, value]) => value));
    assert.equal(lines.length, 3);
    assert.match(lines[2], new RegExp(`^${COOKIE}=[A-Za-z0-9_-]+; Path=/; Max-Age=\\d+; HttpOnly; SameSite=Lax$`));
  } },
  { name: "our cookie stays out of the origin's sight, the others arrive to the byte", page: "home", cookieHeader: ({ cookies }) => `${OTHERS}; ${cookies.five}; z=9`, check({ seen, ctx }) {
    assert.deepEqual(seen.headers("cookie"), [`${OTHERS}; ${ctx.cookies.five.replace(new RegExp(`; ${COOKIE}=[^;]*`), "")}; z=9`]);
  } },
  { name: "only our cookie: the origin sees none", target: "/o/echo", cookieHeader: ({ cookies }) => new RegExp(`${COOKIE}=[^;]*`).exec(cookies.five)[0], check({ seen }) { assert.deepEqual(seen.headers("cookie"), []); } },
  { name: "cookies without ours arrive to the byte", target: "/o/echo", cookieHeader: () => `${OTHERS};x`, check({ seen }) { assert.deepEqual(seen.headers("cookie"), [`${OTHERS};x`]); } },
  { name: "a page is asked for as a whole and unconditionally", page: "home", headers: { "If-None-Match": '"abc"', "If-Modified-Since": "Fri, 20 Nov 2026 10:00:00 GMT", "Accept-Encoding": "gzip, br, zstd" }, check({ seen, reply }) {
    assert.equal(reply.status, 200);
    // A page that is kept is asked after with its own validator.
    assert.notEqual(seen.header("if-none-match"), '"abc"');
    assert.equal(seen.header("if-modified-since"), undefined);
    assert.equal(seen.header("accept-encoding"), "identity");
  } },
  { name: "a file is asked for as the visitor asked", target: "/o/blob", headers: { "If-None-Match": '"abc"', "Accept-Encoding": "br;q=1.0, gzip;q=0.5", "Accept-Language": "de, en;q=0.5", Accept: "image/avif,*/*" }, check({ seen }) {
    assert.equal(seen.header("if-none-match"), '"abc"');
    assert.equal(seen.header("accept-encoding"), "br;q=1.0, gzip;q=0.5");
    assert.equal(seen.header("accept-language"), "de, en;q=0.5");
    assert.equal(seen.header("accept"), "image/avif,*/*");
  } },
  {
    name: "the origin learns which host was asked for", page: "home", host: "shop.example:8443",
    except: { spin: "`wasmtime serve` gives a component no authority for HTTP/1.1; Spin does" },
    check({ seen, ctx, exception }) {
      assert.equal(seen.header("host"), new URL(ctx.origin.base).host);
      assert.equal(seen.header("x-forwarded-host"), exception ? undefined : "shop.example:8443");
      assert.equal(seen.header("x-forwarded-proto"), "http");
    },
  },
  { name: "what a proxy before us said of the host stays", target: "/o/echo", headers: { "X-Forwarded-Host": "first.example", "X-Forwarded-Proto": "https" }, check({ seen }) {
    assert.deepEqual(seen.headers("x-forwarded-host"), ["first.example"]);
    assert.deepEqual(seen.headers("x-forwarded-proto"), ["https"]);
  } },
  { name: "what belongs to one connection is not passed on", target: "/o/echo", headers: { "Keep-Alive": "timeout=5", TE: "deflate", "Proxy-Connection": "keep-alive" }, check({ seen }) {
    assert.equal(seen.header("keep-alive"), undefined);
    assert.equal(seen.header("proxy-connection"), undefined);
    assert.ok(!/deflate/.test(seen.header("te") ?? ""));
  } },
  { name: "bytes in a header that are not ASCII", target: "/o/blob", origin: { append: [["X-Name", "caf\u00e9"]] }, expect: "same" },
  { name: "header lines of the same name stay several", target: "/o/blob", origin: { append: [["Link", "</a>; rel=a"], ["Link", "</b>; rel=b"], ["WWW-Authenticate", "Basic"], ["WWW-Authenticate", 'Digest realm="a"']] }, check({ reply, reference }) {
    assert.equal(reply.header("link"), reference.header("link"));
    assert.equal(reply.header("www-authenticate"), reference.header("www-authenticate"));
  } },
  { name: "a long query", target: `/o/echo?q=${"a%20".repeat(1500)}`, check({ reply }) { assert.equal(JSON.parse(reply.text).target, `/o/echo?q=${"a%20".repeat(1500)}`); } },
  {
    name: "paths that a URL parser would tidy arrive as they are", target: "/o/echo/a//b/c;d=1/%2e%2E/x%2Fy?../",
    except: { cloudflare: "a Worker gets its URL by way of the URL standard's parser, which resolves %2e%2E" },
    check({ seen, exception }) {
      assert.equal(seen.target, exception ? "/o/echo/a//b/x%2Fy?../" : "/o/echo/a//b/c;d=1/%2e%2E/x%2Fy?../");
    },
  },
];
