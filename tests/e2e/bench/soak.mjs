// Full load for minutes on one host: mixed pages and visitors, clients that go away, every response compared to the byte
// with what a quiet host answered, and the memory of the runtime's process watched. Ends with 1 when anything is wrong.
//
//   TAILORBIRD_HOSTS=spin node bench/soak.mjs --shops DIR --items 10000 --minutes 10 --out DIR      `cargo xtask bench soak` runs it
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { client, quantile } from "./client.mjs";
import { expectations, Judge } from "./expected.mjs";
import { held } from "./memory.mjs";
import { mulberry32 } from "./page.mjs";
import { HOSTS, RUNTIMES, Servers, startShop } from "./variants.mjs";

const CLIENTS = 32;
/** Of so many requests, one client goes away at the first piece of the page. */
const LEAVES_EVERY = 40;
/** Milliseconds without a byte after which a response counts as lost. */
const TIMEOUT = 30_000;
const SAMPLE_MS = 500;
/** Memory is compared between these parts of the run: by its middle everything that is kept is there. */
const [MIDDLE, END] = [[0.4, 0.6], [0.9, 1]];
/** How much more the end may take than the middle: what allocators and garbage collectors leave lying about. */
const MAX_GROWTH = 0.15;
const MAX_GROWTH_MIB = 24;
/** Rows of the printed curve, and errors that are told one by one. */
const [ROWS, TOLD] = [16, 8];
/** So much of what a host printed is told when something is wrong. */
const LOG_CHARS = 3_000;

const { values } = parseArgs({ options: { shops: { type: "string" }, items: { type: "string" }, minutes: { type: "string" }, out: { type: "string" } } });
const duration = Number(values.minutes) * 60_000;
let wrong = 0;
for (const kind of HOSTS) wrong += await soak(kind);
process.exitCode = wrong ? 1 : 0;

async function soak(kind) {
  const shop = await startShop();
  const servers = new Servers(values.shops, shop.base);
  try {
    // Without compiled pages, so that those are compared with streamed ones.
    const reference = await servers.start("native", values.items, { pages: "off" });
    servers.running.set("reference", reference);
    const host = await servers.start(kind, values.items);
    servers.running.set("host", host);
    const expected = await expectations(reference.base, shop.base);
    const judge = new Judge(expected, reference.base);
    const run = await load(host, judge);
    judge.close();
    if (judge.wrong) console.log(`what the host said last:\n${host.log().slice(-LOG_CHARS)}`);
    return tell(kind, run, judge);
  } finally {
    await servers.stop();
    await shop.stop();
  }
}

/** All clients at once until the time is over. */
async function load(host, judge) {
  const { ask, close } = client(host.base, { connections: CLIENTS });
  const run = { times: [], left: 0, bytes: 0, samples: [] };
  const began = performance.now();
  const sampling = setInterval(() => run.samples.push([performance.now() - began, held(host.pid)]), SAMPLE_MS);
  const shopper = async (seed) => {
    const random = mulberry32(seed);
    while (performance.now() - began < duration && !host.ended) {
      const one = judge.pick(random);
      const leaves = random() * LEAVES_EVERY < 1;
      try {
        const reply = await ask(one.path, { cookies: one.cookies, timeout: TIMEOUT, leaves });
        if (reply.left) run.left++;
        else {
          run.times.push(reply.time);
          run.bytes += reply.body.length;
          await judge.compare(one, reply);
        }
      } catch (error) {
        judge.fail(`${one.path}: ${error.message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, at) => shopper(at + 1)));
  run.elapsed = performance.now() - began;
  clearInterval(sampling);
  close();
  if (host.ended) judge.fail(String(host.ended));
  return run;
}

function tell(kind, { times, left, bytes, samples, elapsed }, judge) {
  const seconds = elapsed / 1000;
  console.log(`\n${RUNTIMES[kind]}: ${times.length} responses compared in ${seconds.toFixed(0)} s by ${CLIENTS} clients, ${(times.length / seconds).toFixed(0)} a second, ` +
    `${(bytes / seconds / 2 ** 20).toFixed(0)} MiB/s; p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms; ${left} left early, ${judge.moved} pages changed with time`);
  const memory = grown(samples.filter(([, mib]) => mib !== undefined), elapsed);
  if (memory.verdict) judge.fail(memory.verdict);
  if (!times.length) judge.fail("no response came");
  for (const [message, count] of [...judge.errors].slice(0, TOLD)) console.log(`WRONG ${count} × ${message}`);
  console.log(judge.wrong ? `${judge.wrong} wrong` : "nothing wrong");
  mkdirSync(values.out, { recursive: true });
  judge.write(values.out, kind);
  writeFileSync(join(values.out, `soak-${kind}.json`), JSON.stringify({
    host: kind, seconds, responses: times.length, left, moved: judge.moved, wrong: judge.wrong, errors: Object.fromEntries(judge.errors),
    p50: quantile(times, 0.5), p99: quantile(times, 0.99), middleMiB: memory.middle, endMiB: memory.end, samples,
  }));
  return judge.wrong;
}

/** Prints the curve; a verdict when memory still grows at the end. */
function grown(samples, elapsed) {
  if (!samples.length) {
    console.log("memory: not known on this system");
    return {};
  }
  const within = ([from, to]) => samples.filter(([at]) => at >= from * elapsed && at <= to * elapsed).map(([, mib]) => mib);
  const most = Math.max(...samples.map(([, mib]) => mib));
  for (let row = 0; row < ROWS; row++) {
    const part = within([row / ROWS, (row + 1) / ROWS]);
    if (part.length) console.log(`${((row + 1) * elapsed / ROWS / 1000).toFixed(0).padStart(6)} s ${Math.max(...part).toFixed(0).padStart(6)} MiB ${"#".repeat(Math.round((40 * Math.max(...part)) / most))}`);
  }
  const [middle, end] = [within(MIDDLE), within(END)].map((part) => quantile(part, 0.5));
  const limit = middle * (1 + MAX_GROWTH) + MAX_GROWTH_MIB;
  console.log(`memory: ${middle.toFixed(0)} MiB in the middle, ${end.toFixed(0)} MiB at the end, at most ${limit.toFixed(0)} MiB`);
  return { middle, end, verdict: end > limit && `memory grew from ${middle.toFixed(0)} MiB to ${end.toFixed(0)} MiB` };
}
