// A shop that does what a test asks of it. Pages are the demo shop's own, fetched from it at each request; how they are
// sent (status, headers, coding, pieces, a cut in the middle) is said in the request's `x-origin` header, as JSON:
//
//   status   number             headers  [[name, value]] set in place of the page's own lines of that name
//   remove   [name]             append   [[name, value]] further lines
//   encoding "gzip" | "br" | "deflate"   sent whatever Accept-Encoding says
//   framing  "length" (default) | "chunked"
//   pieces   number of bytes a write, each in a chunk and a packet of its own
//   hold     key: sends a third, then waits for `release(key)`, then the rest
//   abort    number of body bytes after which the connection is destroyed
//   keep     an ETag that is the head's and body's, and a 304 to who has it; "anew": another one each time; "weak": a weak one. `news`: the lines of the 304's head
//   early    a Link that a 103 says before the response
//   trailers [[name, value]]    body     text that stands for the page, or {"repeat": text, "bytes": n}, or {"base64": …}
//
// An `Upgrade: websocket` is answered with 101, and each text that is sent comes back. `/o/echo` answers with what it was asked, `/o/blob` with bytes that are not text, `/pages/NAME` with a saved page.
import http from "node:http";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import zlib from "node:zlib";
import { savedPage } from "./pages.mjs";

const ENCODERS = { gzip: zlib.gzipSync, br: (body) => zlib.brotliCompressSync(body), deflate: zlib.deflateSync };
const DATE = "Sat, 21 Nov 2026 10:00:00 GMT";
const CONTROL = new Set(["x-origin", "x-test"]);

export class Origin {
  /** @param {string} [shop]  where the demo shop listens */
  constructor(shop) {
    this.shop = shop;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
    this.requests = new Map();
    /** Body bytes written so far, by `x-test`. */
    this.written = new Map();
    /** Pages of a test's own, by path: {headers, body}. */
    this.extra = new Map();
    this.held = new Map();
    this.sockets = new Set();
    this.errors = [];
  }

  async start(port = 0) {
    this.server = http.createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) => {
      this.answer(request, response).catch((error) => {
        // A client or host that goes away in the middle of a response is an ordinary thing here.
        if (response.destroyed || response.socket?.destroyed) return;
        this.errors.push(error);
        response.destroy();
      });
    });
    this.server.on("upgrade", (request, socket, head) => echoFrames(request, socket, head));
    this.server.on("connection", (socket) => {
      socket.setNoDelay(true);
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
    });
    this.server.listen(port, "127.0.0.1");
    await once(this.server, "listening");
    this.port = this.server.address().port;
    this.base = `http://127.0.0.1:${this.port}`;
    return this;
  }

  /** Gone at once, in the middle of whatever was being sent. */
  async kill() {
    const closed = once(this.server, "close");
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  async stop() {
    await this.kill();
    this.agent.destroy();
  }

  /** The requests that carried `x-test: id`, in the order of their arrival. */
  seen(id) {
    return this.requests.get(id) ?? [];
  }

  /** Lets go of responses that wait for `key`, now or later. */
  release(key) {
    this.gate(key).open();
  }

  gate(key) {
    if (!this.held.has(key)) {
      const gate = {};
      gate.opened = new Promise((open) => (gate.open = open));
      this.held.set(key, gate);
    }
    return this.held.get(key);
  }

  async answer(request, response) {
    response.sendDate = false;
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const asked = {
      method: request.method,
      target: request.url,
      headers: pairs(request.rawHeaders),
      body: Buffer.concat(pieces),
      trailers: pairs(request.rawTrailers),
    };
    const id = request.headers["x-test"];
    if (id) this.requests.set(id, [...this.seen(id), asked]);
    const script = request.headers["x-origin"] ? JSON.parse(request.headers["x-origin"]) : {};
    const page = await this.page(asked, script);
    await this.send(asked, response, validated(asked, edited(page, script), script), script, id);
  }

  async page(asked, script) {
    if (script.body !== undefined) return { status: 200, headers: [["Content-Type", "text/html; charset=utf-8"]], body: bytes(script.body) };
    const path = asked.target.split("?")[0];
    if (this.extra.has(path)) return { status: 200, ...this.extra.get(path) };
    if (path === "/o/echo") return echo(asked);
    if (path === "/o/blob") return { status: 200, headers: [["Content-Type", "application/octet-stream"]], body: blob() };
    if (path.startsWith("/pages/")) return savedPage(path.slice("/pages/".length));
    if (path.startsWith("/o/")) return { status: 404, headers: [["Content-Type", "text/plain"]], body: Buffer.from("no such page\n") };
    // The demo shop ends the connection of a form that it has no page for, whatever is still on its way.
    if (path.startsWith("/_tailorbird/") && asked.body.length) return { status: 404, headers: [["Content-Type", "text/plain"]], body: Buffer.from("no such page\n") };
    return this.shopPage(asked, Object.keys(script).length > 0);
  }

  /** A page that is sent otherwise than the shop sends it is none that anybody has: it has no validator of the shop's. */
  shopPage({ method, target, headers, body }, isOther) {
    if (!this.shop) return { status: 404, headers: [["Content-Type", "text/plain"]], body: Buffer.from("no shop\n") };
    const kept = isOther ? headers.filter(([name]) => name.toLowerCase() !== "if-none-match") : headers;
    const passed = kept.filter(([name]) => !CONTROL.has(name.toLowerCase()) && !/^(connection|transfer-encoding|content-length|te|expect)$/i.test(name));
    if (body.length) passed.push(["Content-Length", String(body.length)]);
    return new Promise((resolve, reject) => {
      const url = new URL(this.shop);
      const { hostname, port } = url;
      const call = http.request({ hostname, port, path: target, method: method === "HEAD" ? "GET" : method, headers: passed.flat(), agent: this.agent });
      call.on("error", reject);
      call.on("response", async (reply) => {
        try {
          const pieces = [];
          for await (const piece of reply) pieces.push(piece);
          const gone = isOther ? /^(connection|keep-alive|transfer-encoding|content-length|date|etag)$/i : /^(connection|keep-alive|transfer-encoding|content-length|date)$/i;
          const kept = pairs(reply.rawHeaders).filter(([name]) => !gone.test(name));
          resolve({ status: reply.statusCode, headers: kept, body: Buffer.concat(pieces) });
        } catch (error) {
          reject(error);
        }
      });
      call.end(body);
    });
  }

  async send(asked, response, { status, headers, body }, script, id) {
    const chunked = script.framing === "chunked" || script.trailers;
    const bodiless = status === 204 || status === 304 || status === 205;
    // Servers on the way may add a date where there is none, but must keep one.
    const lines = headers.some(([name]) => /^date$/i.test(name)) ? [...headers] : [["Date", DATE], ...headers];
    if (chunked) lines.push(["Transfer-Encoding", "chunked"]);
    else if (!bodiless || status === 205) lines.push(["Content-Length", String(status === 205 ? 0 : body.length)]);
    if (script.trailers) lines.push(["Trailer", script.trailers.map(([name]) => name).join(", ")]);
    if (script.early) response.writeEarlyHints({ link: script.early });
    response.writeHead(status, lines.flat());
    if (asked.method === "HEAD" || bodiless) return void response.end();
    if (script.abort >= body.length) throw new Error(`${asked.target} has ${body.length} bytes: nothing to abort after ${script.abort}`);
    const until = script.abort ?? body.length;
    for (const [index, piece] of cut(body.subarray(0, until), script).entries()) {
      if (script.hold && index === 1) await this.gate(script.hold).opened;
      if (id) this.written.set(id, (this.written.get(id) ?? 0) + piece.length);
      if (!response.write(piece)) await Promise.race([once(response, "drain"), once(response, "close")]);
      if (response.destroyed) return;
      if (script.pieces) await sleep(0);
    }
    if (script.abort !== undefined) {
      // What was written has to reach the host first, or there is nothing to lose.
      await sleep(50);
      return void response.socket.destroy();
    }
    if (script.trailers) response.addTrailers(script.trailers);
    response.end();
  }
}

function edited({ status, headers, body }, script) {
  const gone = new Set([...(script.remove ?? []), ...(script.headers ?? []).map(([name]) => name)].map((name) => name.toLowerCase()));
  const lines = headers.filter(([name]) => !gone.has(name.toLowerCase()));
  lines.push(...(script.headers ?? []), ...(script.append ?? []));
  if (script.encoding) lines.push(["Content-Encoding", script.encoding]);
  const coded = script.encoding ? ENCODERS[script.encoding](body) : body;
  return { status: script.status ?? status, headers: lines, body: coded };
}

/** What becomes of a response when the request names the page that it would bring. */
function validated(asked, page, { keep, news }) {
  if (!keep || page.status !== 200) return page;
  const etag = `${keep === "weak" ? "W/" : ""}"${keep === "anew" ? Math.random().toString(16).slice(2) : sha256(Buffer.concat([page.body, Buffer.from(JSON.stringify(page.headers))])).slice(0, 16)}"`;
  const headers = [...page.headers.filter(([name]) => name.toLowerCase() !== "etag"), ["ETag", etag]];
  const named = asked.headers.find(([name]) => name.toLowerCase() === "if-none-match")?.[1];
  if (named !== etag) return { ...page, headers };
  const kept = news ? [["ETag", etag], ...news] : headers.filter(([name]) => !/^content-(type|length|encoding)$/i.test(name));
  return { status: 304, headers: kept, body: Buffer.alloc(0) };
}

function cut(body, { pieces, hold }) {
  const size = hold ? Math.ceil(body.length / 3) : (pieces ?? (body.length || 1));
  const out = [];
  for (let at = 0; at < body.length; at += size) out.push(body.subarray(at, at + size));
  return hold && out.length > 2 ? [out[0], Buffer.concat(out.slice(1))] : out;
}

/** A WebSocket (RFC 6455) that sends back each short text it is sent. */
function echoFrames(request, socket, head) {
  const id = request.headers["x-test"];
  socket.on("error", () => {});
  if (request.headers.upgrade?.toLowerCase() !== "websocket") return void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
  const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nX-Seen: ${id ?? ""}\r\n\r\n`);
  let bytes = head;
  const read = (data) => {
    bytes = Buffer.concat([bytes, data]);
    // A masked text of at most 125 bytes; anything else ends the connection.
    while (bytes.length >= 6 && bytes.length >= 6 + (bytes[1] & 0x7f)) {
      const length = bytes[1] & 0x7f;
      if (bytes[0] !== 0x81 || length > 125) return void socket.end();
      const text = bytes.subarray(6, 6 + length).map((byte, at) => byte ^ bytes[2 + (at % 4)]);
      socket.write(Buffer.concat([Buffer.from([0x81, length]), text]));
      bytes = bytes.subarray(6 + length);
    }
  };
  socket.on("data", read);
  read(Buffer.alloc(0));
}

function echo({ method, target, headers, body }) {
  const text = JSON.stringify({ method, target, headers, length: body.length, sha256: sha256(body) });
  return { status: 200, headers: [["Content-Type", "application/json"]], body: Buffer.from(text) };
}

/** Every byte value, several times over, nothing that a text decoder would leave alone. */
export function blob(size = 70_000) {
  const out = Buffer.alloc(size);
  for (let i = 0; i < size; i++) out[i] = (i * 167 + (i >> 8)) & 0xff;
  return out;
}

function bytes(body) {
  if (typeof body === "string") return Buffer.from(body);
  if (body.base64 !== undefined) return Buffer.from(body.base64, "base64");
  return Buffer.from(body.repeat.repeat(Math.ceil(body.bytes / body.repeat.length)));
}

export function sha256(body) {
  return createHash("sha256").update(body).digest("hex");
}

function pairs(raw) {
  const out = [];
  for (let i = 0; i < raw.length; i += 2) out.push([raw[i], raw[i + 1]]);
  return out;
}
