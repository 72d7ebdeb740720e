// One script and one packed solver for the brief's single file: what is not asked for stays packed.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../../src/kopir/report/static");
mkdirSync(out, { recursive: true });
const terms = readFileSync(join(here, "../node_modules/highs/LICENSE"), "ascii").trim();
await build({
  entryPoints: [join(here, "page.ts")],
  outfile: join(out, "refusing.js"),
  bundle: true,
  minify: true,
  format: "iife",
  platform: "browser",
  target: "es2022",
  charset: "ascii", // the script stands in pages of any encoding
  legalComments: "none",
  banner: { js: `/* With HiGHS. ${terms} */` },
  alias: { highs: createRequire(import.meta.url).resolve("highs") }, // its module asks where it lies
  external: ["fs", "path", "crypto", "module", "node:*"],
});
const solver = createRequire(import.meta.url).resolve("highs/runtime");
writeFileSync(join(out, "highs.wasm.gz"), gzipSync(readFileSync(solver), { level: 9 }));
