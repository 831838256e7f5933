// What a runtime's process holds, as Linux tells it. Elsewhere nothing is known: `undefined`.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

/** Resident memory now, in MiB. */
export const resident = (pid) => field(pid, "VmRSS");

/** The most since `forget`, in MiB. */
export const peak = (pid) => field(pid, "VmHWM");

/** Begins a new peak (proc(5), clear_refs). */
export function forget(pid) {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
  } catch {
    // The peak then is that since the process began, which is more, not less.
  }
}

function field(pid, name) {
  try {
    const line = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"));
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
