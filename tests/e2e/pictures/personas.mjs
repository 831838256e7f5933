// For each strategy of docs/strategies.md: a page of the demo shop on which it stands, and what somebody did before for whom it gives something.
import { ofCategory } from "../lib/world.mjs";

/** Places on the demo shop's pages: the kind of page that site.toml says (`kind`, or the name here), an address, and where the slot goes. */
export const PLACES = {
  home: { path: "/en/", selector: "section.hero", position: "after" },
  product: { selector: "article.product", position: "after" },
  listing: { path: "/en/c/kitchen/mugs", selector: "ul.products", position: "before" },
  scarves: { kind: "listing", path: "/en/c/clothing/scarves", selector: "ul.products", position: "before" },
  brand: { path: "/en/b/jonna-vik", selector: "ul.products", position: "before" },
  tindra: { kind: "brand", path: "/en/b/tindra", selector: "ul.products", position: "before" },
  cart: { path: "/en/cart", selector: "section.cart", position: "after" },
  checkout: { path: "/en/checkout", selector: "section.checkout", position: "after" },
  search: { path: "/en/search?q=reading+lamp", selector: "section.no-results", position: "after" },
  magazine: { path: "/en/magazine", selector: "ul.articles", position: "before" },
};

/** What was wanted more than usual on the last day: some of a category, and some of a brand. */
export const RUSHES = [{ product_type: "Clothing > Scarves" }, { brand: "Tindra" }];

/** In-stock products whose columns have these values. */
export function having(products, wanted, count) {
  return products.filter((product) => product.inStock && Object.entries(wanted).every(([column, value]) => product[column] === value)).slice(0, count);
}

/**
 * One entry a strategy: `at` is a key of PLACES, `of` the product whose page it is, `does` what the visitor did before, `why` whether the
 * reason is shown.
 * @param {object[]} products  the feed  @param {{back: object[], dearer: object[]}} past  @param {Set<string>[]} baskets  ids
 */
export function personas(products, past, baskets) {
  const some = (category, count) => ofCategory(products, category).slice(0, count);
  const [vase] = some("Living > Vases", 1);
  const [bedLinen] = some("Bed & Bath > Bed Linen", 1);
  const [jumper] = some("Clothing > Jumpers", 1);
  const [throwOver] = some("Living > Throws", 1);
  const views = (...seen) => (visitor) => visitor.view(...seen.flat());
  const carts = (...chosen) => async (visitor) => {
    for (const { id } of chosen) await visitor.post("/en/cart/add", { id, quantity: 1 });
    await visitor.get("/en/cart");
  };
  const buys = (product) => async (visitor) => {
    await carts(product)(visitor);
    const ordered = await visitor.post("/en/checkout", { name: "A", street: "B", town: "C" });
    await visitor.get(ordered.header("location"));
  };
  const nothing = async () => {};
  return {
    recently_viewed: { at: "home", does: views(some("Kitchen > Mugs", 5)), why: true },
    recommended_for_you: { at: "home", does: views(some("Furniture > Chairs", 2), some("Furniture > Side Tables", 2)) },
    price_drops: { at: "home", does: views(past.dearer) },
    favourite_category: { at: "home", does: views(some("Living > Vases", 4)) },
    favourite_brand: { at: "home", does: views(having(products, { brand: "Tindra" }, 4)) },
    favourite_color: { at: "home", does: views(having(products, { color: "terracotta" }, 4)) },
    favourite_material: { at: "home", does: views(having(products, { material: "linen" }, 4)) },
    favourite_size: { at: "home", does: views(having(products, { size: "M" }, 4)) },
    top_of_my_world: { at: "home", does: views(having(products, { brand: "Wollweber", product_type: "Living > Throws" }, 3)) },
    last_bought_set: { at: "home", does: buys(bedLinen) },
    similar_items: { at: "product", of: vase, does: nothing },
    bought_together: { at: "product", of: mostBought(products, baskets), does: nothing },
    complements: { at: "product", of: jumper, does: nothing },
    complete_the_set: { at: "product", of: bedLinen, does: nothing },
    upsell: { at: "product", of: throwOver, does: nothing },
    free_shipping_gap: { at: "checkout", does: carts(having(products, { product_type: "Living > Candles" }, 1)[0]) },
    top_sellers: { at: "home", does: nothing },
    top_sellers_in_category: { at: "listing", does: nothing },
    top_sellers_of_brand: { at: "brand", does: nothing },
    trending: { at: "home", does: nothing },
    trending_in_category: { at: "scarves", does: nothing },
    trending_of_brand: { at: "tindra", does: nothing },
    new_arrivals: { at: "home", does: nothing },
    on_sale: { at: "home", does: nothing },
    back_in_stock: { at: "home", does: views(past.back[2]) },
    low_stock: { at: "home", does: nothing },
    zero_results: { at: "search", does: nothing },
    content: { at: "magazine", does: views(some("Furniture > Chairs", 2)) },
    articles: { at: "magazine", does: views(some("Kitchen > Mugs", 2)) },
    themes: { at: "home", does: views(some("Kitchen > Mugs", 2)) },
  };
}

/** The product that was bought with most others. */
function mostBought(products, baskets) {
  const partners = ({ id }) => new Set(baskets.filter((basket) => basket.has(id)).flatMap((basket) => [...basket])).size;
  return products.filter(({ inStock }) => inStock).slice(0, 60).map((product) => ({ product, partners: partners(product) })).sort((a, b) => b.partners - a.partners)[0].product;
}
