// What a runtime's process holds, as Linux tells it. Elsewhere nothing is known: `undefined`.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

/** Memory now, in MiB. What several instances of a component share counts once (Pss), as it is there once; to tell takes milliseconds. */
export const held = (pid) => field("smaps_rollup", pid, "Pss");

/** The most resident memory since `forget`, in MiB; what instances share counts for each of them. */
export const peak = (pid) => field("status", pid, "VmHWM");

/** How often memory is looked at, in milliseconds. */
const LOOK_EVERY = 25;

/** Looks again and again at what is held, until `most` is asked for. */
export function watch(pid) {
  let found;
  const look = () => (found = Math.max(found ?? 0, held(pid) ?? 0) || undefined);
  const timer = setInterval(look, LOOK_EVERY);
  return {
    most() {
      clearInterval(timer);
      return look();
    },
  };
}

/** Begins a new peak (proc(5), clear_refs). */
export function forget(pid) {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
  } catch {
    // The peak then is that since the process began, which is more, not less.
  }
}

function field(file, pid, name) {
  try {
    const line = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${pid}/${file}`, "utf8"));
    return line ? Number(line[1]) / 1024 : undefined;
  } catch {
    return undefined;
  }
}

/** Our own children of this name: Miniflare does not tell which process is its workerd. */
export function children(name) {
  try {
    return readdirSync("/proc").filter((pid) => {
      if (!/^\d+$/.test(pid)) return false;
      try {
        const [, comm, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"));
        return comm === name && Number(parent) === process.pid;
      } catch {
        return false;
      }
    }).map(Number);
  } catch {
    return [];
  }
}
