// The demo shop with a slot for each strategy, before those it has.
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { child, freePort, ready, startHost } from "../lib/hosts.mjs";
import { ARTEFACTS, BINARY } from "../lib/paths.mjs";
import { baskets, useCases, writePast } from "../lib/usecases.mjs";
import { CREATED, DAY_BEFORE, readFeed, tailorbird, train } from "../lib/world.mjs";
import { PLACES, RUSHES, having, personas } from "./personas.mjs";

/** The cookie that says which slot a visitor gets: slots of one page do not repeat each other's items. */
export const PICTURE = "picture";
/** Items in a picture: as many as stand side by side. */
const ITEMS = 5;
const LANGUAGES = ["en", "de"];
/** How many look at each product that is wanted all at once, over the last day. */
const LOOKS = { some: 50, many: 90 };
const DAY = 86_400;
/** The demo shop's feed has no sizes, which shops of clothing have. */
const SIZES = { "Clothing > Jumpers": ["S", "M", "L", "XL"], "Clothing > Shirts": ["S", "M", "L", "XL"] };

// What the pages of the use cases do not tell yet.
const FACTS = `
[[trait]]
name = "${PICTURE}"
cookie = "${PICTURE}"

[[fact]]
name = "category"
pages = ["listing"]
path = "/*/c/*/{}"

[[fact]]
name = "search"
pages = ["search"]
query = "q"
`;

/** Trains the snapshot and starts the shop and, in front of it, the native host. */
export async function startShop() {
  const folder = join(ARTEFACTS, "pictures");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const data = join(folder, "demo");
  await tailorbird("demo-shop", "--out", data);
  for (const lang of LANGUAGES) addSizes(join(data, `feed.${lang}.tsv`));
  const products = readFeed(join(data, "feed.en.tsv"));
  const log = join(data, "events.jsonl");
  for (const wanted of RUSHES) rush(log, having(products, wanted, ITEMS), LOOKS.some);
  rush(log, spread(products, 33), LOOKS.many);
  // What was sold out, and what cost more, when the snapshot before was built.
  const past = { back: spread(products, 7), dearer: spread(products, 20) };
  const people = personas(products, past, baskets(data));
  const [pages] = useCases().added;
  const slots = Object.entries(people).map(([strategy, { at }]) => slot(strategy, at));
  const site = [...slots, readFileSync(join(data, "site.toml"), "utf8"), pages, FACTS].join("\n");
  const feeds = writePast(folder, data, products, past);
  const previous = await train(folder, "before", data, site, { feeds, created: DAY_BEFORE });
  const snapshots = await train(folder, "pictures", data, site, { further: ["--previous", previous] });
  const port = await freePort();
  const shop = child(BINARY, ["demo-shop", "--serve", `127.0.0.1:${port}`]);
  shop.base = `http://127.0.0.1:${port}`;
  await ready(shop, "/en/");
  const host = await startHost("native", { origin: shop.base, snapshots });
  return { shop, host, products, people, stop: () => Promise.all([host.stop(), shop.stop()]) };
}

/** Of a strategy's own slot, not of one that the shop has with the same strategy. */
export function slotName(strategy) {
  return strategy.replaceAll("_", "-");
}

function slot(strategy, at) {
  const { kind = at, selector, position } = PLACES[at];
  const template = ["content", "articles", "themes"].includes(strategy) ? "list" : "carousel";
  return `[[slot]]
name = "${slotName(strategy)}"
pages = ["${kind}"]
selector = "${selector}"
position = "${position}"
when = 'trait("${PICTURE}") == "${strategy}"'
strategies = ["${strategy}"]
max = ${ITEMS}
template = "tailorbird/${template}"
`;
}

/** Products from all over the shop, others for another start. */
function spread(products, from) {
  const plain = products.filter(({ inStock, sale_price }) => inStock && !sale_price);
  return Array.from({ length: ITEMS }, (_, i) => plain[from + i * 61]);
}

/** The demo shop's log has few trends, and not two in a category. */
function rush(log, products, looks) {
  const lines = products.flatMap(({ id }) => Array.from({ length: looks }, (_, at) => JSON.stringify({
    event_name: "view_item", event_timestamp: (CREATED - 60 - at * Math.floor(DAY / looks)) * 1e6, user_pseudo_id: `${id}-${at}`, items: [{ item_id: id }],
  })));
  appendFileSync(log, `${lines.join("\n")}\n`);
}

function addSizes(file) {
  const [head, ...rows] = readFileSync(file, "utf8").trimEnd().split("\n");
  const type = head.split("\t").indexOf("product_type");
  const sized = rows.map((row, at) => {
    const sizes = SIZES[row.split("\t")[type]];
    return `${row}\t${sizes ? sizes[at % sizes.length] : ""}`;
  });
  writeFileSync(file, `${[`${head}\tsize`, ...sized].join("\n")}\n`);
}
