// What each host adds to a page, in its real runtime. All variants take turns in one run, so that a slow moment of the
// machine hits all of them; one client with one kept-alive connection per server; times are from the request's first
// byte to the response's last.
//
//   node bench/hosts.mjs [--n 300]        TAILORBIRD_HOSTS=native,… for some of the hosts
import { spawn } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { HOSTS, freePort, startHost, worker } from "../lib/hosts.mjs";
import { E2E, wranglerSettings } from "../lib/paths.mjs";
import { cookiesAfter } from "../lib/visitor.mjs";
import { startWorld } from "../lib/world.mjs";
import { client, quantile } from "./client.mjs";
import { sameWork, scenarios } from "./scenarios.mjs";

const { values } = parseArgs({ options: { n: { type: "string", default: "300" } } });
const ROUNDS = Math.max(1, Number(values.n));
const WARM_UP = 40;
const RUNTIMES = { native: "native (hyper)", cloudflare: "workerd", spin: "wasmtime serve" };

const world = await startWorld("bench");
console.log(`${ROUNDS} requests a variant after ${WARM_UP} to warm up, all variants in turns, one client, keep-alive, loopback, ` +
  `${cpus().length} × ${cpus()[0].model.trim()}; milliseconds from the request's first byte to the response's last.`);
for (const scenario of await scenarios(world)) await measure(scenario);
await world.stop();

async function measure(scenario) {
  const origin = await startOrigin(scenario);
  const running = [origin];
  try {
    const variants = [variant("origin", "the shop alone", origin.base)];
    for (const kind of HOSTS) {
      const [closed, open] = await Promise.all([scenario.empty, scenario.snapshots].map((snapshots) => startHost(kind, { origin: origin.base, snapshots, bare: true })));
      running.push(closed, open);
      const cookies = await cookiesAfter(open.base, scenario.products.map((path) => ({ path })));
      const [passed, changed] = [variant(kind, "pass-through", closed.base, cookies), variant(kind, "personalised", open.base, cookies)];
      await check(scenario, passed, changed);
      variants.push(passed, changed);
      if (kind === "cloudflare") {
        const platform = await startRewriter(scenario, origin.base, changed.body);
        running.push(platform);
        variants.push(variant(kind, "platform's HTMLRewriter, same work without re-ordering", platform.base, cookies));
      }
    }
    for (let round = -WARM_UP; round < ROUNDS; round++) {
      for (const one of variants) {
        const { time } = await one.ask(scenario.target);
        if (round >= 0) one.times.push(time);
      }
    }
    print(scenario, variants);
    for (const { close } of variants) close();
  } finally {
    await Promise.all(running.map((server) => server.stop()));
  }
}

/** Measuring the wrong thing is easy: the one must be the origin's page, the other a changed one. */
async function check({ body, target, name }, passed, changed) {
  const [same, other] = [await passed.ask(target), await changed.ask(target)];
  changed.body = other.body;
  if (!same.body.equals(body)) throw new Error(`${name}: pass-through changed the page (${passed.kind})`);
  if (other.body.equals(body) || other.status !== 200) throw new Error(`${name}: nothing was personalised (${changed.kind})`);
}

function variant(kind, name, base, cookies) {
  return { kind, name, ...client(base, { cookies }), times: [] };
}

async function startOrigin({ target, contentType, body }) {
  const origin = spawn(process.execPath, [join(E2E, "bench/origin.mjs"), target, contentType], { stdio: ["pipe", "pipe", "inherit"] });
  origin.stdin.end(body);
  const port = await new Promise((resolve, reject) => {
    origin.stdout.once("data", (line) => resolve(Number(line)));
    origin.once("exit", (code) => reject(new Error(`the origin ended with ${code}`)));
  });
  return { base: `http://127.0.0.1:${port}`, stop: () => origin.kill() };
}

async function startRewriter(scenario, origin, personalised) {
  const port = await freePort();
  const { compatibilityDate } = wranglerSettings();
  const bindings = { ORIGIN: origin, WORK: sameWork(scenario, personalised) };
  const server = await worker({ main: join(E2E, "bench/rewriter.mjs"), compatibilityDate, port, bare: "alone", bindings });
  return { ...server, base: `http://127.0.0.1:${port}` };
}

function print({ name, body, contentType }, variants) {
  console.log(`\n### ${name}: ${(body.length / 1024).toFixed(0)} KB, ${contentType}\n`);
  console.log("| runtime | variant | p50 ms | p99 ms | p50 / pass-through | added at p50 |\n|---|---|---:|---:|---:|---:|");
  for (const { kind, name: what, times } of variants) {
    const base = quantile(variants.find((one) => one.kind === kind).times, 0.5);
    const [p50, p99] = [0.5, 0.99].map((q) => quantile(times, q));
    const ratio = kind === "origin" ? "" : (p50 / base).toFixed(2);
    const added = kind === "origin" ? "" : `${(p50 - base).toFixed(2)}`;
    console.log(`| ${RUNTIMES[kind] ?? ""} | ${what} | ${p50.toFixed(2)} | ${p99.toFixed(2)} | ${ratio} | ${added} |`);
  }
}
