// The figures as one HTML page that needs nothing else: plots as SVG, drawn by ECharts without a browser, and all numbers.
import * as echarts from "echarts";
import { RUNTIMES } from "./variants.mjs";

/** Colours that are told apart without red and green (Okabe and Ito), and shapes that are told apart without colour. */
const LOOKS = {
  "pass-through": ["#555555", "circle"],
  personalised: ["#0072b2", "diamond"],
  "read-to-its-end": ["#cc79a7", "arrow"],
  "compiled-validated": ["#009e73", "triangle"],
  "compiled-fresh": ["#56b4e9", "rect"],
  "html-rewriter": ["#d55e00", "roundRect"],
  "html-rewriter-tiles": ["#e69f00", "pin"],
};

/** A row of plots each: against what, and which figure. */
const PLOTS = [
  { axis: "kilobytes", unit: "page, KB", value: "p50", title: "p50 against page size", label: "ms" },
  { axis: "kilobytes", unit: "page, KB", value: "ratio", title: "p50 in parts of pass-through, against page size", label: "×" },
  { axis: "tiles", unit: "tiles", value: "p50", title: "p50 against tiles", label: "ms" },
  { axis: "items", unit: "items in the shop", value: "p50", title: "p50 against items", label: "ms", steps: true },
  { axis: "items", unit: "items in the shop", value: "peakMiB", title: "Peak memory against items", label: "MiB", steps: true },
  { axis: "clients", unit: "clients", value: "p50", title: "p50 against clients", label: "ms", steps: true },
  { axis: "clients", unit: "clients", value: "p99", title: "p99 against clients", label: "ms", steps: true },
  { axis: "clients", unit: "clients", value: "perSecond", title: "Requests a second against clients", label: "1/s", steps: true },
  { axis: "clients", unit: "clients", value: "peakMiB", title: "Peak memory against clients", label: "MiB", steps: true },
];
const [WIDTH, HEIGHT] = [400, 260];
const FONT = "system-ui, sans-serif";

/** @param {object} figures  what figures.json holds  @returns {string} HTML */
export function page(figures) {
  const points = withRatios(figures.points);
  const hosts = [...new Set(points.map(({ host }) => host))];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Tailorbird: what pages cost</title>
<style>
body{font:15px/1.5 ${FONT};margin:2rem auto;max-width:80rem;padding:0 1rem;color:#222}
h2{margin-top:2.5rem}.row{display:flex;flex-wrap:wrap;gap:1rem}.row h3{font-size:1rem;margin:0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}td,th{padding:.15rem .7rem;border-bottom:1px solid #ddd;text-align:right}
td:first-child,th:first-child,.name{text-align:left}.not{color:#a33;font-weight:600}.key{position:sticky;top:0;background:#fff;padding:.4rem 0;border-bottom:1px solid #ddd}.key span{margin-right:1.2rem;white-space:nowrap}
.key i{display:inline-block;width:1.4rem;height:.3rem;margin-right:.4rem;vertical-align:middle}.wide{overflow-x:auto}
</style></head><body>
<h1>What pages cost</h1>
<p>Taken ${escape(figures.taken)} on ${escape(figures.machine)}, load ${figures.load.toFixed(1)} at the start; ${figures.turns.one} turns at a point, all variants of a host in turns,
over HTTP on loopback.${figures.quick ? " <strong>A quick run: for trying, not for quoting.</strong>" : ""} Around 266 KB, 48 tiles, 100,000 items and one client, one
axis at a time; the page sizes are pairs of bytes and tiles as shops have them.</p>
<h2>The bars</h2>${bars(figures.bars)}
<p class="key">${Object.entries(LOOKS).map(([name, [colour]]) => `<span><i style="background:${colour}"></i>${name}</span>`).join("")}</p>
${PLOTS.map((plot) => section(plot, hosts, points)).join("\n")}
<h2>First bytes and first requests</h2>${starts(figures)}
<h2>All points</h2><div class="wide">${all(points)}</div>
</body></html>
`;
}

function withRatios(points) {
  const key = ({ host, kilobytes, tiles, items, clients }) => [host, kilobytes, tiles, items, clients].join(" ");
  const passing = new Map(points.filter(({ variant }) => variant === "pass-through").map((one) => [key(one), one.p50]));
  return points.map((one) => ({ ...one, ratio: one.p50 / passing.get(key(one)) }));
}

function section(plot, hosts, points) {
  const charts = hosts.map((host) => {
    const own = points.filter((one) => one.host === host && one.axes.includes(plot.axis));
    return `<div><h3>${escape(RUNTIMES[host])}</h3>${chart(plot, own)}</div>`;
  });
  return `<h2>${escape(plot.title)}</h2><div class="row">${charts.join("")}</div>`;
}

function chart({ axis, unit, value, label, steps }, points) {
  const names = [...new Set(points.map(({ variant }) => variant))];
  const places = [...new Set(points.map((one) => one[axis]))].sort((a, b) => a - b);
  const series = names.map((name) => {
    const [color, symbol] = LOOKS[name] ?? ["#000", "circle"];
    const own = points.filter(({ variant }) => variant === name).sort((a, b) => a[axis] - b[axis]);
    const data = own.map((one) => [steps ? places.indexOf(one[axis]) : one[axis], one[value] ?? null]);
    return { name, type: "line", symbol, symbolSize: 7, data, lineStyle: { width: 2, color }, itemStyle: { color } };
  });
  const named = (name, nameGap) => ({ name, nameLocation: "middle", nameGap });
  const drawn = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT });
  drawn.setOption({
    animation: false,
    textStyle: { fontFamily: FONT },
    grid: { left: 58, right: 18, top: 14, bottom: 44 },
    xAxis: steps ? { type: "category", data: places.map((place) => place.toLocaleString("en")), ...named(unit, 26) } : { type: "value", ...named(unit, 26) },
    yAxis: { type: "value", min: 0, ...named(label, 42) },
    series,
  });
  const svg = drawn.renderToSVGString();
  drawn.dispose();
  return svg;
}

function bars(rows) {
  const cells = rows.map(({ what, value, bar, unit, met }) => `<tr><td>${escape(what)}</td><td>${value.toFixed(2)} ${unit}</td>
<td>${bar === 1 ? "below" : "at most"} ${bar} ${unit}</td><td class="name${met ? "" : " not"}">${met ? "met" : "not met"}</td></tr>`);
  return `<table><tr><th>what</th><th>measured</th><th>bar</th><th class="name">verdict</th></tr>${cells.join("")}</table>`;
}

function starts({ drip, cold }) {
  const rows = [
    ...drip.map(({ host, variant, kilobytes, first }) => [host, `first byte of ${kilobytes} KB that drip`, variant, first]),
    ...cold.map(({ host, variant, items, p50 }) => [host, `first page of a new process, ${items.toLocaleString("en")} items`, variant, p50]),
    ...cold.filter(({ next }) => next).map(({ host, variant, items, next }) => [host, `first page of its further instances, ${items.toLocaleString("en")} items`, variant, next]),
  ];
  const cells = rows.map(([host, what, variant, ms]) => `<tr><td>${escape(RUNTIMES[host])}</td><td class="name">${escape(what)}</td><td class="name">${variant}</td><td>${ms.toFixed(2)} ms</td></tr>`);
  return `<table><tr><th>runtime</th><th class="name">what</th><th class="name">variant</th><th>median</th></tr>${cells.join("")}</table>`;
}

function all(points) {
  const columns = [["KB", "kilobytes"], ["tiles", "tiles"], ["items", "items"], ["clients", "clients"], ["p50 ms", "p50", 2], ["p99 ms", "p99", 2],
    ["first byte ms", "first", 2], ["per second", "perSecond", 0], ["peak MiB", "peakMiB", 0], ["of pass-through", "ratio", 2]];
  const cell = (one, [, key, digits]) => `<td>${Number.isFinite(one[key]) ? (digits === undefined ? one[key].toLocaleString("en") : one[key].toFixed(digits)) : "–"}</td>`;
  const rows = points.map((one) => `<tr><td>${escape(RUNTIMES[one.host])}</td><td class="name">${one.variant}</td>${columns.map((column) => cell(one, column)).join("")}</tr>`);
  return `<table><tr><th>runtime</th><th class="name">variant</th>${columns.map(([name]) => `<th>${name}</th>`).join("")}</tr>${rows.join("\n")}</table>`;
}

function escape(text) {
  return String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
