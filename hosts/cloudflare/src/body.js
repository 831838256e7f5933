/** A body's reader that reads into buffers of its own: its reads are as large as these, where the runtime's default is 4 KiB. */
export function readerOf(body) {
  return body.getReader({ mode: "byob" });
}
