// The platform's own HTMLRewriter doing the same to the same page: it touches the same tiles and their links, and
// inserts the same HTML at the same places. It cannot re-order. Without `link` it leaves the tiles' links alone, which ours
// reads: less work than ours.
export default {
  async fetch(request, env) {
    const { pathname, search } = new URL(request.url);
    const response = await fetch(env.ORIGIN + pathname + search, { headers: request.headers, redirect: "manual" });
    const { tile, link, insertions } = env.WORK;
    let seen = 0;
    let rewriter = new HTMLRewriter()
      .on(tile, { element: () => void seen++ });
    if (link) rewriter = rewriter.on(link, { element: (element) => void (seen += element.getAttribute("href").length) });
    for (const { selector, position, html } of insertions) {
      let done = false;
      rewriter = rewriter.on(selector, {
        element(element) {
          if (!done) element[position](html, { html: true });
          done = true;
        },
      });
    }
    const headers = new Headers(response.headers);
    headers.set("Cache-Control", "private, no-store");
    headers.delete("Content-Length");
    return rewriter.transform(new Response(response.body, { status: response.status, headers }));
  },
};
