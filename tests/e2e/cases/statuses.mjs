// Statuses other than 200 belong to the origin.
import assert from "node:assert/strict";
import net from "node:net";
import { randomBytes } from "node:crypto";
import { assertSame } from "../lib/expect.mjs";

const HTML = "<!doctype html><html><body><main><section class=\"hero\"></section></main></body></html>";
const HTML_TYPE = [["Content-Type", "text/html; charset=utf-8"]];

const status = (code, origin = {}) => ({ page: "home", cookies: "five", origin: { status: code, ...origin }, expect: "same" });

export default [
  {
    name: "101: a WebSocket", target: "/o/echo",
    not: { spin: "WASI's HTTP has no upgrades: a component cannot answer 101" },
    async check({ ctx }) {
      const { head, text } = await websocket(ctx.host.base, "/o/echo", "straight through: é", ctx.cookies.five);
      assert.match(head, /^HTTP\/1\.1 101 /);
      assert.match(head, /\r\nupgrade: websocket\r\n/i);
      assert.equal(text, "straight through: é");
    },
  },
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

/** Opens a WebSocket, sends a text in a masked frame (RFC 6455, 5.2), and gives the head and the text that comes back. */
function websocket(base, target, text, cookies) {
  const { hostname, port, host } = new URL(base);
  const payload = Buffer.from(text);
  const mask = randomBytes(4);
  const frame = Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, payload.map((byte, at) => byte ^ mask[at % 4])]);
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: hostname, port: Number(port) });
    let bytes = Buffer.alloc(0);
    let sent = false;
    const settle = (how, value) => { clearTimeout(timer); socket.destroy(); how(value); };
    const timer = setTimeout(() => settle(reject, new Error(`no answer: ${JSON.stringify(bytes.toString("latin1"))}`)), 10_000);
    socket.on("error", (error) => settle(reject, error));
    socket.on("end", () => settle(reject, new Error(`ended: ${JSON.stringify(bytes.toString("latin1"))}`)));
    socket.on("connect", () => socket.write([
      `GET ${target} HTTP/1.1`, `Host: ${host}`, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`, `Cookie: ${cookies}`, "", "",
    ].join("\r\n")));
    socket.on("data", (data) => {
      bytes = Buffer.concat([bytes, data]);
      const end = bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      const head = bytes.subarray(0, end + 2).toString("latin1");
      if (!/ 101 /.test(head)) return settle(reject, new Error(head));
      if (!sent) { sent = true; socket.write(frame); }
      const reply = bytes.subarray(end + 4);
      if (reply.length >= 2 && reply.length >= 2 + reply[1]) settle(resolve, { head, text: reply.subarray(2, 2 + reply[1]).toString() });
    });
  });
}
