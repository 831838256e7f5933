// Reads the demo shop's markup and ours. Both are written by programs we know, so a pattern is enough.

const TILE = /<li class="tile" data-id="([^"]*)">[\s\S]*?<\/li>/g;

const FACET = /<li class="facet">[\s\S]*?<\/li>/g;
const CHIP = /<a [^>]*data-category="[^>]*>[^<]*<\/a>/g;

/** The slots of a page: `{name, strategy, ids, links}`. */
export function slots(html) {
  return [...html.matchAll(/<section class="tb-slot[^"]*"([^>]*)>([\s\S]*?)<\/section>/g)].map(([all, attributes, inner]) => ({
    name: attribute(attributes, "data-slot"),
    strategy: attribute(attributes, "data-strategy"),
    ids: [...inner.matchAll(/<li class="tb-item" data-id="([^"]*)"/g)].map((match) => match[1]),
    links: [...inner.matchAll(/<a class="tb-card" href="([^"]*)"/g)].map((match) => match[1]),
    html: all,
  }));
}

export function slot(html, name) {
  return slots(html).find((found) => found.name === name);
}

/** The names of a page's banners. */
export function banners(html) {
  return [...html.matchAll(/<aside class="tb-banner"([^>]*)>/g)].map((match) => attribute(match[1], "data-banner"));
}

/** The shop's own tiles in their order. */
export function tiles(html) {
  return [...html.matchAll(TILE)].map(([text, id]) => ({ id, text }));
}

/** A page without what was inserted: the template ends each place with a newline, so the shop's bytes remain. */
export function stripped(html) {
  return html
    .replace(/<section class="tb-slot[^"]*"[\s\S]*?<\/section>\n/g, "")
    .replace(/<aside class="tb-banner"[\s\S]*?<\/aside>\n/g, "");
}

/** `html` with its lists in the order of their bytes, so that two orders of the same tiles are equal. */
export function unordered(html) {
  return [TILE, FACET, CHIP].reduce((page, tile) => {
    const sorted = (page.match(tile) ?? []).sort();
    let at = 0;
    return page.replace(tile, () => sorted[at++]);
  }, html);
}

/** Addresses within the shop that a page links to. */
export function links(html) {
  return [...html.matchAll(/<a\b[^>]*?\shref="(\/[^"#]*)"/g)].map((match) => match[1].replaceAll("&amp;", "&"));
}

function attribute(attributes, name) {
  return new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1];
}
