// The generated shop in measurements, a process of its own. It answers at once, from memory:
//
//   /c/plain/BYTES-TILES   a page without validators          /c/etag/…    with an ETag, 304 when it is asked so, max-age=0
//   /c/fresh/…             with an ETag and a max-age         /c/drip/…    in pieces, one each DRIP_MS, without a length
//   /p/N                   a product's page                   /data/…      JSON that is no list
//
//   node shop.mjs      prints its port; ends with its standard input
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { DRIP_MS, DRIP_PIECES, FRESH_SECONDS, generate } from "./page.mjs";

const pages = new Map();
const PRODUCT = Buffer.from("<!doctype html><html><body><main>A product.</main></body></html>");
const DATA = Buffer.from(JSON.stringify({ state: "x".repeat(20_000) }));
const HTML = { "Content-Type": "text/html; charset=utf-8" };

const CACHING = {
  plain: () => ({ "Cache-Control": "no-cache" }),
  drip: () => ({ "Cache-Control": "no-cache" }),
  etag: (name) => ({ "Cache-Control": "public, max-age=0, must-revalidate", ETag: `"${name}"` }),
  fresh: (name) => ({ "Cache-Control": `public, max-age=${FRESH_SECONDS}`, ETag: `"${name}"` }),
};

function page(name) {
  if (!pages.has(name)) {
    const [bytes, tiles] = name.split("-").map(Number);
    pages.set(name, generate({ bytes, tiles }));
  }
  return pages.get(name);
}

const server = http.createServer({ keepAliveTimeout: 600_000, requestTimeout: 0 }, (request, response) => {
  const [, area, caching, name] = request.url.split("/");
  if (area === "data") return send(response, { "Content-Type": "application/json" }, DATA);
  if (area !== "c" || !CACHING[caching]) return send(response, HTML, PRODUCT);
  const headers = { ...HTML, ...CACHING[caching](name) };
  if (headers.ETag && request.headers["if-none-match"] === headers.ETag) {
    response.writeHead(304, headers);
    return response.end();
  }
  if (caching === "drip") return drip(response, headers, page(name));
  send(response, headers, page(name));
});

function send(response, headers, body) {
  response.writeHead(200, { ...headers, "Content-Length": body.length });
  response.end(body);
}

async function drip(response, headers, body) {
  response.writeHead(200, headers);
  const size = Math.ceil(body.length / DRIP_PIECES);
  for (let at = 0; at < body.length && !response.destroyed; at += size) {
    response.write(body.subarray(at, at + size));
    await sleep(DRIP_MS);
  }
  response.end();
}

server.on("connection", (socket) => socket.setNoDelay(true));
server.listen(8798, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit()).resume();
