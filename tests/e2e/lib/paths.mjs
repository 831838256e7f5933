// Where things are. Each can be moved by an environment variable.
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import os from "node:os";

export const E2E = dirname(dirname(fileURLToPath(import.meta.url)));
export const ROOT = resolve(E2E, "../..");
export const ARTEFACTS = join(E2E, "artefacts");
const TARGET = resolve(ROOT, process.env.CARGO_TARGET_DIR ?? "target");

const TOOLS = process.env.TAILORBIRD_TOOLS ?? join(process.env.XDG_CACHE_HOME || join(os.homedir(), ".cache"), "tailorbird/tools");

/** The `tailorbird` binary. */
export const BINARY = process.env.TAILORBIRD_BIN ?? join(TARGET, "release/tailorbird");
/** The Spin component. */
export const COMPONENT = process.env.TAILORBIRD_COMPONENT ?? join(TARGET, "wasm32-wasip2/wasm/tailorbird_spin.wasm");
/** What `cargo xtask setup` installed, or whatever stands on the PATH. */
export const WASMTIME = process.env.WASMTIME ?? pinned("wasmtime-48.0.8/bin/wasmtime", "wasmtime");
export const CHROMIUM = process.env.CHROMIUM ?? ["chromium", "chromium-browser", "google-chrome", "chrome"].map(onPath).find(Boolean);
/** For a browser without a person before it, that fetches nothing of its own. */
export const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** `main`, the compatibility date and the flags of wrangler.toml: tests run the worker under the deployed settings. */
export function wranglerSettings() {
  const text = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
  const value = (name) => new RegExp(`^${name}\\s*=\\s*"([^"]+)"`, "m").exec(text)?.[1];
  const flags = /^compatibility_flags\s*=\s*\[([^\]]*)\]/m.exec(text)?.[1] ?? "";
  return {
    main: join(ROOT, process.env.TAILORBIRD_WORKER ?? value("main")),
    compatibilityDate: value("compatibility_date"),
    compatibilityFlags: [...flags.matchAll(/"([^"]+)"/g)].map((match) => match[1]),
  };
}

function pinned(path, fallback) {
  const file = join(TOOLS, path);
  return existsSync(file) ? file : fallback;
}

function onPath(name) {
  return (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name)).find((file) => existsSync(file));
}
