// Bundles src/*.ts into dist/: one entry a page may load, what entries share in
// chunks, all named by their content so that browsers may keep them for ever.
// dist/manifest.json tells the pages which file an entry is.
import { build } from "esbuild";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";

for (const old of readdirSync("dist")) {
  if (old !== ".keep") rmSync(`dist/${old}`);
}
const entries = readdirSync("src").filter((f) => f.endsWith(".ts") && !f.endsWith(".d.ts")).map((f) => `src/${f}`);
const result = await build({
  entryPoints: entries,
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022"],
  minify: true,
  legalComments: "linked",
  charset: "utf8",
  metafile: true,
  entryNames: "[name]-[hash]",
  chunkNames: "shared-[hash]",
  logLevel: "warning",
});
const manifest = {};
for (const [file, out] of Object.entries(result.metafile.outputs)) {
  if (out.entryPoint?.startsWith("src/")) manifest[basename(out.entryPoint, ".ts")] = basename(file);
}
writeFileSync("dist/manifest.json", JSON.stringify(manifest));
