// What a runtime's process holds, as Linux tells it. Elsewhere nothing is known: `undefined`.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

/** Resident memory now, in MiB. */
export const resident = (pid) => field("status", pid, "VmRSS");

/** The most since `forget`, in MiB. */
export const peak = (pid) => field("status", pid, "VmHWM");

/** How often memory is looked at, in milliseconds. */
const LOOK_EVERY = 25;

/**
 * Looks again and again until `most` is asked for, in MiB. Memory that several instances of a component share counts once (Pss), as it is
 * there once; `peak` counts it for each of them. To look takes milliseconds in which the process may get no memory.
 */
export function watch(pid) {
  let found;
  const look = () => (found = Math.max(found ?? 0, field("smaps_rollup", pid, "Pss") ?? 0) || undefined);
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
