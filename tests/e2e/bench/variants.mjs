// What is measured against what, and the processes that this needs.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { HOSTS, freePort, startHost, worker } from "../lib/hosts.mjs";
import { slots } from "../lib/html.mjs";
import { E2E, wranglerSettings } from "../lib/paths.mjs";
import { cookiesAfter } from "../lib/visitor.mjs";
import { client } from "./client.mjs";
import { children } from "./memory.mjs";

export { HOSTS };
export const RUNTIMES = { native: "native (hyper)", cloudflare: "workerd", spin: "wasmtime serve" };

/**
 * One row each. `area` is where the shop has the page: in `/c` it has one list, behind which it goes through unread; in `/s` it may
 * have more, so it is read to its end. `caching` is what the origin says of its pages (shop.mjs), `pages` whether the host may keep compiled
 * pages (KEPT_PAGES); a host that cannot keep any streams them, and is measured doing so.
 */
export const VARIANTS = [
  { name: "pass-through", caching: "plain", snapshot: "empty" },
  { name: "personalised", caching: "plain", pages: "off" },
  { name: "read-to-its-end", caching: "plain", pages: "off", area: "s" },
  { name: "compiled-validated", caching: "etag", pages: "on" },
  { name: "compiled-fresh", caching: "fresh", pages: "on" },
  { name: "html-rewriter", caching: "plain", platform: "tiles and links" },
  { name: "html-rewriter-tiles", caching: "plain", platform: "tiles" },
];

/** What a host's visitor looked at: things of the kind of some tiles, which therefore move. */
const VIEWED = [230, 231, 232, 233, 234].map((item) => ({ path: `/p/${item}` }));

/**
 * The elements that the platform's own rewriter handles, and where it inserts what our slot says. Ours reads each tile's
 * link to know its product, so the same work is tiles and links; without links it is less than ours.
 */
const [TILE, LINK, ANCHOR] = ["ul.products > li.tile", "ul.products a[href]", "ul.products"];

/** The variants that a host has. */
export const variantsOf = (kind) => VARIANTS.filter(({ platform }) => !platform || kind === "cloudflare");

/** Starts the generated shop. */
export async function startShop() {
  const shop = spawn(process.execPath, [join(E2E, "bench/shop.mjs")], { stdio: ["pipe", "pipe", "inherit"] });
  const port = await new Promise((resolve, reject) => {
    shop.stdout.once("data", (line) => resolve(Number(line)));
    shop.once("exit", (code) => reject(new Error(`the shop ended with ${code}`)));
  });
  return { base: `http://127.0.0.1:${port}`, stop: () => shop.kill() };
}

/** Hosts before one shop, each started when it is first asked for. One at a time, or nobody knows whose workerd is whose. */
export class Servers {
  constructor(shops, origin) {
    Object.assign(this, { shops, origin, running: new Map() });
  }

  snapshots(items) {
    return join(this.shops, items === "empty" ? "empty" : `${items}/snapshots`);
  }

  /** The server of a variant, with its visitor's cookies. */
  async of(kind, { snapshot, pages, platform }, items) {
    const key = platform ? `platform ${platform}` : `${kind} ${snapshot ?? items} ${pages ?? ""}`;
    if (!this.running.has(key)) {
      const server = platform ? await this.rewriter(kind, items, platform) : await this.start(kind, snapshot ?? items, { pages });
      server.cookies = snapshot || platform ? await this.cookies(kind, items) : await cookiesAfter(server.base, VIEWED);
      this.running.set(key, server);
    }
    return this.running.get(key);
  }

  async cookies(kind, items) {
    return (await this.of(kind, VARIANTS[1], items)).cookies;
  }

  async start(kind, items, { pages, cold, mounted } = {}) {
    const vars = pages ? { KEPT_PAGES: pages } : {};
    return owned(() => startHost(kind, { origin: this.origin, snapshots: this.snapshots(items), bare: true, vars, cold, mounted }));
  }

  /** The platform's own rewriter, with the slot that ours inserts. */
  async rewriter(kind, items, what) {
    const ours = await this.of(kind, VARIANTS[1], items);
    const { ask, close } = client(ours.base, { cookies: ours.cookies });
    const { body } = await ask("/c/plain/20480-12");
    close();
    const html = slots(body.toString("latin1")).map(({ html }) => `${html}\n`).join("");
    if (!html) throw new Error("no slot was filled, so there is nothing for the platform's rewriter to do");
    const port = await freePort();
    const { compatibilityDate } = wranglerSettings();
    const work = { tile: TILE, ...(what !== "tiles" && { link: LINK }), insertions: [{ selector: ANCHOR, position: "before", html }] };
    const main = join(E2E, "bench/rewriter.mjs");
    const server = await owned(() => worker({ main, compatibilityDate, port, bare: "alone", bindings: { ORIGIN: this.origin, WORK: work } }));
    return Object.assign(server, { base: `http://127.0.0.1:${port}` });
  }

  /** Ends those that only a shop of so many items needs; all without a number. */
  async stop(items) {
    for (const [key, server] of this.running) {
      if (items && !key.includes(` ${items} `)) continue;
      this.running.delete(key);
      await server.stop();
    }
  }
}

/** A server with the number of its process. */
async function owned(start) {
  const before = new Set(children("workerd"));
  const server = await start();
  server.pid ??= children("workerd").find((pid) => !before.has(pid));
  return server;
}
