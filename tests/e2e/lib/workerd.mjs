// A worker alone in a process of workerd, as it is in an isolate that begins for a request. Miniflare starts workers of
// its own behind ours, and whenever an isolate begins, workerd tells V8 that memory is short, which then drops what its
// first compiler made for any isolate of the process.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import workerd from "workerd";

export const WORKERD = workerd.default ?? workerd;

/**
 * Writes a configuration and the modules that it names into a folder.
 * @param {{modules: string[], bindings: Object<string, string>, snapshots?: string, compatibilityDate: string, port: number, flags?: string[]}} worker
 *   the first module is the worker's own; `flags` are V8's
 * @returns {string} the configuration's path
 */
export function configure(folder, { modules, bindings, snapshots, compatibilityDate, port, flags = [] }) {
  mkdirSync(folder, { recursive: true });
  for (const path of modules) copyFileSync(path, join(folder, basename(path)));
  const names = modules.map((path) => basename(path));
  const configuration = `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  v8Flags = ${list(flags.map(quoted))},
  services = ${list([
    '(name = "main", worker = .worker)',
    '(name = "internet", network = (allow = ["public", "private"]))',
    ...(snapshots ? [`(name = "snapshots", disk = (path = ${quoted(snapshots)}, writable = false))`] : []),
  ])},
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = ${list(names.map((name) => `(name = ${quoted(name)}, ${name.endsWith(".wasm") ? "wasm" : "esModule"} = embed ${quoted(name)})`))},
  compatibilityDate = ${quoted(compatibilityDate)},
  bindings = ${list([
    ...Object.entries(bindings).map(([name, text]) => `(name = ${quoted(name)}, text = ${quoted(text)})`),
    ...(snapshots ? ['(name = "SNAPSHOTS", service = "snapshots")'] : []),
  ])},
);
`;
  const path = join(folder, "config.capnp");
  writeFileSync(path, configuration);
  return path;
}

const quoted = (text) => JSON.stringify(text);
const list = (entries) => `[${entries.join(", ")}]`;
