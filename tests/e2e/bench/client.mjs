// A client that measures: kept-alive connections, times from the request's first byte to the response's first and last.
import http from "node:http";

/**
 * @param {string} base  for instance `http://127.0.0.1:8701`
 * @param {{cookies?: string, connections?: number}} [options]
 * @returns {{ask: (path: string, more?: object) => Promise<{first: number, time: number, status: number, headers: object, body: Buffer}>, close: () => void}}
 *   `first` and `time` in milliseconds
 */
export function client(base, { cookies, connections = 1 } = {}) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections, noDelay: true });
  const { hostname, port } = new URL(base);
  const ask = (path, more = {}) => new Promise((resolve, reject) => {
    const began = performance.now();
    const given = more.cookies ?? cookies;
    const headers = given ? { Cookie: given } : {};
    const request = http.get({ hostname, port, path, headers, agent }, (response) => {
      const pieces = [];
      let first;
      response.on("data", (piece) => {
        first ??= performance.now() - began;
        pieces.push(piece);
        if (more.leaves) request.destroy();
      });
      response.on("error", (error) => (more.leaves ? resolve({ left: true }) : reject(error)));
      response.on("end", () => {
        const { statusCode: status, headers } = response;
        resolve({ first: first ?? performance.now() - began, time: performance.now() - began, status, headers, body: Buffer.concat(pieces) });
      });
    });
    request.on("error", (error) => (more.leaves ? resolve({ left: true }) : reject(error)));
    if (more.timeout) request.setTimeout(more.timeout, () => request.destroy(new Error(`nothing for ${more.timeout} ms`)));
  });
  return { ask, close: () => agent.destroy() };
}

/** The value below which a share `q` of `numbers` is; NaN of none. */
export function quantile(numbers, q) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
}

export const median = (numbers) => quantile(numbers, 0.5);
