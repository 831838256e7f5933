// Cost against page size, tiles, items and clients: one axis at a time around a middle point, on each host in its real
// runtime. All variants of a host take turns in one run, so that a slow moment of the machine hits all of them; the
// figures are medians and the bars are ratios.
//
//   node bench/matrix.mjs --shops DIR --items 10000,100000 --out DIR [--quick] [--n TURNS]      `cargo xtask bench` runs it
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { pathToFileURL } from "node:url";
import { verdicts } from "./bars.mjs";
import { client, median, quantile } from "./client.mjs";
import { forget, peak, watch } from "./memory.mjs";
import { mulberry32, pageOf } from "./page.mjs";
import { printPoints, printRatios, printStarts, printVerdicts } from "./print.mjs";
import { page } from "./report.mjs";
import { HOSTS, Servers, startShop, variantsOf } from "./variants.mjs";

const KB = 1024;
/** Bytes and tiles: small, three in the shape of real shops' listings, and large. */
const SIZES = [[20, 12], [73, 60], [266, 25], [887, 64], [1024, 64]];
const TILES = [0, 12, 48, 120];
const CLIENTS = [1, 8, 64];
const MIDDLE = { kilobytes: 266, tiles: 48, items: 100_000, clients: 1 };
/** The largest page for many at once: what counts is the memory that it takes. */
const FULL = { kilobytes: 1024, tiles: 64, clients: 32 };
/** Of a page whose first requests are measured, and that drips. */
const COLD = [73, 60];

/**
 * Turns of each variant at a point with one client; with more, each turn is several requests of each of them. `warm` are those before what
 * counts, `begin` those of a process that has just begun: V8 compiles by and by what is called often. First requests are measured by themselves.
 */
const TURNS = { one: 200, many: 10, drip: 40, cold: 7, warm: 20, begin: 500 };
const QUICK_TURNS = { one: 15, many: 2, drip: 6, cold: 2, warm: 4, begin: 100 };
/** Further instances of a process whose first one was measured. */
const INSTANCES = 5;
/** Requests of a client in a turn when there are several. */
const REQUESTS_A_TURN = 4;

/** Every point once, with the axes that it lies on. */
export function points(items) {
  const out = new Map();
  const add = (axis, change) => {
    const { kilobytes, tiles, items, clients } = { ...MIDDLE, ...change };
    const key = [kilobytes, tiles, items, clients].join(" ");
    const point = out.get(key) ?? { axes: [], ...pageOf(kilobytes * KB, tiles), kilobytes, items, clients };
    point.axes.push(axis);
    out.set(key, point);
  };
  for (const [kilobytes, tiles] of SIZES) add("kilobytes", { kilobytes, tiles });
  for (const tiles of TILES) add("tiles", { tiles });
  for (const one of items) add("items", { items: one });
  // Last, for what they leave in a process would count as other points' memory.
  for (const clients of CLIENTS) add("clients", { clients });
  add("memory", FULL);
  return [...out.values()];
}

async function main() {
  const { values } = parseArgs({ options: {
    shops: { type: "string" }, items: { type: "string" }, out: { type: "string" }, quick: { type: "boolean" }, n: { type: "string" },
  } });
  const turns = { ...(values.quick ? QUICK_TURNS : TURNS), ...(values.n && { one: Math.max(1, Number(values.n)) }) };
  const items = values.items.split(",").map(Number);
  const began = performance.now();
  const figures = {
    taken: new Date().toISOString(), quick: Boolean(values.quick), turns,
    machine: `${cpus().length} × ${cpus()[0].model.trim()}`, load: loadavg()[0], points: [], drip: [], cold: [],
  };
  console.log(`${turns.one} turns at a point, variants in turns, kept-alive connections on loopback, ${figures.machine}, load ${figures.load.toFixed(1)}`);
  const shop = await startShop();
  try {
    for (const kind of HOSTS) await measureHost(kind, { figures, turns, items, shop, shops: values.shops });
  } finally {
    await shop.stop();
  }
  figures.seconds = Math.round((performance.now() - began) / 1000);
  figures.bars = verdicts(figures);
  printRatios(figures);
  printVerdicts(figures.bars);
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, "figures.json"), JSON.stringify(figures, null, 1));
  writeFileSync(join(values.out, "index.html"), page(figures));
  console.log(`\n${figures.seconds} s; ${join(values.out, "figures.json")} and index.html beside it`);
  if (loadavg()[0] > cpus().length) console.log(`The machine is busy (load ${loadavg()[0].toFixed(1)}): absolute times say little, and p99 nothing.`);
}

async function measureHost(kind, { figures, turns, items, shop, shops }) {
  const servers = new Servers(shops, shop.base);
  try {
    for (const point of points(items)) {
      // What earlier points left in a process is not this one's memory.
      if (point.axes.includes("memory")) await servers.stop();
      const rows = await measurePoint(kind, servers, point, turns);
      figures.points.push(...rows);
      printPoints(point, rows, figures.points.length === rows.length);
      if (point.items !== MIDDLE.items) await servers.stop(point.items);
    }
    figures.drip.push(...(await measureDrip(kind, servers, turns)));
    await servers.stop();
    for (const one of items) figures.cold.push(...(await measureCold(kind, servers, one, turns.cold)));
    printStarts(kind, figures);
  } finally {
    await servers.stop();
  }
}

/** The variants' clients, each proved to measure what it says. */
async function ready(kind, servers, point, variants, caching) {
  const running = [];
  for (const variant of variants) {
    const server = await servers.of(kind, variant, point.items);
    const path = `/${variant.area ?? "c"}/${caching ?? variant.caching}/${point.name}`;
    const { ask, close } = client(server.base, { cookies: server.cookies, connections: point.clients });
    running.push({ variant, server, path, ask, close, first: [], times: [], elapsed: 0, most: 0 });
  }
  await check(point, running, servers.origin);
  return running;
}

/** Measuring the wrong thing is easy: one must be the origin's page, the others what the engine makes of it. */
async function check(point, running, origin) {
  const shop = client(origin);
  const { body: page } = await shop.ask(`/c/plain/${point.name}`);
  shop.close();
  let personalised;
  for (const { variant, path, ask } of running) {
    const { status, body } = await ask(path);
    const wrong = (what) => new Error(`${variant.name}, ${path}, ${point.items} items: ${what} (${status}, ${body.length} bytes)`);
    if (status !== 200) throw wrong("no page");
    if (variant.snapshot === "empty" && !body.equals(page)) throw wrong("pass-through changed the page");
    if (variant.snapshot !== "empty" && body.equals(page)) throw wrong("nothing was personalised");
    if (variant.pages) {
      personalised ??= body;
      if (!body.equals(personalised)) throw wrong("another page than the streamed one");
    }
  }
}

async function measurePoint(kind, servers, point, turns) {
  const running = await ready(kind, servers, point, variantsOf(kind));
  const { clients } = point;
  const [count, each] = clients === 1 ? [turns.one, 1] : [turns.many, REQUESTS_A_TURN];
  for (const { server } of running) forget(server.pid);
  const random = mulberry32(1);
  const warm = clients > 1 ? 1 : running.every(({ server }) => server.isWarm) ? turns.warm : turns.begin;
  for (const { server } of running) server.isWarm = true;
  for (let turn = -warm; turn < count; turn++) {
    for (const one of shuffled(running, random)) {
      const began = performance.now();
      const ask = async () => {
        for (let n = 0; n < each; n++) {
          const { first, time } = await one.ask(one.path);
          if (turn < 0) continue;
          one.first.push(first);
          one.times.push(time);
        }
      };
      // One client has one instance of a component, which shares memory with nobody.
      const memory = clients === 1 ? undefined : watch(one.server.pid);
      await Promise.all(Array.from({ length: clients }, ask));
      if (turn >= 0) one.elapsed += performance.now() - began;
      one.most = Math.max(one.most, memory?.most() ?? 0);
    }
  }
  return running.map(({ variant, server, first, times, elapsed, most, close }) => {
    close();
    const { axes, kilobytes, tiles, items } = point;
    return {
      host: kind, variant: variant.name, axes, kilobytes, tiles, items, clients, requests: times.length,
      p50: median(times), p99: quantile(times, 0.99), first: median(first), perSecond: (times.length / elapsed) * 1000, peakMiB: most || peak(server.pid),
    };
  });
}

/** In another order each turn: whoever comes behind one of the same process finds it warm, which is nobody's own merit. */
function shuffled(running, random) {
  const order = [...running];
  for (let left = order.length; left > 1; left--) {
    const at = Math.floor(random() * left);
    [order[left - 1], order[at]] = [order[at], order[left - 1]];
  }
  return order;
}

/** The time to the first byte of a page that comes in pieces over some time. */
async function measureDrip(kind, servers, turns) {
  const [kilobytes, tiles] = [MIDDLE.kilobytes, MIDDLE.tiles];
  const point = { ...pageOf(kilobytes * KB, tiles), items: MIDDLE.items, clients: 1 };
  const variants = variantsOf(kind).filter(({ caching, area }) => caching === "plain" && !area);
  const running = await ready(kind, servers, point, variants, "drip");
  const random = mulberry32(1);
  // A page that drips takes long, and one that comes at once has the same called.
  for (const { ask, variant } of running) for (let turn = 0; turn < turns.begin; turn++) await ask(`/c/${variant.caching}/${point.name}`);
  for (let turn = -1; turn < turns.drip; turn++) {
    for (const one of shuffled(running, random)) {
      const { first, time } = await one.ask(one.path);
      if (turn >= 0) one.first.push(first), one.times.push(time);
    }
  }
  return running.map(({ variant, first, times, close }) => {
    close();
    return { host: kind, variant: variant.name, kilobytes, tiles, first: median(first), p50: median(times) };
  });
}

/**
 * First requests of processes that have answered nothing yet, snapshot's opening included; and on Spin, where each request is then a new
 * instance's, those that follow: with the snapshot inside of the component as everywhere here, and with it read from a folder.
 */
async function measureCold(kind, servers, items, count) {
  const [kilobytes, tiles] = COLD;
  const { name } = pageOf(kilobytes * KB, tiles);
  const cookies = await servers.cookies(kind, items);
  await servers.stop();
  const variants = variantsOf(kind).filter(({ caching, platform, area }) => caching === "plain" && !platform && !area);
  if (kind === "spin") variants.push({ ...variants.at(-1), name: "personalised-from-folder", mounted: true });
  const times = new Map(variants.map((variant) => [variant, { first: [], next: [] }]));
  for (let turn = 0; turn < count; turn++) {
    for (const variant of variants) {
      const { snapshot, pages, mounted } = variant;
      const server = await servers.start(kind, snapshot ?? items, { pages, mounted, cold: true });
      const { ask, close } = client(server.base, { cookies });
      const { first, next } = times.get(variant);
      const page = async () => (await ask(`/c/plain/${name}`)).time;
      first.push(await page());
      for (let n = 0; kind === "spin" && n < INSTANCES; n++) next.push(await page());
      close();
      await server.stop();
    }
  }
  return variants.map((variant) => {
    const { first, next } = times.get(variant);
    return { host: kind, variant: variant.name, items, kilobytes, tiles, p50: median(first), ...(next.length && { next: median(next) }) };
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main();
