// An HTTP/1.1 client that hides nothing: header lines as they came, body bytes as they were framed, the time at
// which each piece arrived, trailers, and whether the message ended as its framing promised or was cut off.
import net from "node:net";

const MAX_HEAD = 256 * 1024;

/**
 * One request on a connection of its own.
 * @param {string} base  for instance `http://127.0.0.1:8701`
 * @param {string} target  path and query, sent byte for byte
 * @param {{method?: string, headers?: Array<[string,string]>|Object<string,string>, body?: Uint8Array|string,
 *          chunks?: Array<Uint8Array|string>, host?: string, timeout?: number, onHead?: Function, onData?: Function}} [options]
 *   `chunks` sends the body chunked, one chunk an entry.
 * @returns {Promise<Reply>}
 */
export function request(base, target, options = {}) {
  const { method = "GET", body, chunks, timeout = 20_000 } = options;
  const url = new URL(base);
  const lines = [`${method} ${target} HTTP/1.1`, `Host: ${options.host ?? url.host}`, "Connection: close"];
  const given = Array.isArray(options.headers) ? options.headers : Object.entries(options.headers ?? {});
  for (const [name, value] of given) lines.push(`${name}: ${value}`);
  if (body !== undefined) lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  if (chunks) lines.push("Transfer-Encoding: chunked");

  return new Promise((resolve, reject) => {
    const started = performance.now();
    const socket = net.connect({ host: url.hostname, port: Number(url.port) });
    const reader = new ReplyReader(method, started, options);
    let settled = false;
    const settle = (error) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      socket.destroy();
      if (error) reject(error);
      else resolve(reader.reply());
    };
    const timer = setTimeout(() => {
      settle(new Error(`${method} ${target}: no end of the response after ${timeout} ms ` +
        `(${reader.status ? `status ${reader.status}, ${reader.length} body bytes` : "no head"})`));
    }, timeout);
    socket.setNoDelay(true);
    socket.on("connect", () => {
      socket.write(Buffer.from(lines.join("\r\n") + "\r\n\r\n", "latin1"));
      if (body !== undefined) socket.write(body);
      for (const chunk of chunks ?? []) {
        socket.write(`${Buffer.byteLength(chunk).toString(16)}\r\n`);
        socket.write(chunk);
        socket.write("\r\n");
      }
      if (chunks) socket.write("0\r\n\r\n");
    });
    socket.on("data", (data) => {
      try {
        reader.push(data);
      } catch (error) {
        return settle(error);
      }
      if (reader.done) settle();
    });
    const ended = (error) => {
      reader.close(error);
      if (reader.status) settle();
      else settle(error ?? new Error(`${method} ${target}: connection closed before a response head`));
    };
    socket.on("end", () => ended());
    socket.on("error", (error) => (reader.status ? ended(error) : settle(error)));
    socket.on("close", () => ended());
    options.onSocket?.(socket);
  });
}

/** Parses one response as its bytes arrive. */
class ReplyReader {
  constructor(method, started, { onHead, onData }) {
    Object.assign(this, { method, started, onHead, onData });
    this.buffer = Buffer.alloc(0);
    this.state = "head";
    this.headers = [];
    this.trailers = [];
    this.pieces = [];
    this.length = 0;
    this.times = { first: undefined, last: undefined };
  }

  push(data) {
    this.buffer = this.buffer.length ? Buffer.concat([this.buffer, data]) : data;
    while (this.step());
  }

  get done() {
    return this.state === "done";
  }

  step() {
    switch (this.state) {
      case "head":
        return this.head();
      case "length":
      case "chunk":
        return this.counted();
      case "close":
        return this.take(this.buffer.length) && false;
      case "chunk-size":
        return this.chunkSize();
      case "trailers":
        return this.trailer();
      default:
        return false;
    }
  }

  head() {
    const end = this.buffer.indexOf("\r\n\r\n");
    if (end < 0) {
      if (this.buffer.length > MAX_HEAD) throw new Error("response head without an end");
      return false;
    }
    const [first, ...rest] = this.buffer.subarray(0, end).toString("latin1").split("\r\n");
    const match = /^HTTP\/1\.1 (\d{3})(?: (.*))?$/.exec(first);
    if (!match) throw new Error(`not an HTTP/1.1 status line: ${first}`);
    this.buffer = this.buffer.subarray(end + 4);
    // Interim responses (RFC 9110, 15.2) may stand before the one that counts.
    if (match[1].startsWith("1") && match[1] !== "101") return true;
    this.status = Number(match[1]);
    this.reason = match[2] ?? "";
    this.headers = rest.map(headerLine);
    this.times.head = performance.now() - this.started;
    this.onHead?.(this);
    const values = (name) => this.headers.filter(([n]) => n.toLowerCase() === name).map(([, v]) => v);
    const lengths = values("content-length");
    const chunked = values("transfer-encoding").some((v) => /\bchunked\b/i.test(v));
    if (chunked && lengths.length) throw new Error("both Content-Length and Transfer-Encoding");
    if (new Set(lengths).size > 1) throw new Error(`two Content-Length: ${lengths.join(", ")}`);
    const empty = this.method === "HEAD" || this.status === 204 || this.status === 304;
    if (empty) this.state = "done";
    else if (chunked) this.state = "chunk-size";
    else if (lengths.length) {
      this.left = Number(lengths[0]);
      this.state = this.left ? "length" : "done";
    } else this.state = "close";
    return !this.done;
  }

  counted() {
    const had = Math.min(this.left, this.buffer.length);
    if (!had && this.left) return false;
    this.left -= had;
    this.take(had);
    if (this.left) return false;
    if (this.state === "length") {
      this.state = "done";
      return false;
    }
    if (this.buffer.length < 2) return false;
    if (this.buffer.toString("latin1", 0, 2) !== "\r\n") throw new Error("chunk without its CRLF");
    this.buffer = this.buffer.subarray(2);
    this.state = "chunk-size";
    return true;
  }

  chunkSize() {
    const end = this.buffer.indexOf("\r\n");
    if (end < 0) return false;
    const size = this.buffer.toString("latin1", 0, end).split(";")[0].trim();
    if (!/^[0-9a-f]+$/i.test(size)) throw new Error(`not a chunk size: ${JSON.stringify(size)}`);
    this.buffer = this.buffer.subarray(end + 2);
    this.left = parseInt(size, 16);
    this.state = this.left ? "chunk" : "trailers";
    return true;
  }

  trailer() {
    const end = this.buffer.indexOf("\r\n");
    if (end < 0) return false;
    const line = this.buffer.toString("latin1", 0, end);
    this.buffer = this.buffer.subarray(end + 2);
    if (line === "") this.state = "done";
    else this.trailers.push(headerLine(line));
    return !this.done;
  }

  take(count) {
    if (!count) return true;
    const piece = this.buffer.subarray(0, count);
    this.buffer = this.buffer.subarray(count);
    this.times.first ??= performance.now() - this.started;
    this.times.last = performance.now() - this.started;
    this.pieces.push(piece);
    this.length += count;
    this.onData?.(piece, this);
    return true;
  }

  close(error) {
    if (this.done) return;
    // Only a body framed by the end of the connection may end with it, and only in good order.
    this.aborted = this.state !== "close" || Boolean(error);
    this.closed = true;
  }

  reply() {
    const { status, reason, headers, trailers, times, pieces } = this;
    return new Reply({ status, reason, headers, trailers, times, body: Buffer.concat(pieces), aborted: this.aborted ?? false });
  }
}

function headerLine(line) {
  const colon = line.indexOf(":");
  if (colon < 1) throw new Error(`not a header line: ${JSON.stringify(line)}`);
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}

/** A whole response, or what came of it. */
export class Reply {
  constructor(fields) {
    Object.assign(this, fields);
  }

  /** All values of a header, in the order of its lines. */
  all(name) {
    return this.headers.filter(([n]) => n.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
  }

  /** The header's value, several lines joined; `undefined` when there is none. */
  header(name) {
    const values = this.all(name);
    return values.length ? values.join(", ") : undefined;
  }

  get text() {
    return this.body.toString("utf8");
  }

  /** Lower-case names with their values, sorted, without the framing that every hop owns. */
  get endToEnd() {
    const framing = new Set(["connection", "keep-alive", "transfer-encoding", "trailer"]);
    return this.headers
      .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
      .filter((line) => !framing.has(line.split(":")[0]))
      .sort();
  }
}
