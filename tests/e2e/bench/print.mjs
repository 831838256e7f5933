// The figures for people at a terminal.
import { RUNTIMES } from "./variants.mjs";

const row = (cells) => console.log(`| ${cells.join(" | ")} |`);
const fixed = (number, digits = 2) => (Number.isFinite(number) ? number.toFixed(digits) : "–");

/** A point's variants, with the table's head when it is the first. */
export function printPoints({ kilobytes, tiles, items, clients }, rows, isFirst) {
  if (isFirst) {
    console.log("");
    row(["runtime", "KB", "tiles", "items", "clients", "variant", "p50 ms", "p99 ms", "first byte ms", "per second", "peak MiB", "p50 / pass-through"]);
    row(["---", "---:", "---:", "---:", "---:", "---", "---:", "---:", "---:", "---:", "---:", "---:"]);
  }
  for (const { host, variant, p50, p99, first, perSecond, peakMiB } of rows) {
    row([RUNTIMES[host], kilobytes, tiles, items, clients, variant, fixed(p50), fixed(p99), fixed(first), fixed(perSecond, 0), fixed(peakMiB, 0), fixed(p50 / rows[0].p50)]);
  }
}

/** A host's first bytes and first requests. */
export function printStarts(kind, { drip, cold }) {
  const own = (rows) => rows.filter(({ host }) => host === kind);
  for (const { variant, first, kilobytes } of own(drip)) console.log(`${RUNTIMES[kind]}, ${kilobytes} KB dripping, ${variant}: first byte after ${fixed(first)} ms`);
  for (const { variant, items, p50, next } of own(cold)) {
    const instances = next === undefined ? "" : `, that of its further instances after ${fixed(next)} ms`;
    console.log(`${RUNTIMES[kind]}, new process, ${items} items, ${variant}: first page after ${fixed(p50)} ms${instances}`);
  }
}

/** Ratios by page size, one row for each variant. */
export function printRatios({ points }) {
  const sizes = points.filter(({ axes }) => axes.includes("kilobytes"));
  const columns = [...new Set(sizes.map(({ kilobytes }) => kilobytes))];
  console.log("\np50 in parts of pass-through on the same host, by KB\n");
  row(["runtime", "variant", ...columns]);
  row(["---", "---", ...columns.map(() => "---:")]);
  const p50 = (host, variant, kilobytes) => sizes.find((one) => one.host === host && one.variant === variant && one.kilobytes === kilobytes)?.p50;
  for (const host of new Set(sizes.map(({ host }) => host))) {
    for (const variant of new Set(sizes.filter((one) => one.host === host).map(({ variant }) => variant))) {
      if (variant === "pass-through") continue;
      row([RUNTIMES[host], variant, ...columns.map((kilobytes) => fixed(p50(host, variant, kilobytes) / p50(host, "pass-through", kilobytes)))]);
    }
  }
}

export function printVerdicts(bars) {
  console.log("\nThe bars\n");
  for (const { what, value, bar, unit, met } of bars) {
    console.log(`${met ? "met    " : "NOT MET"} ${what}: ${fixed(value)}${unit && ` ${unit}`}, ${bar === 1 ? "below" : "at most"} ${bar}${unit && ` ${unit}`}`);
  }
  console.log(`\n${bars.filter(({ met }) => met).length} of ${bars.length} met`);
}
