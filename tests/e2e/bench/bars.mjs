// What the product promises of its speed, against what was measured. Ratios of medians of one run with variants in turns.

/** At most so much of the platform's HTMLRewriter and of pass-through on workerd, by the page's kilobytes. */
export const STREAMING = [[73, 0.45, 2.5], [266, 0.75, 3.5], [887, 0.8, 6.5]];
/** Of pass-through on workerd: a page compiled before that the origin says is the same, or that it said is fresh. */
export const COMPILED = { "compiled-validated": 1.3, "compiled-fresh": 1.0 };
/** Milliseconds to the first byte of a dripping page beyond pass-through's. */
export const FIRST_BYTE_MS = 0.5;
/** Of each one's own pass-through, at 73 KB. */
export const OTHERS = { spin: 2.5, native: 2 };
/** MiB that a host takes beyond what it takes to pass pages on, with the largest page for 32 clients. */
export const MEMORY_MIB = 100;
/** Milliseconds of a new isolate's first request beyond pass-through's, in a shop of so many items. */
export const COLD_MS = 5;
export const COLD_ITEMS = 10_000;

/** @returns {Array<{what: string, value: number, bar: number, unit: string, met: boolean}>} those that were measured */
export function verdicts({ points, drip, cold }) {
  const out = [];
  const judge = (what, value, bar, unit = "") => {
    // "Below" for what must be faster than passing through; "at most" for all else.
    if (Number.isFinite(value)) out.push({ what, value, bar, unit, met: bar === 1 ? value < bar : value <= bar });
  };
  const at = (host, kilobytes, variant) => points.find((one) => one.host === host && one.kilobytes === kilobytes && one.variant === variant && one.axes.includes("kilobytes"))?.p50;
  for (const [kilobytes, ofPlatform, ofPassing] of STREAMING) {
    const streamed = at("cloudflare", kilobytes, "personalised");
    judge(`workerd, ${kilobytes} KB, streamed / HTMLRewriter`, streamed / at("cloudflare", kilobytes, "html-rewriter"), ofPlatform);
    judge(`workerd, ${kilobytes} KB, streamed / pass-through`, streamed / at("cloudflare", kilobytes, "pass-through"), ofPassing);
  }
  for (const [variant, bar] of Object.entries(COMPILED)) {
    for (const [kilobytes] of STREAMING) judge(`workerd, ${kilobytes} KB, ${variant} / pass-through`, at("cloudflare", kilobytes, variant) / at("cloudflare", kilobytes, "pass-through"), bar);
  }
  for (const [host, bar] of Object.entries(OTHERS)) judge(`${host}, 73 KB, streamed / pass-through`, at(host, 73, "personalised") / at(host, 73, "pass-through"), bar);
  const beyond = (rows, value) => rows.filter(({ variant }) => variant === "personalised")
    .map((row) => [row, row[value] - rows.find((one) => one.host === row.host && one.items === row.items && one.variant === "pass-through")?.[value]]);
  for (const [{ host }, ms] of beyond(drip, "first")) judge(`${host}, first byte of a dripping page beyond pass-through`, ms, FIRST_BYTE_MS, "ms");
  const full = points.filter(({ axes }) => axes.includes("memory"));
  for (const { host, variant, peakMiB } of full.filter(({ variant }) => ["personalised", "compiled-validated"].includes(variant))) {
    const passing = full.find((one) => one.host === host && one.variant === "pass-through")?.peakMiB;
    judge(`${host}, 32 clients, 1 MB, ${variant}: memory beyond pass-through`, peakMiB - passing, MEMORY_MIB, "MiB");
  }
  for (const [{ host, items }, ms] of beyond(cold, "p50")) {
    if (items === COLD_ITEMS) judge(`${host}, first request of a new process beyond pass-through, ${items} items`, ms, COLD_MS, "ms");
  }
  return out;
}
