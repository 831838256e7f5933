/** A body's reader that reads into buffers of its own: its reads are as large as these, where the runtime's default is 4 KiB. */
export function readerOf(body) {
  return body.getReader({ mode: "byob" });
}

/** Gives a buffer's memory back now, and not when the garbage collector comes; a read that has not ended has it. */
export function release({ buffer }) {
  if (!buffer.detached) buffer.transfer(0);
}
