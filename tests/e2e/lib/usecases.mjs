// docs/use-cases.md as a site.toml: its lines are what the cases run with.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";

const DEMO = "demo-shop/site.toml";
const LANGUAGES = ["en", "de"];

/** The document's rows, `{number, name}`, and its blocks: those of the demo shop's file, and those that come behind it. */
export function useCases() {
  const text = readFileSync(join(ROOT, "docs/use-cases.md"), "utf8");
  const rows = [...text.matchAll(/^\| (\d+) \| (.+?) \| .+ \|$/gm)].map(([, number, name]) => ({ number: Number(number), name }));
  const blocks = [...text.matchAll(/^```toml(.*)\n([\s\S]*?)^```$/gm)].map(([, of, lines]) => ({ of: of.trim(), lines }));
  const those = (of) => blocks.filter((block) => block.of === of).map(({ lines }) => lines);
  return { rows, quoted: those(DEMO), added: those("") };
}

/** What was sold out and what cost more when the snapshot before was built. */
export function past(products) {
  const plain = products.filter(({ inStock, sale_price }) => inStock && !sale_price);
  return { back: plain.slice(0, 3), dearer: plain.slice(10, 13) };
}

/** Writes the feeds of the day before into a folder of its own. */
export function writePast(folder, data, products, { back, dearer } = past(products)) {
  const out = join(folder, "before");
  mkdirSync(out, { recursive: true });
  const ids = (of) => new Set(of.map(({ id }) => id));
  const [gone, fallen] = [ids(back), ids(dearer)];
  for (const lang of LANGUAGES) {
    const [head, ...rows] = readFileSync(join(data, `feed.${lang}.tsv`), "utf8").split("\n");
    const at = (name) => head.split("\t").indexOf(name);
    const before = rows.map((row) => {
      const cells = row.split("\t");
      if (gone.has(cells[0])) cells[at("availability")] = "out_of_stock";
      if (fallen.has(cells[0])) cells[at("price")] = `${(2 * parseFloat(cells[at("price")])).toFixed(2)} EUR`;
      return cells.join("\t");
    });
    writeFileSync(join(out, `feed.${lang}.tsv`), [head, ...before].join("\n"));
  }
  return out;
}

/** The sets of products that were bought in one go. */
export function baskets(data) {
  return events(data, "purchase").map(({ items }) => new Set(items.map(({ item_id }) => item_id)));
}

/** What each visitor of the log looked at. */
export function viewsOf(data) {
  const views = new Map();
  for (const { user_pseudo_id: who, items } of events(data, "view_item")) {
    if (!views.has(who)) views.set(who, new Set());
    items.forEach(({ item_id }) => views.get(who).add(item_id));
  }
  return views;
}

function events(data, name) {
  const lines = readFileSync(join(data, "events.jsonl"), "utf8").split("\n");
  return lines.filter((line) => line.startsWith(`{"event_name":"${name}"`)).map((line) => JSON.parse(line));
}
