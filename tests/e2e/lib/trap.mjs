// The worker as it is deployed, and a trap in it where a request says so: `x-trap: N` traps at the Nth time that Rust
// asks for the time from then on. It asks before and after each thing that the engine does:
//
//   1, 2  deciding what to ask the shop for                 5, 6        looking at the head of its answer
//   3, 4  deciding what the visitor gets, for a page alone  7, 8, 9 …   rewriting the pieces of a page
import Worker from "./index.js";
import trap from "./trap.wasm";

const { unreachable } = new WebAssembly.Instance(trap).exports;
const now = performance.now.bind(performance);
let left = 0;
performance.now = () => {
  if (left && --left === 0) unreachable();
  return now();
};

export default {
  fetch(request, env, context) {
    if (request.headers.has("x-trap")) left = Number(request.headers.get("x-trap"));
    return new Worker(context, env).fetch(request);
  },
};
