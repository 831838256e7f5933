// A page that React brings to life in the browser: what is inserted outside of its root does no harm, and what is inserted
// inside of it is what `tailorbird check` warns of.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { HOSTS } from "./lib/hosts.mjs";
import { CHROMIUM, E2E, FLAGS } from "./lib/paths.mjs";
import { Stage } from "./lib/stage.mjs";
import { train } from "./lib/world.mjs";

const SKIP = CHROMIUM ? false : "no Chromium found (`cargo xtask setup --only browser`, or name one in CHROMIUM)";
// The same on the server and in the browser: a list of products and a counter.
const APP = `
export function App({ createElement: h, useState }) {
  const [count, setCount] = useState(0);
  return h("div", { className: "app" },
    h("ul", { className: "products" }, ["A", "B", "C"].map((name) => h("li", { key: name }, h("a", { href: "/x/" + name }, name)))),
    h("button", { onClick: () => setCount(count + 1) }, "In the cart: " + count));
}`;
const RULES = `
[[page]]
kind = "outside"
paths = ["/react/outside"]

[[page]]
kind = "inside"
paths = ["/react/inside"]

[[slot]]
name = "outside-root"
pages = ["outside"]
selector = "header.top"
position = "after"
strategies = ["top_sellers"]
min = 1
max = 4
template = "tailorbird/carousel"
title = "What others like"

[[slot]]
name = "inside-root"
pages = ["inside"]
selector = "ul.products"
position = "before"
strategies = ["top_sellers"]
min = 1
max = 4
template = "tailorbird/carousel"
title = "What others like"
`;
const stage = new Stage("hydration");
let browser;

before(async () => {
  if (SKIP) return;
  await stage.start();
  const { folder, data, site, origin, snapshots } = stage.world;
  const rules = RULES.replaceAll('title = "What others like"', 'title = { en = "What others like", de = "Was andere m\u00f6gen" }');
  snapshots.react = await train(folder, "react", data, site + rules);
  const page = await rendered();
  for (const name of ["outside", "inside"]) {
    origin.extra.set(`/react/${name}`, { headers: [["Content-Type", "text/html; charset=utf-8"]], body: page });
  }
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
});

after(async () => {
  await browser?.close();
  await stage.stop();
});

for (const kind of HOSTS) {
  test(`React finds its own markup where a slot stands outside of its root [${kind}]`, { skip: SKIP, timeout: 60_000 }, async () => {
    const { errors, slots, clicked } = await visit(kind, "outside");
    assert.equal(slots, 1, "the slot is there, after hydration too");
    assert.equal(clicked, "In the cart: 1", "the page is alive");
    assert.deepEqual(errors, []);
  });
}

test("inside of the root React complains, which is why check refuses it", { skip: SKIP, timeout: 60_000 }, async () => {
  const { errors } = await visit("native", "inside");
  assert.match(errors.join("\n"), /hydrat|418|#42[0-9]/i);
});

async function visit(kind, name) {
  const host = await stage.host(kind, "react");
  const page = await browser.newPage();
  const errors = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  // Pictures of the slot are the demo shop's; a page of a test's own has no icon.
  await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
  await page.goto(`${host.base}/react/${name}`);
  await page.waitForFunction(() => window.hydrated);
  await page.locator("button").click();
  const clicked = await page.locator("button").textContent();
  const slots = await page.locator(".tb-slot").count();
  await page.close();
  return { errors, slots, clicked };
}

/** The page as a server of the shop renders it, with the bundle that hydrates it. */
async function rendered() {
  const { App } = await import(`data:text/javascript,${encodeURIComponent(APP)}`);
  const react = await import("react");
  const markup = renderToString(createElement(App, { createElement, useState: react.useState }));
  const entry = `
    import { createElement, useState, useEffect } from "react";
    import { hydrateRoot } from "react-dom/client";
    ${APP.replace("export ", "")}
    function Root() { useEffect(() => { window.hydrated = true; }, []); return createElement(App, { createElement, useState }); }
    hydrateRoot(document.getElementById("root"), createElement(Root));`;
  const bundle = await build({
    stdin: { contents: entry, resolveDir: E2E }, bundle: true, write: false, minify: true, format: "iife",
    define: { "process.env.NODE_ENV": '"development"' },
  });
  const script = bundle.outputFiles[0].text.replaceAll("</script", "<\\/script");
  return Buffer.from(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>App</title></head><body>
<header class="top">Shop</header>
<div id="root">${markup}</div>
<script>${script}</script>
</body></html>`);
}
