// Two pages to measure on: a list of the demo shop, and a real shop's list with a feed and a site.toml made from it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { request } from "../lib/client.mjs";
import { slots } from "../lib/html.mjs";
import { pagesMissing, savedPage } from "../lib/pages.mjs";
import { CONSENT } from "../lib/visitor.mjs";
import { ofCategory, tailorbird } from "../lib/world.mjs";

const SLOT = `
[[slot]]
name = "bench"
pages = ["listing"]
selector = "CONTAINER"
position = "before"
strategies = ["recommended_for_you", "top_sellers"]
min = 1
max = 6
template = "tailorbird/carousel"
title = "For you"
`;

/** `{name, target, contentType, body, snapshots, empty, products, work}`; products are what the visitor looked at. */
export async function scenarios(world) {
  const out = [await demo(world)];
  if (pagesMissing) console.error(`The real page is left out: ${pagesMissing}.`);
  else out.push(await christmas(world));
  return out;
}

async function demo(world) {
  const target = world.pages.listing;
  const { body, headers } = await request(world.shop.base, target, { headers: { Cookie: CONSENT } });
  const contentType = headers.find(([name]) => name.toLowerCase() === "content-type")[1];
  return {
    name: "listing of the demo shop", target, contentType, body,
    snapshots: world.snapshots.good, empty: world.snapshots.empty,
    products: ofCategory(world.products, "Kitchen > Mugs").slice(0, 5).map(({ path }) => path),
    tile: "ul.products > li.tile", link: "ul.products a[href]", anchor: "ul.products",
  };
}

async function christmas(world) {
  const { body, headers } = savedPage("listing-christmascentral");
  const html = body.toString("latin1");
  const products = [...html.matchAll(/<div class="productTitle"><a href="(p-(\d+)-[^"]+\.aspx)">([^<]+)<\/a>/g)]
    .map(([, path, id, title]) => ({ path: `/${path}`, id, title: title.replaceAll(/&\w+;/g, "") }));
  const folder = join(world.folder, "christmas");
  mkdirSync(folder, { recursive: true });
  const columns = ["id", "title", "link", "image_link", "price", "availability", "product_type", "brand"];
  // The saved page says nothing of types; halves make a history that moves the second one up.
  const rows = products.map(({ id, title, path }, i) => [
    id, title, `https://real.shop.example${path}`, `https://real.shop.example/images/${id}.jpg`, "10.00 USD", "in_stock",
    i < products.length / 2 ? "Garden > Near" : "Garden > Far", i % 2 ? "Odd" : "Even",
  ]);
  writeFileSync(join(folder, "feed.tsv"), [columns, ...rows].map((row) => row.join("\t")).join("\n") + "\n");
  writeFileSync(join(folder, "site.toml"), `[shop]
name = "Real"
url = "https://real.shop.example"

[[locale]]
lang = "en"
currency = "USD"

[consent]
cookie = "consent"
grants = "personalisation"

[[page]]
kind = "product"
product_link = true

[[page]]
kind = "listing"
paths = ["/showcategory.aspx"]

${SLOT.replace("CONTAINER", "div#caResultsContainer")}
[[list]]
name = "listing"
pages = ["listing"]
selector = "div#caResultsContainer"
tile = "div.searchResult"
`);
  const snapshots = join(folder, "snapshots");
  writeFileSync(join(folder, "events.jsonl"), events(products));
  await tailorbird("build", "--site", join(folder, "site.toml"), "--feed", join(folder, "feed.tsv"), "--events", join(folder, "events.jsonl"), "--out", snapshots);
  return {
    name: "listing-christmascentral, a real shop's page", target: "/showcategory.aspx?CategoryID=17", contentType: headers[0][1], body,
    snapshots, empty: world.snapshots.empty, products: products.slice(-5).map(({ path }) => path),
    tile: "div#caResultsContainer div.searchResult", link: "div#caResultsContainer a[href]", anchor: "div#caResultsContainer",
  };
}

/** Sessions of neighbours on the page. */
function events(products) {
  const lines = [];
  for (let at = 0; at + 3 < products.length; at++) {
    for (let step = 0; step < 3; step++) {
      const time = 1_790_000_000 + at * 1_000 + step * 30;
      lines.push(JSON.stringify({
        event_name: "view_item", event_timestamp: time * 1_000_000, user_pseudo_id: `visitor-${at}`, ga_session_id: at + 1,
        items: [{ item_id: products[at + step].id }],
      }));
    }
  }
  return lines.join("\n") + "\n";
}

/** What the platform's rewriter has to do to this page: insert what our worker inserted, touch the same elements. */
export function sameWork(scenario, personalised) {
  const inserted = slots(personalised.toString("latin1")).map(({ html }) => `${html}\n`).join("");
  const insertions = inserted ? [{ selector: scenario.anchor, position: "before", html: inserted }] : [];
  return { tile: scenario.tile, link: scenario.link, insertions };
}
