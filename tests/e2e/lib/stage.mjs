// The stage: one world, and hosts started when a case first needs them.
import { request } from "./client.mjs";
import { freePort, startHost } from "./hosts.mjs";
import { tiles } from "./html.mjs";
import { CONSENT, COOKIE, Visitor, cookiesAfter } from "./visitor.mjs";
import { ofCategory, startWorld } from "./world.mjs";

export class Stage {
  constructor(name = "suite") {
    this.name = name;
    this.running = new Map();
    this.ids = 0;
  }

  async start() {
    this.world = await startWorld(this.name);
    const { products, origin } = this.world;
    this.five = ofCategory(products).slice(0, 5);
    this.world.categories = await this.categories(this.five[0]);
    const host = await this.host("native", "good");
    this.cookies = { consent: CONSENT, five: await cookiesAfter(host.base, this.five), none: undefined };
    this.byId = new Map(products.map((product) => [product.id, product]));
    this.origin = origin;
  }

  async stop() {
    await Promise.all([...this.running.values()].map(async (host) => (await host).stop()));
    await this.world?.stop();
  }

  /**
   * The host with this snapshot folder and these keys in front of the origin; `origin` for another one, `traps` for one that can, `mounted` for a
   * component that reads the folder. One that cannot be used is not put into a component.
   */
  host(kind, snapshot, { origin = this.world.origin.base, keys = "", traps = false, mounted = this.world.spoilt.has(snapshot) || undefined } = {}) {
    const key = `${kind} ${snapshot} ${origin} ${keys} ${traps} ${mounted}`;
    if (!this.running.has(key)) this.running.set(key, startHost(kind, { origin, keys, traps, mounted, snapshots: this.world.snapshots[snapshot] }));
    return this.running.get(key);
  }

  /** What a case is given. */
  async context(kind, { snapshot = "good", downstream, keys, traps, mounted } = {}) {
    const { world, cookies, five } = this;
    if (downstream === "nobody") this.deadPort ??= await freePort();
    const origin = downstream === "nobody" ? `http://127.0.0.1:${this.deadPort}` : undefined;
    const host = await this.host(kind, snapshot, { origin, keys, traps, mounted });
    return {
      kind, host, world, cookies, five, origin: this.origin,
      product: (id) => this.byId.get(id) ?? raise(`${id} is not in the feed`),
      id: () => String(++this.ids),
      send: (target, options) => request(host.base, target, prepared(options)),
      direct: (target, options) => request(this.origin.base, target, prepared(withoutOurs(options))),
      visitor: (given = CONSENT) => new Visitor(host.base, given),
    };
  }

  /** The list pages that show a product, with the products on them. */
  async categories({ path }) {
    const page = await request(this.world.shop.base, path);
    const targets = [...new Set([...page.text.matchAll(/href="(\/en\/c\/[^"]+)"/g)].map((match) => match[1]))];
    const out = [];
    for (const target of targets) {
      const ids = new Set(tiles((await request(this.world.shop.base, target)).text).map(({ id }) => id));
      out.push({ target, ids });
    }
    return out;
  }
}

function prepared({ cookies, origin, id, headers = {}, ...rest } = {}) {
  const lines = Object.entries(headers);
  if (cookies !== undefined) lines.push(["Cookie", cookies]);
  // A header holds bytes, so what is not ASCII is escaped.
  const ascii = (text) => text.replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  if (origin) lines.push(["X-Origin", ascii(JSON.stringify(origin))]);
  if (id) lines.push(["X-Test", id]);
  return { ...rest, headers: lines };
}

/** The request that the origin would get without us. */
function withoutOurs({ cookies, ...rest } = {}) {
  const kept = cookies?.split("; ").filter((pair) => !pair.startsWith(`${COOKIE}=`)).join("; ");
  return { ...rest, cookies: kept || undefined };
}

function raise(message) {
  throw new Error(message);
}
