// Starts each host in its real runtime, on a free port, with a shop behind it and a snapshot folder of its own.
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { request } from "./client.mjs";
import { ARTEFACTS, BINARY, COMPONENT, E2E, ROOT, WASMTIME, wranglerSettings } from "./paths.mjs";
import { WORKERD, configure } from "./workerd.mjs";

/** All hosts, or those that TAILORBIRD_HOSTS names. */
export const HOSTS = (process.env.TAILORBIRD_HOSTS ?? "native,cloudflare,spin").split(",");

const START = { native, cloudflare, spin };
const READY_WITHIN = 60_000;

/**
 * @param {"native"|"cloudflare"|"spin"} kind
 * @param {{origin: string, snapshots: string, keys?: string, vars?: Object<string, string>, cold?: boolean, flags?: string[], mounted?: boolean}} settings
 *   `mounted` has Spin's component read the folder, where by default it has the snapshot inside; `vars` are further
 *   settings of the host; `cold` asks it nothing, so that it has not answered yet, and has it alone in
 *   its process, with these flags of V8's
 * @returns {Promise<{kind: string, base: string, pid?: number, log: () => string, stop: () => Promise<void>}>}
 */
export async function startHost(kind, settings) {
  const port = await freePort();
  const host = await START[kind]({ ...settings, port });
  Object.assign(host, { kind, base: `http://127.0.0.1:${port}` });
  try {
    await (settings.cold ? listening(host, port) : ready(host));
  } catch (error) {
    await host.stop();
    throw error;
  }
  return host;
}

/** The same host once for each entry of `settings`, all at once. */
export async function startHosts(kinds, settings) {
  const hosts = await Promise.allSettled(kinds.map((kind) => startHost(kind, settings)));
  const failed = hosts.find(({ status }) => status === "rejected");
  if (failed) {
    await Promise.all(hosts.map(({ value }) => value?.stop()));
    throw failed.reason;
  }
  return Object.fromEntries(hosts.map(({ value }) => [value.kind, value]));
}

async function native({ origin, snapshots, port, keys = "", args = [], vars = {} }) {
  const env = { ...process.env, TAILORBIRD_KEYS: keys, ...vars };
  return child(BINARY, ["serve", "--origin", origin, "--snapshots", snapshots, "--listen", `127.0.0.1:${port}`, ...args], { env });
}

async function spin({ origin, snapshots, port, cold, keys = "", vars = {}, mounted = !existsSync(join(snapshots, "current")) }) {
  const component = mounted ? COMPONENT : join(ARTEFACTS, `component-${port}.wasm`);
  if (!mounted) {
    mkdirSync(ARTEFACTS, { recursive: true });
    await promisify(execFile)(BINARY, ["embed", COMPONENT, "--snapshots", snapshots, "--out", component]);
  }
  const host = child(WASMTIME, [
    "serve", "-Scli,http,p3", "-Ccache=n", ...(cold ? ["--max-instance-reuse-count", "1"] : []), ...(mounted ? ["--dir", `${snapshots}::/model-snapshots`] : []),
    "--env", `ORIGIN=${origin}`, "--env", `TAILORBIRD_KEYS=${keys}`, ...Object.entries(vars).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    "--addr", `127.0.0.1:${port}`, component,
  ]);
  return mounted ? host : removing(host, component);
}

/** The same host, with which this file or folder goes. */
function removing(host, path) {
  const { stop } = host;
  host.stop = async () => {
    await stop();
    rmSync(path, { recursive: true, force: true });
  };
  return host;
}

async function cloudflare({ origin, snapshots, port, bare, cold, flags, traps, keys = "", vars = {} }) {
  const settings = { ...wranglerSettings(), snapshots, port, bindings: { ORIGIN: origin, TAILORBIRD_KEYS: keys, ...vars } };
  if (!cold) return worker({ ...settings, bare, traps });
  return alone({ ...settings, flags, modules: [settings.main, join(dirname(settings.main), "index_bg.wasm")] });
}

/** A worker of these modules, alone in a process of workerd; see `workerd.mjs`. */
export function alone(settings) {
  const folder = join(ARTEFACTS, `workerd-${settings.port}`);
  return removing(child(WORKERD, ["serve", configure(folder, settings)]), folder);
}

/**
 * A worker in workerd, with the snapshot folder as its static assets. The socket is workerd's own and leads to the
 * worker: the proxy that Miniflare puts in front of it for people would change responses. Two small workers of the
 * assets' router still stand before it; `bare` leaves them out and binds the folder itself, for measurements. `traps`
 * has it trap where a request says so (trap.mjs).
 */
export async function worker({ main, compatibilityDate, compatibilityFlags = [], snapshots, port, bare, traps, bindings = {} }) {
  const { Miniflare, Log, LogLevel } = await import("miniflare");
  const lines = [];
  const log = new (class extends Log {
    log(message) {
      lines.push(message);
    }
  })(LogLevel.WARN);
  const root = dirname(main);
  const miniflare = new Miniflare({
    log,
    host: "127.0.0.1",
    cf: false,
    handleRuntimeStdio: (stdout, stderr) => {
      for (const stream of [stdout, stderr]) stream.on("data", (data) => lines.push(String(data)));
    },
    name: "tailorbird",
    modulesRoot: root,
    modules: [
      ...(traps ? trapsBefore(root) : []),
      ...[main, ...(bare === "alone" ? [] : modulesBeside(main))].map((path) => ({ type: path.endsWith(".wasm") ? "CompiledWasm" : "ESModule", path })),
    ],
    compatibilityDate,
    compatibilityFlags,
    bindings,
    ...(snapshots && bare && { serviceBindings: { SNAPSHOTS: { disk: { path: snapshots, writable: false } } } }),
    ...(snapshots && !bare && {
      assets: {
        directory: snapshots,
        binding: "SNAPSHOTS",
        routerConfig: { invoke_user_worker_ahead_of_assets: true, has_user_worker: true },
        assetConfig: { html_handling: "none", not_found_handling: "none" },
      },
    }),
    unsafeDirectSockets: [{ host: "127.0.0.1", port }],
  });
  await miniflare.ready;
  return { log: () => lines.join("\n"), stop: () => miniflare.dispose() };
}

function trapsBefore(root) {
  // (module (func (export "unreachable") unreachable))
  const trap = "AGFzbQEAAAABBAFgAAADAgEABw8BC3VucmVhY2hhYmxlAAAKBQEDAAAL";
  return [
    { type: "ESModule", path: join(root, "trap.mjs"), contents: readFileSync(join(E2E, "lib/trap.mjs"), "utf8") },
    { type: "CompiledWasm", path: join(root, "trap.wasm"), contents: Buffer.from(trap, "base64") },
  ];
}

function modulesBeside(main) {
  const out = [];
  const walk = (folder) => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) walk(path);
      else if (/\.(m?js|wasm)$/.test(name) && path !== main) out.push(path);
    }
  };
  walk(dirname(main));
  return out;
}

const children = new Set();
process.on("exit", () => children.forEach((running) => running.kill("SIGKILL")));

/** A program whose output is kept and that ends with us. */
export function child(program, args, options = {}) {
  mkdirSync(ARTEFACTS, { recursive: true });
  const lines = [];
  const running = spawn(program, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"], ...options });
  for (const stream of [running.stdout, running.stderr]) stream.on("data", (data) => lines.push(String(data)));
  const host = { log: () => lines.join(""), ended: false };
  const end = new Promise((resolve) => {
    running.on("error", (error) => {
      host.ended = `${program}: ${error.message}`;
      resolve();
    });
    running.on("exit", (code, signal) => {
      host.ended ||= `${relative(ROOT, program)} ended with ${signal ?? code}`;
      resolve();
    });
  });
  children.add(running);
  host.stop = async () => {
    children.delete(running);
    running.kill("SIGTERM");
    await Promise.race([end, sleep(2_000)]);
    running.kill("SIGKILL");
    await end;
  };
  host.pid = running.pid;
  return host;
}

/** Waits until `host.base` answers HTTP at all. */
export async function ready(host, target = "/_tailorbird/status") {
  const until = Date.now() + READY_WITHIN;
  for (;;) {
    if (host.ended) throw new Error(`${host.ended}\n${host.log()}`);
    try {
      return await request(host.base, target, { timeout: 5_000 });
    } catch (error) {
      if (Date.now() > until) throw new Error(`${host.base} does not answer: ${error.message}\n${host.log()}`);
      await sleep(50);
    }
  }
}

/** Waits until connections are taken. No request is made. */
export async function listening(host, port) {
  const until = Date.now() + READY_WITHIN;
  const taken = () => new Promise((resolve) => {
    const socket = net.connect({ host: "127.0.0.1", port }, () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
  while (!(await taken())) {
    if (host.ended || Date.now() > until) throw new Error(`${host.ended || "takes no connection"}\n${host.log()}`);
    await sleep(20);
  }
}

/** Below those that Linux gives to clients' own ends: there, one that is free now may be a connection's when a server starts. */
const [FIRST_PORT, LAST_PORT] = [20_000, 32_000];
let nextPort = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));

export async function freePort() {
  for (;;) {
    const port = nextPort;
    nextPort = port < LAST_PORT ? port + 1 : FIRST_PORT;
    if (await isFree(port)) return port;
  }
}

function isFree(port) {
  const server = net.createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
