// Writes a generated page to standard output, for programs that are not JavaScript.
//
//   node bench/write.mjs BYTES TILES
import { generate } from "./page.mjs";

const [bytes, tiles] = process.argv.slice(2).map(Number);
process.stdout.write(generate({ bytes, tiles }));
