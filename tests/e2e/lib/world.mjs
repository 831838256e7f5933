// The demo shop with its data: feed, events, snapshots good and bad, the shop itself running, and its addresses.
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { request } from "./client.mjs";
import { child, freePort, ready } from "./hosts.mjs";
import { links } from "./html.mjs";
import { Origin } from "./origin.mjs";
import { ARTEFACTS, BINARY, ROOT } from "./paths.mjs";
import { useCases, writePast } from "./usecases.mjs";

const run = promisify(execFile);
// A list that no page of the shop has.
const DEEP = `
[[page]]
kind = "deep"
paths = ["/en/deep.json"]
[[list]]
name = "deep"
pages = ["deep"]
json = "/a~1b/0/m~0n"
item = "/TB/id"
`;
const MOST_PAGES = 4_000;
/** The moment at which the demo's shoppers stop. */
export const CREATED = "1790000000";
/** Of the snapshot before. */
export const DAY_BEFORE = String(CREATED - 86_400);

/** Other ways to ask for consent, each a snapshot of its own. */
const CONSENTS = {
  tcf: 'tcf_purposes = [1, 3, 4]\nwithout = "contextual"',
  google: 'google = { cookie = "gcm", requires = ["personalization_storage"] }\nwithout = "untouched"',
  onetrust: 'cookie = "OptanonConsent"\ngrants = "C0003:1"\nwithout = "contextual"',
};
/** Pages whose addresses no feed has, and what they tell. */
const FACTS = `
[[page]]
kind = "detail"
paths = ["/*/artikel/**"]
[[page]]
kind = "labelled"
paths = ["/*/label/**"]
[[fact]]
name = "product"
path = "/*/artikel/*-{}.html"
[[fact]]
name = "product"
pages = ["detail"]
json_ld = "Product.sku"
[[fact]]
name = "product"
pages = ["labelled"]
selector = "main"
attribute = "data-sku"
[[slot]]
name = "detail"
pages = ["detail", "labelled"]
selector = "article.product"
position = "after"
strategies = ["similar_items"]
max = 4
template = "tailorbird/list"
title = "More like this"
`;

/** What merchandisers want of the home page, for explain to tell of. */
const RULES = `
[[banner]]
name = "regulars"
pages = ["home"]
selector = "main"
position = "prepend"
template = "tailorbird/banner"
title = "Good to see you again"
when = "visits >= 3"
[[rule]]
name = "no mugs"
action = "hide"
items = 'category == "Mugs"'
places = ["home-for-you"]
[[rule]]
name = "for regulars"
action = "boost"
by = 2
items = "on_sale"
when = "visits >= 3"
`;

/** Starts the shop and the origin in front of it, and makes the snapshots. */
export async function startWorld(name) {
  const folder = join(ARTEFACTS, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const data = join(folder, "demo");
  await tailorbird("demo-shop", "--out", data);
  const site = readFileSync(join(data, "site.toml"), "utf8");
  const snapshots = { good: await train(folder, "good", data, site) };
  const untouched = site.replace('without = "contextual"', 'without = "untouched"');
  if (untouched === site) throw new Error("the demo shop's site.toml no longer says without = \"contextual\"");
  snapshots.untouched = await train(folder, "untouched", data, untouched);
  snapshots.json = await train(folder, "json", data, site + DEEP);
  for (const [consent, keys] of Object.entries(CONSENTS)) {
    const other = site.replace(/^cookie = "consent"\ngrants = "personalisation"\nwithout = .*$/m, keys);
    if (other === site) throw new Error("the demo shop's site.toml no longer asks for consent=personalisation");
    snapshots[consent] = await train(folder, consent, data, other);
  }
  snapshots.facts = await train(folder, "facts", data, site + FACTS);
  snapshots.rules = await train(folder, "rules", data, site + RULES);
  snapshots.usecases = await trainUseCases(folder, data, site);
  const bad = spoilt(folder, snapshots.good);
  Object.assign(snapshots, bad);

  const port = await freePort();
  const shop = child(BINARY, ["demo-shop", "--serve", `127.0.0.1:${port}`]);
  shop.base = `http://127.0.0.1:${port}`;
  await ready(shop, "/en/");
  const origin = await new Origin(shop.base).start();
  const products = readFeed(join(data, "feed.en.tsv"));
  return {
    folder,
    data,
    site,
    snapshots,
    /** Those that cannot be used, by name. */
    spoilt: new Set(Object.keys(bad)),
    origin,
    shop,
    products,
    pages: pages(products),
    async stop() {
      await origin.stop();
      await shop.stop();
    },
  };
}

/** Runs the CLI; its output is in the error when it fails. */
export async function tailorbird(...args) {
  try {
    const { stdout } = await run(BINARY, args, { cwd: ROOT, maxBuffer: 64 << 20 });
    return stdout;
  } catch (error) {
    throw new Error(`tailorbird ${args.join(" ")}: ${error.message}\n${error.stdout ?? ""}${error.stderr ?? ""}`);
  }
}

/** With the lines of docs/use-cases.md, what there is to read, and a snapshot of the day before. */
async function trainUseCases(folder, data, site) {
  const lines = [site, ...useCases().added].join("\n");
  const before = writePast(folder, data, readFeed(join(data, "feed.en.tsv")));
  const previous = await train(folder, "usecases-before", data, lines, { feeds: before, created: DAY_BEFORE });
  return train(folder, "usecases", data, lines, { further: ["--previous", previous] });
}

/** A snapshot folder trained with this site.toml; `feeds` is where other feeds than those in `data` are. */
export async function train(folder, name, data, site, { feeds = data, created = CREATED, further = [] } = {}) {
  const out = join(folder, `snapshots-${name}`);
  const siteFile = join(folder, `${name}.toml`);
  writeFileSync(siteFile, site);
  await tailorbird(
    "build", "--site", siteFile,
    ...["en", "de"].flatMap((lang) => [
      "--feed", `${lang}=${join(feeds, `feed.${lang}.tsv`)}`, "--content", `${lang}=${join(data, `articles.${lang}.tsv`)}`,
    ]),
    "--events", join(data, "events.jsonl"), "--out", out, "--created", created, ...further,
  );
  return out;
}

/** The name of the snapshot that `current` points to. */
export function current(folder) {
  return readFileSync(join(folder, "current"), "utf8").split("\n")[0].trim();
}

function spoilt(folder, good) {
  const copy = (name, change) => {
    const out = join(folder, `snapshots-${name}`);
    cpSync(good, out, { recursive: true });
    change(out, join(out, current(out)));
    return out;
  };
  const rewrite = (file, change) => writeFileSync(file, change(readFileSync(file)));
  const empty = join(folder, "snapshots-empty");
  mkdirSync(empty);
  // A folder of static assets cannot be quite empty.
  writeFileSync(join(empty, "README.md"), "No snapshot here.\n");
  return {
    empty,
    missing: copy("missing", (_, file) => rmSync(file)),
    truncated: copy("truncated", (_, file) => rewrite(file, (bytes) => bytes.subarray(0, bytes.length >> 1))),
    flipped: copy("flipped", (_, file) => rewrite(file, (bytes) => {
      const at = (bytes.length * 2) / 3 | 0;
      bytes[at] ^= 0x10;
      return bytes;
    })),
    foreign: copy("foreign", (_, file) => writeFileSync(file, "<!doctype html><title>not a snapshot</title>")),
    outside: copy("outside", (out) => writeFileSync(join(out, "current"), `../snapshots-good/${current(good)}\n`)),
  };
}

/** Products of a feed, with the path of their page. */
export function readFeed(file) {
  const [head, ...rows] = readFileSync(file, "utf8").trimEnd().split("\n").map((line) => line.split("\t"));
  return rows.map((row) => {
    const product = Object.fromEntries(head.map((column, i) => [column, row[i]]));
    return { ...product, path: new URL(product.link).pathname, inStock: product.availability === "in_stock" };
  });
}

/** One address of each kind of page, in both languages where that matters. */
function pages(products) {
  const product = products.find(({ inStock }) => inStock);
  return {
    home: "/en/",
    heim: "/de/",
    listing: "/en/c/kitchen/mugs",
    listing2: "/en/c/kitchen/mugs?page=2",
    search: "/en/search?q=mug",
    more: "/en/search.json?q=mug",
    suggest: "/en/suggest.json?q=mug",
    product: product.path,
    cart: "/en/cart",
  };
}

/** In-stock products of one category, the most numerous one unless named. */
export function ofCategory(products, category) {
  const groups = group(products);
  const named = category ?? [...groups].sort((a, b) => b[1].length - a[1].length)[0][0];
  return groups.get(named).filter(({ inStock }) => inStock);
}

function group(products) {
  const groups = new Map();
  for (const product of products) groups.set(product.product_type, [...(groups.get(product.product_type) ?? []), product]);
  return groups;
}

/** Every address of the shop that can be reached by links from the start page. */
export async function crawl(base, start = "/en/") {
  const seen = new Set([start, "/de/"]);
  for (const target of seen) {
    if (seen.size > MOST_PAGES) break;
    const reply = await request(base, target);
    if (!/^text\/html/.test(reply.header("content-type") ?? "")) continue;
    for (const link of links(reply.text)) seen.add(link);
  }
  return [...seen];
}
