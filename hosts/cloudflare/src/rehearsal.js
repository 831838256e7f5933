// What a rehearsal has in place of the runtime, which does no I/O before there is a request.

import { Guard } from "./guard.js";
import { edit } from "./heads.js";

const CONTEXT = { passThroughOnException() {}, waitUntil() {} };

class Rehearsal extends Guard {
  constructor(request, response) {
    super(request, {}, CONTEXT);
    this.send = async () => response;
  }

  async breathe() {}
}

/** A visitor's request. */
export function request(url, cookie) {
  return new Request(url, { headers: { cookie } });
}

/** The part outside of WASM of a request that the shop answers like this. */
export function guard(request, status, head, page) {
  const response = new Response(status === 304 ? null : streamOf(new TextEncoder().encode(page)), { status });
  edit(response.headers, head);
  return new Rehearsal(request, response);
}

/** Assets that are all the same file. */
export function assets(file) {
  const bytes = file.slice();
  return { fetch: async () => new Response(streamOf(bytes), { headers: { "content-length": bytes.length } }) };
}

/** A body that needs no runtime: one in JavaScript. */
function streamOf(bytes) {
  return new ReadableStream({
    type: "bytes",
    start(controller) {
      controller.enqueue(bytes.slice());
      controller.close();
    },
  });
}
