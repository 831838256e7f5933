// Saved pages of real shops. They belong to the shops, so they live outside the repository and may be missing.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { ROOT } from "./paths.mjs";

const FOLDER = resolve(ROOT, process.env.TAILORBIRD_PAGES ?? "../shared/pages");

/** Why the saved pages cannot be used, or `false`. */
export const pagesMissing = existsSync(join(FOLDER, "INDEX.tsv"))
  ? false
  : `no saved shop pages in ${FOLDER} (set TAILORBIRD_PAGES to a folder with an INDEX.tsv)`;

/** One entry a page: its name, kind, declared charset, tiles. */
export function savedPages() {
  if (pagesMissing) return [];
  const [head, ...rows] = readFileSync(join(FOLDER, "INDEX.tsv"), "utf8").trimEnd().split("\n").map((line) => line.split("\t"));
  return rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]])));
}

/** A saved page as its shop would send it. */
export function savedPage(name) {
  const entry = savedPages().find(({ file }) => file === name);
  if (!entry) return { status: 404, headers: [["Content-Type", "text/plain"]], body: Buffer.from("no such saved page\n") };
  const charset = entry.meta_charset ? `; charset=${entry.meta_charset}` : "";
  return {
    status: 200,
    headers: [["Content-Type", `text/html${charset}`]],
    body: gunzipSync(readFileSync(join(FOLDER, `${name}.html.gz`))),
  };
}
