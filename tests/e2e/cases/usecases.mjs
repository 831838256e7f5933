// What shops ask of personalisation: a case for each row of docs/use-cases.md, with the lines that stand there.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { banners, slot, tiles } from "../lib/html.mjs";
import { baskets, past, viewsOf } from "../lib/usecases.mjs";
import { ofCategory, readFeed, tailorbird } from "../lib/world.mjs";

const ACCOUNT = "/en/login";
const MUGS = "Kitchen > Mugs";
const FREE_FROM = 49;

const ids = (elements) => elements.map(({ id }) => id);
const values = (html, pattern) => [...html.matchAll(pattern)].map(([, value]) => value.replaceAll("&gt;", ">").replaceAll("&amp;", "&"));
const price = ({ price, sale_price }) => parseFloat(sale_price || price);
const department = ({ product_type }) => product_type.split(" > ")[0];
const names = (items) => items.map(({ id, product_type, material, color, brand }) => [id, product_type, material, color, brand].join(", ")).join("; ");

export default [
  use(1, "order of suggestions", (ctx) => rises(ctx, "/en/suggest.json?q=mug", ({ text }) => JSON.parse(text).products.map(({ url }) => url.match(/TB-\d+/)[0]))),
  use(2, "order of search results", async (ctx) => {
    await rises(ctx, "/en/search?q=mug", tilesOf);
    await rises(ctx, "/en/search.json?q=mug", ({ text }) => ids(JSON.parse(text).data.products), { pinned: 1 });
  }),
  use(3, "order of listings", (ctx) => rises(ctx, "/en/c/kitchen/mugs", tilesOf)),
  use(4, "order of facets", async (ctx) => {
    const listing = "/en/c/kitchen/mugs";
    const brands = ({ text }) => values(text, /<li class="facet"><a [^>]*>([^<]*?) </g);
    const categories = ({ text }) => values(text, /data-category="([^"]*)"/g);
    const theirs = await ctx.direct(listing);
    const [brand, category] = [brands(theirs).at(-1), categories(theirs).at(-1)];
    const ofBrand = ctx.world.products.find((product) => product.brand === brand && product.inStock);
    const facets = await (await ctx.visitor().view(ofBrand)).get(listing);
    assert.equal(brands(facets)[0], brand);
    const chips = await (await ctx.visitor().view(...ofCategory(ctx.world.products, category).slice(0, 2))).get(listing);
    assert.equal(categories(chips)[0], category);
  }),
  use(5, "alternatives", async (ctx) => {
    const [product] = ofCategory(ctx.world.products, MUGS);
    const { items } = shown(ctx, await ctx.visitor("").get(product.path), "product-similar", "similar_items");
    assert.ok(!ids(items).includes(product.id), "not the product itself");
    const near = items.filter((item) => department(item) === department(product));
    assert.ok(near.length * 2 > items.length, `most are of its department: ${names(items)}`);
  }),
  use(6, "an advisor's results", (ctx) => rises(ctx, "/en/advisor?for=kitchen&style=earthy&budget=any", tilesOf)),
  use(7, "tags", async (ctx) => {
    const tags = ({ text }) => values(text, /<li class="tag" data-tag="([^"]*)"/g);
    const theirs = tags(await ctx.direct("/en/"));
    assert.notEqual(theirs[0], "linen");
    const ours = tags(await (await ctx.visitor().view(...of(ctx, { material: "linen" }).slice(0, 3))).get("/en/"));
    assert.equal(ours[0], "linen");
    assert.deepEqual([...ours].sort(), [...theirs].sort());
  }),
  use(8, "home page for new and known visitors", async (ctx) => {
    const stranger = await ctx.visitor("").get("/en/");
    assert.deepEqual(banners(stranger.text), ["welcome"]);
    const sellers = shown(ctx, stranger, "home-for-you", "top_sellers");
    const known = await (await ctx.visitor().view(...ofCategory(ctx.world.products, "Clothing > Scarves").slice(0, 4))).get("/en/");
    assert.ok(!banners(known.text).includes("welcome"));
    const picked = shown(ctx, known, "home-for-you", "recommended_for_you");
    assert.notDeepEqual(ids(picked.items), ids(sellers.items));
    assert.ok(picked.items.some((item) => department(item) === "Clothing"), names(picked.items));
  }),
  use(9, "accessories", async (ctx) => {
    for (const category of [MUGS, "Living > Throws", "Clothing > Jumpers"]) {
      const [product] = ofCategory(ctx.world.products, category);
      const { items } = shown(ctx, await ctx.visitor("").get(product.path), "accessories", "complements");
      assert.ok(items.every((item) => item.product_type !== category), names(items));
    }
  }),
  use(10, "sets", async (ctx) => {
    const [product] = ofCategory(ctx.world.products, "Bed & Bath > Bed Linen");
    const { items } = shown(ctx, await ctx.visitor("").get(product.path), "set", "complete_the_set");
    const categories = [product, ...items].map(({ product_type }) => product_type);
    assert.equal(new Set(categories).size, categories.length, `one of each category: ${categories}`);
  }),
  use(11, "bundles", async (ctx) => {
    const all = baskets(ctx.world.data);
    let found = 0;
    for (const product of ctx.world.products.filter(({ inStock }) => inStock).slice(0, 12)) {
      const { text } = await ctx.visitor("").get(product.path);
      const { ids = [], strategy, html } = slot(text, "bundle") ?? {};
      assert.ok(!html || strategy === "bought_together" && text.includes(`<div class="bundle">${html}`));
      for (const id of ids) assert.ok(all.some((basket) => basket.has(id) && basket.has(product.id)), `${id} was bought with ${product.id}`);
      found += ids.length;
    }
    assert.ok(found > 0, "a bundle");
  }),
  use(12, "cart layer", async (ctx) => {
    const visitor = ctx.visitor();
    const empty = await visitor.get("/en/cart/layer");
    assert.equal(slot(empty.text, "layer"), undefined);
    const [product] = ofCategory(ctx.world.products, "Kitchen > Plates & Bowls");
    await visitor.post("/en/cart/add", { id: product.id, quantity: 1 });
    const { items } = shown(ctx, await visitor.get("/en/cart/layer"), "layer", "complements");
    assert.ok(items.every((item) => item.product_type !== product.product_type), names(items));
  }),
  use(13, "likes and dislikes", async (ctx) => {
    const visitor = await ctx.visitor().view(...ofCategory(ctx.world.products, MUGS).slice(0, 3));
    const before = await visitor.get(ACCOUNT);
    assert.match(before.text, /<form method="post" action="\/_tailorbird\/feedback">/);
    const [unwanted] = shown(ctx, before, "my-category", "favourite_category").items;
    assert.equal((await visitor.post("/_tailorbird/feedback", { item: unwanted.id, verdict: "dislike" })).status, 303);
    for (const target of [ACCOUNT, "/en/", "/en/magazine"]) assert.ok(!(await visitor.get(target)).text.includes(`class="tb-item" data-id="${unwanted.id}"`), target);
    const listing = "/en/c/kitchen/mugs";
    const liked = tilesOf(await visitor.get(listing)).filter((id) => ctx.product(id).inStock).at(-1);
    await visitor.post("/_tailorbird/feedback", { item: liked, verdict: "like" });
    const after = tilesOf(await visitor.get(listing)).filter((id) => ctx.product(id).inStock);
    assert.ok(after.indexOf(liked) < after.length - 1, "what is liked moves up");
  }),
  use(14, "checkout zone and free shipping", async (ctx) => {
    const visitor = ctx.visitor();
    const product = ofCategory(ctx.world.products, MUGS).find((mug) => price(mug) < 30);
    await visitor.post("/en/cart/add", { id: product.id, quantity: 1 });
    const reply = await visitor.get("/en/checkout");
    const missing = Number(reply.text.match(/class="free-shipping" data-missing="([\d.]+)"/)[1]);
    assert.ok(Math.abs(missing - (FREE_FROM - price(product))) < 0.01);
    const { items } = shown(ctx, reply, "checkout-gap", "free_shipping_gap");
    for (const item of items) assert.ok(price(item) >= missing - 0.001 && price(item) <= missing * 1.5 + 0.01, `${price(item)} for ${missing}`);
    await visitor.post("/en/cart/add", { id: product.id, quantity: 9 });
    assert.equal(slot((await visitor.get("/en/checkout")).text, "checkout-gap"), undefined, "delivery is free");
  }),
  use(15, "header by kind of visitor", async (ctx) => {
    const notice = async (visitor) => (await visitor.get("/en/")).text.match(/<p class="notice">(?:<a [^>]*data-notice="([^"]*)">)?/)[1];
    assert.equal(await notice(ctx.visitor()), undefined, "the shop's own");
    assert.equal(await notice(ctx.visitor("consent=personalisation; loyalty=gold")), "gold");
    assert.equal(await notice(ctx.visitor("consent=essential; loyalty=gold")), undefined, "not without consent");
    const club = { "X-Club": "gold" };
    const member = await ctx.visitor("consent=personalisation; first_name=J%C3%BCrgen%20%3Cb%3E").get("/en/", { headers: club });
    assert.match(member.text, /data-notice="gold">Jürgen &lt;b&gt;, Gold: first look/);
    assert.equal(member.header("cache-control"), "private, no-store");
    assert.equal(member.header("vary"), (await ctx.direct("/en/")).header("vary"), "private pages need no Vary");
    for (const [cookies, headers] of [["consent=personalisation", { "X-Club": "silver" }], ["consent=essential", club], ["", club], ["consent=personalisation", { ...club, "Sec-GPC": "1" }]]) {
      const { text } = await ctx.visitor(`${cookies}; first_name=Ada`).get("/en/", { headers });
      assert.ok(!text.includes("data-notice") && !text.includes("Ada"), `${cookies} ${JSON.stringify(headers)}`);
    }
    const reduced = ctx.world.products.filter(({ inStock, sale_price }) => inStock && sale_price);
    assert.equal(await notice(await ctx.visitor().view(...reduced.slice(0, 5))), "bargains");
  }),
  use(16, "articles", async (ctx) => {
    const articles = readFeed(join(ctx.world.data, "articles.en.tsv"));
    const article = articles.at(-6);
    const seen = article.items.split("|").map(ctx.product).slice(0, 2);
    for (const target of ["/en/", "/en/magazine"]) {
      const reply = await (await ctx.visitor().view(...seen)).get(target);
      const stories = slot(reply.text, "stories");
      assert.equal(stories.strategy, "articles");
      assert.ok(stories.ids.length > 0);
      const of = stories.ids.map((id) => articles.find((one) => one.id === id));
      assert.ok(of.every(({ type }) => type === "article"), `${stories.ids}`);
      assert.ok(of[0].items.split("|").some((id) => ids(seen).includes(id)), `${of[0].title} is about what was looked at`);
      for (const link of stories.links) assert.equal((await ctx.direct(link)).status, 200);
    }
  }),
  use(17, "theme worlds", async (ctx) => {
    const worlds = ({ text }) => values(text, /<li class="theme" data-theme="([^"]*)"/g);
    const theirs = worlds(await ctx.direct("/en/themes"));
    const visitor = await ctx.visitor().view(...ofCategory(ctx.world.products, "Furniture > Chairs").slice(0, 3));
    for (const target of ["/en/", "/en/themes"]) {
      const ours = worlds(await visitor.get(target));
      assert.equal(ours[0], "T-02");
      assert.deepEqual([...ours].sort(), [...theirs].sort());
    }
    await rises(ctx, "/en/themes/small-flats", tilesOf);
    const { ids: found, strategy, links } = slot((await visitor.get("/en/magazine")).text, "worlds-for-you");
    assert.equal(strategy, "themes");
    assert.equal(found[0], "T-02");
    const themes = readFeed(join(ctx.world.data, "articles.en.tsv")).filter(({ type }) => type === "theme");
    assert.ok(found.every((id) => themes.some((theme) => theme.id === id)), `${found}`);
    for (const link of links) assert.equal((await ctx.direct(link)).status, 200);
  }),
  use(18, "top of my world", async (ctx) => {
    const worldOf = ({ brand, product_type }) => `${brand}, ${product_type}`;
    const [world, products] = mostCommon(ctx, worldOf);
    const { items } = shown(ctx, await (await ctx.visitor().view(...products.slice(0, 3))).get(ACCOUNT), "my-world", "top_of_my_world");
    for (const item of items) assert.equal(worldOf(item), world);
  }),
  use(19, "back in stock", async (ctx) => {
    const back = past(ctx.world.products).back;
    const stranger = shown(ctx, await ctx.visitor("").get(ACCOUNT), "back", "back_in_stock");
    assert.ok(stranger.items.every(({ id }) => ids(back).includes(id)), names(stranger.items));
    const { items } = shown(ctx, await (await ctx.visitor().view(back[2])).get(ACCOUNT), "back", "back_in_stock");
    assert.equal(items[0].id, back[2].id, "what was looked at comes first");
  }),
  use(20, "favourite category", (ctx) => favourite(ctx, "my-category", "favourite_category", "product_type", "Living > Vases")),
  use(21, "favourite material", (ctx) => favourite(ctx, "my-material", "favourite_material", "material", "oak")),
  use(22, "favourite colour", (ctx) => favourite(ctx, "my-colour", "favourite_color", "color", mostCommon(ctx, ({ color }) => color)[0])),
  use(23, "reduced", async (ctx) => {
    const { dearer } = past(ctx.world.products);
    const stranger = await ctx.visitor("").get(ACCOUNT);
    assert.equal(slot(stranger.text, "cheaper"), undefined);
    const reply = await (await ctx.visitor().view(dearer[0])).get(ACCOUNT);
    assert.deepEqual(ids(shown(ctx, reply, "cheaper", "price_drops").items), [dearer[0].id]);
    for (const item of shown(ctx, reply, "reduced", "on_sale").items) assert.ok(parseFloat(item.sale_price) < parseFloat(item.price), item.id);
  }),
  use(24, "set around what was bought last", async (ctx) => {
    const visitor = ctx.visitor();
    const [product] = ofCategory(ctx.world.products, "Bed & Bath > Bed Linen");
    await visitor.post("/en/cart/add", { id: product.id, quantity: 1 });
    await visitor.get("/en/cart");
    const ordered = await visitor.post("/en/checkout", { name: "A", street: "B", town: "C" });
    const confirmed = await visitor.get(ordered.header("location"));
    assert.match(confirmed.text, /<section class="order" data-order="UU-/);
    const { items } = shown(ctx, await visitor.get(ACCOUNT), "last-set", "last_bought_set");
    assert.ok(items.every((item) => item.product_type !== product.product_type), names(items));
  }),
  use(25, "finder by brand, category, tag", async (ctx) => {
    const ofBrand = shown(ctx, await ctx.visitor("").get("/en/b/jonna-vik"), "best-of-brand", "top_sellers_of_brand");
    assert.ok(ofBrand.items.every(({ brand }) => brand === "Jonna Vik"), names(ofBrand.items));
    const visitor = await ctx.visitor().view(...ofCategory(ctx.world.products, MUGS).slice(0, 3));
    const find = (query) => json(ctx, visitor, `strategy=recommended_for_you,top_sellers&${query}`);
    for (const item of await find("brand=Tindra&max=6")) assert.equal(item.brand, "Tindra");
    for (const item of await find("category=Kitchen&q=stoneware")) {
      assert.equal(department(item), "Kitchen");
      assert.match(`${item.title} ${item.brand} ${item.product_type}`, /stoneware/i);
    }
  }),
  use(26, "mail around a product", async (ctx) => {
    const [product] = ofCategory(ctx.world.products, MUGS);
    const items = await json(ctx, ctx.visitor(""), `strategy=similar_items&item=${product.id}&locale=en`);
    assert.ok(!ids(items).includes(product.id));
    assert.ok(items.some((item) => department(item) === "Kitchen"), names(items));
  }),
  use(27, "mail around a theme", async (ctx) => {
    const theme = readFeed(join(ctx.world.data, "articles.en.tsv")).find(({ id }) => id === "T-01");
    const items = await json(ctx, ctx.visitor(""), "strategy=top_sellers&theme=T-01&locale=en");
    assert.ok(ids(items).every((id) => theme.items.split("|").includes(id)), names(items));
  }),
  use(28, "mail around a category", async (ctx) => {
    const items = await json(ctx, ctx.visitor(""), `strategy=top_sellers_in_category&category=${encodeURIComponent(MUGS)}&locale=en`);
    assert.ok(items.every(({ product_type }) => product_type === MUGS), names(items));
  }),
  use(29, "mail that is filled when it is opened", async (ctx) => {
    const query = "strategy=trending,top_sellers&max=3&locale=de";
    const first = await json(ctx, ctx.visitor(""), query);
    assert.equal(first.length, 3);
    const next = await json(ctx, ctx.visitor(""), `${query}&exclude=${ids(first).slice(0, 2)}`);
    assert.equal(next[0].id, first[2].id, "what the mail has is left out, and the others move up");
    for (const item of first) assert.match(`${item.shown.link} ${item.shown.price}`, /^\/de\/.* [\d.]+,\d\d\s€$/);
  }),
  use(30, "whom to tell of a new product", async (ctx) => {
    const { data, folder } = ctx.world;
    const feed = readFileSync(join(data, "feed.en.tsv"), "utf8");
    const [like] = ofCategory(ctx.world.products, MUGS);
    const row = feed.split("\n").find((line) => line.startsWith(`${like.id}\t`)).replaceAll(like.id, "NEW-1");
    writeFileSync(join(folder, "new.tsv"), `${feed.trimEnd()}\n${row}\n`);
    const of = ["--events", join(data, "events.jsonl"), "--site", join(data, "site.toml"), "--feed", `en=${join(folder, "new.tsv")}`];
    const asked = async (...further) => JSON.parse(await tailorbird("audience", "--item", "NEW-1", ...of, "--format", "json", "--top", "20", ...further)).visitors;
    const views = viewsOf(data);
    const [visitors, plain] = [await asked(), await asked("--plain-ids")];
    assert.equal(visitors.length, 20);
    assert.ok(visitors.every(({ score }, at) => at === 0 || score <= visitors[at - 1].score));
    assert.ok(visitors.every(({ affinities }) => Object.values(affinities).some((share) => share > 0)), "a reason for each");
    assert.ok(visitors.every(({ visitor }) => !views.has(visitor)), "nobody is named as in the log");
    assert.deepEqual(plain.map(({ score }) => score), visitors.map(({ score }) => score));
    for (const { visitor } of plain) assert.ok([...views.get(visitor)].some((id) => ctx.product(id).product_type === MUGS), visitor);
  }),
];

function use(number, name, check) {
  return { name: `use case ${number}: ${name}`, snapshot: "usecases", target: "/_tailorbird/status", check: ({ ctx }) => check(ctx) };
}

/** In-stock products whose columns have these values. */
function of({ world }, wanted) {
  return world.products.filter((product) => product.inStock && Object.entries(wanted).every(([column, value]) => product[column] === value));
}

/** The value that most in-stock products have, and these. */
function mostCommon({ world }, value) {
  const groups = new Map();
  for (const product of world.products.filter(({ inStock }) => inStock)) groups.set(value(product), [...(groups.get(value(product)) ?? []), product]);
  return [...groups].sort((a, b) => b[1].length - a[1].length)[0];
}

function tilesOf({ text }) {
  return ids(tiles(text));
}

/** A slot of a page with the feed's rows of its items, chosen by this strategy. */
function shown(ctx, reply, name, strategy) {
  const found = slot(reply.text, name);
  assert.ok(found, `slot ${name} on a page with ${[...reply.text.matchAll(/data-slot="([^"]*)"/g)].map(([, other]) => other)}`);
  assert.equal(found.strategy, strategy);
  assert.ok(found.ids.length > 0);
  return { ...found, items: found.ids.map(ctx.product) };
}

/** The last product of a list that can be bought is one of the first two for who looked at it, and no other leaves. */
async function rises(ctx, target, list, { pinned = 0 } = {}) {
  const theirs = list(await ctx.direct(target));
  const wanted = theirs.filter((id) => ctx.product(id).inStock).at(-1);
  assert.ok(theirs.length > 3 && theirs.indexOf(wanted) > pinned);
  const ours = list(await (await ctx.visitor().view(ctx.product(wanted))).get(target));
  assert.deepEqual([...ours].sort(), [...theirs].sort());
  assert.ok(ours.slice(pinned, pinned + 2).includes(wanted), `${wanted} of ${theirs} in ${ours}`);
  assert.deepEqual(ours.slice(0, pinned), theirs.slice(0, pinned));
}

/** Who looks at things that have a value in common gets best sellers that have it, too. */
async function favourite(ctx, name, strategy, column, value) {
  const seen = of(ctx, { [column]: value }).slice(0, 4);
  const { items } = shown(ctx, await (await ctx.visitor().view(...seen)).get(ACCOUNT), name, strategy);
  for (const item of items) assert.equal(item[column], value, names(items));
  assert.ok(ids(items).every((id) => !ids(seen).includes(id)), "not what was looked at");
}

/** The feed's rows of what the address of recommendations gives; `shown` is what it says of each. */
async function json(ctx, visitor, query) {
  const reply = await visitor.get(`/_tailorbird/recommendations?${query}`);
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.header("content-type"), "application/json");
  const { items } = JSON.parse(reply.text);
  assert.ok(items.length > 0, query);
  return items.map((item) => ({ ...ctx.product(item.id), shown: item }));
}
