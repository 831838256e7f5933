// A client that measures: kept-alive connections, times from the request's first byte to the response's first and last.
import http from "node:http";

/**
 * @param {string} base  for instance `http://127.0.0.1:8701`
 * @param {{cookies?: string, connections?: number}} [options]
 * @returns {{ask: (path: string, more?: {cookies?: string, timeout?: number, leaves?: boolean}) =>
 *   Promise<{first: number, time: number, status: number, headers: object, body: Buffer}>, close: () => void}}
 *   `first` and `time` in milliseconds; a client that `leaves` goes away at the first piece of the body
 */
export function client(base, { cookies, connections = 1 } = {}) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections, noDelay: true });
  const { hostname, port } = new URL(base);
  const once = (path, { cookies: given = cookies, timeout = 0, leaves }) => new Promise((resolve, reject) => {
    const began = performance.now();
    const headers = given ? { Cookie: given } : {};
    const failed = (error) => (leaves ? resolve({ left: true }) : reject(Object.assign(error, { reused: request.reusedSocket })));
    const request = http.get({ hostname, port, path, headers, agent, timeout }, (response) => {
      const { statusCode: status, headers } = response;
      const pieces = [];
      let first;
      response.on("data", (piece) => {
        first ??= performance.now() - began;
        pieces.push(piece);
        if (leaves) request.destroy();
      });
      response.on("error", failed);
      response.on("end", () => {
        // What came in one packet with the first piece is dropped, and still ends in good order.
        if (leaves) return resolve({ left: true });
        if (!response.complete) return failed(new Error("cut off"));
        const time = performance.now() - began;
        resolve({ first: first ?? time, time, status, headers, body: Buffer.concat(pieces) });
      });
    });
    request.on("timeout", () => request.destroy(new Error(`nothing for ${timeout} ms`)));
    request.on("error", failed);
  });
  // A server may end a connection that was idle while we ask on it; then the same is asked again (RFC 9110, 9.2.2).
  const ask = (path, more = {}) => once(path, more).catch((error) => {
    if (!error.reused || error.code !== "ECONNRESET") throw error;
    return ask(path, more);
  });
  return { ask, close: () => agent.destroy() };
}

/** The value below which a share `q` of `numbers` is; NaN of none. */
export function quantile(numbers, q) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
}

export const median = (numbers) => quantile(numbers, 0.5);
