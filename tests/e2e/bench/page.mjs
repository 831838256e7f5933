// Pages in the shape of a real shop's: head, navigation, filters, a listing, footer, inline JSON. Of any length and with
// any number of tiles; the same words for the same seed, so that every run measures the same bytes.

/** A page in measurements: `{name, bytes, tiles}`; its name is the last part of its address. */
export const pageOf = (bytes, tiles) => ({ name: `${bytes}-${tiles}`, bytes, tiles });

/** A dripping origin sends a page in so many pieces, one each so many milliseconds. */
export const [DRIP_PIECES, DRIP_MS] = [16, 5];
/** For how long the shop says that a page is fresh: longer than a run. */
export const FRESH_SECONDS = 86_400;

/** Tiles come from so many categories in turns, so that views of one of them move some. */
const CATEGORIES = 8;
/** Items of a category in the generated feed (xtask/src/bench/log.rs). */
const CATEGORY = 40;
/** The item of a tile. */
export const itemOf = (tile) => (tile % CATEGORIES) * CATEGORY + Math.floor(tile / CATEGORIES);

/** What of a page that is no tile goes where; the rest is inline JSON, as large as shops' state is. */
const SHARES = { head: 0.12, navigation: 0.2, filters: 0.1, footer: 0.12 };

/** @returns {Buffer} of just `bytes` bytes */
export function generate({ bytes, tiles }, seed = 1) {
  const random = mulberry32(seed);
  const listing = `<ul class="products">\n${list(tiles, (tile) => tileOf(itemOf(tile), random))}</ul>\n`;
  const rest = bytes - listing.length;
  const part = (share, element) => {
    let out = "";
    while (out.length < share * rest - 400) out += element(random);
    return out;
  };
  const before = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${words(random, 4)}</title>
${part(SHARES.head, headLine)}</head>
<body class="listing"><a class="skip" href="#main">Skip</a>
<header><nav><ul class="menu">\n${part(SHARES.navigation, menuEntry)}</ul></nav></header>
<main id="main"><h1>${words(random, 2)}</h1>
<form class="filters">\n${part(SHARES.filters, filter)}</form>
`;
  const after = `</main>\n<footer>\n${part(SHARES.footer, paragraph)}</footer>\n`;
  const [open, close] = ['<script type="application/json" id="state">{"state":"', '"}</script>\n</body></html>\n'];
  const missing = rest - before.length - after.length - open.length - close.length;
  if (missing < 0) throw new Error(`${tiles} tiles and what is around them take ${bytes - missing} bytes, more than ${bytes}`);
  let state = "";
  while (state.length < missing) state += `${Math.floor(random() * 2 ** 32).toString(36)} ${words(random, 5)},`;
  return Buffer.from(before + listing + after + open + state.slice(0, missing) + close, "latin1");
}

/** mulberry32 (Tommy Ettinger, 2017): numbers from 0 to below 1, the same for the same seed. */
export function mulberry32(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const WORDS = "oak linen espresso cup garden small round blue warm winter soft plain kitchen lamp wool travel paper quiet glass field".split(" ");

function words(random, count) {
  return Array.from({ length: count }, () => WORDS[Math.floor(random() * WORDS.length)]).join(" ");
}

function list(count, element) {
  return Array.from({ length: count }, (_, at) => element(at)).join("");
}

function tileOf(item, random) {
  const price = 5 + (item % 190);
  return `<li class="tile" data-id="SKU-${String(item).padStart(6, "0")}"><article>
<a class="picture" href="/p/${item}"><img src="/i/${item}.jpg" srcset="/i/${item}@2x.jpg 2x" width="300" height="300" loading="lazy" alt="${words(random, 2)}"></a>
<h3><a href="/p/${item}">${words(random, 3)}</a></h3>
<p class="price"><span class="now">${price}.99 €</span> <span class="rating" aria-label="4 of 5">★★★★☆</span></p>
<button type="submit" name="add" value="${item}">Add to cart</button></article></li>
`.replaceAll("€", "&euro;").replaceAll(/[★☆]/g, "*");
}

function headLine(random) {
  return `<link rel="preload" as="script" href="/assets/${words(random, 2).replace(" ", "-")}.${Math.floor(random() * 1e9).toString(16)}.js">
<style>.${words(random, 1)}-${Math.floor(random() * 1e4)}{display:flex;margin:0 auto;padding:.5rem 1rem;color:var(--ink)}</style>\n`;
}

function menuEntry(random) {
  const path = words(random, 2).replace(" ", "/");
  return `<li class="entry"><a href="/c/${path}" class="level-1">${words(random, 2)}</a><ul>${list(3, (at) => `<li><a href="/c/${path}/${at}">${words(random, 2)}</a></li>`)}</ul></li>\n`;
}

function filter(random) {
  return `<label><input type="checkbox" name="f" value="${Math.floor(random() * 1e6)}"> ${words(random, 2)} <span>(${Math.floor(random() * 99)})</span></label>\n`;
}

function paragraph(random) {
  return `<p>${words(random, 24)}. <a href="/about/${words(random, 1)}">${words(random, 3)}</a>.</p>\n`;
}
