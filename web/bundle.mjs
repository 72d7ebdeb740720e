// Libraries that only some pages ask for, each as a script of its own, with their terms beside them.

import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/kopir/serve/static");
const packages = join(here, "node_modules");
const shared = { bundle: true, minify: true, format: "esm", platform: "browser", target: "es2022", legalComments: "none" };
mkdirSync(out, { recursive: true });
const scripts = await build({
  ...shared,
  entryPoints: { zoomable: join(here, "zoom/zoomable.ts"), charts: join(here, "charts/charts.ts") },
  outdir: out,
  metafile: true,
  banner: { js: "/* The terms of the libraries in this file: /static/terms.txt */" },
});
await build({
  ...shared,
  entryPoints: [join(packages, "maplibre-gl/dist/maplibre-gl-worker.mjs")],
  outfile: join(out, "maplibre-gl-worker.js"),
  banner: { js: "/* Its terms: /static/terms.txt */" },
});
copyFileSync(join(packages, "maplibre-gl/dist/maplibre-gl.css"), join(out, "maplibre-gl.css"));
writeFileSync(join(out, "terms.txt"), termsOf(Object.keys(scripts.metafile.inputs)));

/** Return the names, versions and terms of the packages that files belong to. */
function termsOf(files) {
  const inside = files.map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  const own = inside.filter((name) => name !== undefined);
  const within = own.includes("maplibre-gl") ? heldBy("maplibre-gl") : []; // it comes bundled
  const names = Array.from(new Set([...own, ...within])).sort();
  return names.map((name) => {
    const { version, license } = JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8"));
    return `== ${name} ${version} (${license})\n\n${textOf(name)}\n`;
  }).join("\n");
}

function heldBy(name) {
  const { dependencies } = JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8"));
  return Object.keys(dependencies).filter((one) => !one.startsWith("@types/"));
}

function textOf(name) {
  const file = readdirSync(join(packages, name)).find((one) => /^licen[cs]e/i.test(one));
  return file === undefined ? "as its registry states" : readFileSync(join(packages, name, file), "utf8").trim();
}
