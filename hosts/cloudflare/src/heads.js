// Heads cross between JavaScript and WASM as one string each: a crossing costs more than what it carries, and each string
// that crosses costs most of all. A line feed stands in no name and no value (RFC 9110, 5.5), so it parts them.

/**
 * What a request says beside its headers: method, URL, and where it `asksPlace` country and region, each of these two empty where
 * it is not known. The runtime copies all that it knows of a request, dozens of fields, for who asks for `cf`.
 */
export function requestLine(request, asksPlace) {
  const { country = "", regionCode = "" } = (asksPlace && request.cf) || {};
  return [request.method, request.url, country, regionCode].join("\n");
}

/** The values of some headers, a line for each name: `=` and the value, or nothing where there is no such header. */
export function values(headers, names) {
  let lines = "";
  for (const name of names) {
    const value = headers.get(name);
    lines += value === null ? "\n" : `=${value}\n`;
  }
  return lines;
}

/** All of a head: a line with a name and one with its value, and so on. */
export function all(headers) {
  return [...headers].flat().join("\n");
}

/**
 * Edits a head, in the order of the lines: `-name` removes; `=name`, `+name` and `?name`, each with a line for the value, set,
 * append, and append where the head named no such header when the first of these came. What the runtime refuses is left out:
 * a page without one of our headers is better than none.
 */
export function edit(headers, edits) {
  let named;
  const lines = edits.split("\n");
  for (let at = 0; lines[at]; at++) {
    const [what, name] = [lines[at][0], lines[at].slice(1)];
    try {
      if (what === "-") headers.delete(name);
      else if (what === "=") headers.set(name, lines[++at]);
      else if (what === "+") headers.append(name, lines[++at]);
      else if (!(named ??= new Set(headers.keys())).has(name)) headers.append(name, lines[++at]);
      else at++;
    } catch {}
  }
}

/** An answer under the head of another response, edited. */
export function under(response, body, edits) {
  const answer = new Response(body, response);
  edit(answer.headers, edits);
  return answer;
}

/** An answer with a status of its own; what `headers` there are, edited. */
export function anew(status, headers, body, edits) {
  const answer = new Response(body, { status, headers });
  edit(answer.headers, edits);
  return answer;
}
