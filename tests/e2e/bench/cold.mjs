// The first request that a new isolate, instance or process answers: on workerd and natively each sample is a process of
// its own; wasmtime makes a new instance for each request here. Variants take turns, so that a slow moment of the
// machine hits all of them. Times are from the request's first byte to the response's last; beside them stands the
// processor's time that the host's own process took, on Linux, for a busy machine tells little by the clock.
//
//   node bench/cold.mjs [--n 25]        TAILORBIRD_HOSTS=native,… for some of the hosts
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { request } from "../lib/client.mjs";
import { HOSTS, alone, freePort, listening, startHost } from "../lib/hosts.mjs";
import { E2E, wranglerSettings } from "../lib/paths.mjs";
import { cookiesAfter } from "../lib/visitor.mjs";
import { ofCategory, startWorld } from "../lib/world.mjs";

const { values } = parseArgs({ options: { n: { type: "string", default: "25" } } });
const SAMPLES = Math.max(1, Number(values.n));
/** What the first request may take longer than pass-through's first, in milliseconds. */
const MOST_MS = 5;
const RUNTIMES = { native: "native (hyper)", cloudflare: "workerd", spin: "wasmtime serve" };

const world = await startWorld("cold");
const target = world.pages.listing;
const reply = await request(world.shop.base, target);
// The shop's own time is of no interest, and only adds noise.
world.origin.extra.set(target, { headers: reply.headers.filter(([name]) => /^content-type$/i.test(name)), body: reply.body });
const warm = await startHost("native", { origin: world.origin.base, snapshots: world.snapshots.good });
const cookies = await cookiesAfter(warm.base, ofCategory(world.products, "Kitchen > Mugs").slice(0, 5));
await warm.stop();

console.log(`${SAMPLES} samples a variant, in turns; milliseconds from a first request's first byte to its response's last.\n`);
console.log("| runtime | variant | p50 ms | p90 ms | added at p50 | CPU p50 ms |\n|---|---|---:|---:|---:|---:|");
const verdicts = [];
for (const kind of HOSTS) {
  const variants = variantsOf(kind).map((variant) => ({ ...variant, times: [], cpu: [] }));
  for (let sample = 0; sample < SAMPLES; sample++) for (const variant of variants) await first(variant);
  const base = quantile(variants[0].times, 0.5);
  for (const { name, times, cpu } of variants) {
    const [p50, p90] = [0.5, 0.9].map((q) => quantile(times, q));
    console.log(`| ${RUNTIMES[kind]} | ${name} | ${p50.toFixed(2)} | ${p90.toFixed(2)} | ${(p50 - base).toFixed(2)} | ${quantile(cpu, 0.5).toFixed(1)} |`);
  }
  const added = quantile(variants.at(-1).times, 0.5) - base;
  verdicts.push(`${added > MOST_MS ? "MISSED" : "met   "} ${RUNTIMES[kind]}, first request: ${added.toFixed(2)} ms more than pass-through's, at most ${MOST_MS}`);
}
console.log(`\n${verdicts.join("\n")}`);
await world.stop();
process.exit();

function variantsOf(kind) {
  const ours = (snapshots) => () => startHost(kind, { origin: world.origin.base, snapshots, cold: true });
  const platform = async () => {
    const [port, modules] = [await freePort(), [join(E2E, "bench/passthrough.mjs")]];
    const server = alone({ modules, compatibilityDate: wranglerSettings().compatibilityDate, port, bindings: { ORIGIN: world.origin.base } });
    await listening(server, port);
    return { ...server, base: `http://127.0.0.1:${port}` };
  };
  return [
    ...(kind === "cloudflare" ? [{ name: "a Worker that passes on", start: platform }] : []),
    { name: "Tailorbird without a snapshot", start: ours(world.snapshots.empty) },
    { name: "Tailorbird, personalised", start: ours(world.snapshots.good), changed: true },
  ];
}

async function first({ name, start, changed, times, cpu }) {
  const server = await start();
  try {
    const { pid } = server;
    const [spent, began] = [processorTime(pid), performance.now()];
    const reply = await request(server.base, target, { headers: { Cookie: cookies } });
    times.push(performance.now() - began);
    cpu.push(processorTime(pid) - spent);
    const isChanged = reply.header("cache-control") === "private, no-store";
    if (reply.status !== 200 || isChanged !== Boolean(changed)) throw new Error(`${name}: ${reply.status}\n${server.log()}`);
  } finally {
    await server.stop();
  }
}

/** Milliseconds that a process has run so far, all of its threads; nothing where the system does not tell. */
function processorTime(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map((id) => readFileSync(`/proc/${pid}/task/${id}/schedstat`, "utf8"));
    return threads.reduce((sum, line) => sum + Number(line.split(" ")[0]) / 1e6, 0);
  } catch {
    return NaN;
  }
}

function quantile(times, q) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}
