// Bundles src/ into ../build/figure-<hash>.js. The hash is over the sources and the lockfile, so a test can recompute it.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "build");

function sources() {
  const listed = readdirSync(join(here, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(here, join(entry.parentPath, entry.name)).split(sep).join("/"));
  return ["../measures.json", "build.mjs", "package-lock.json", "package.json", ...listed].sort();
}

function hashOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(path).update("\0").update(readFileSync(join(here, path))).update("\0");
  return hash.digest("hex");
}

function licences(metafile) {
  const packages = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const found = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//);
    if (found) packages.add(found[1]);
  }
  return [...packages].sort().map((name) => {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json")));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(join(folder, file), "utf8").trim() : `(no licence file in the package)`;
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
}

const hash = hashOf(sources());
rmSync(target, { recursive: true, force: true });
mkdirSync(target);
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["src/index.js"],
  outfile: join(target, `figure-${hash.slice(0, 12)}.js`),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  loader: { ".css": "text", ".woff2": "binary" },
  banner: { js: `/* sources ${hash}; third-party licences in LICENCES.txt */` },
});
const line = `\n${"-".repeat(80)}\n\n`;
writeFileSync(join(target, "LICENCES.txt"), licences(metafile).join(line));
