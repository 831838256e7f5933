// The shop in measurements: answers every address at once, from memory. One page has the bytes on standard input, all
// others are a short page, so that products can be looked at.
//
//   node origin.mjs TARGET CONTENT_TYPE < page.html      prints its port
import http from "node:http";

const [target, contentType] = process.argv.slice(2);
const pieces = [];
for await (const piece of process.stdin) pieces.push(piece);
const page = Buffer.concat(pieces);
const other = Buffer.from("<!doctype html><html><body><main>A product.</main></body></html>");

const server = http.createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  const body = request.url === target ? page : other;
  response.writeHead(200, { "Content-Type": contentType, "Content-Length": body.length, "Cache-Control": "public, max-age=60" });
  response.end(body);
});
server.on("connection", (socket) => socket.setNoDelay(true));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
