// Makes dist/: bundles each script of src/ that stands at its top, takes the stylesheet and the icons, names every
// file by its content, compresses it once and lists the names in manifest.json.
//
//   dist/manifest.json        { "main.js": "main.1f0c….js", "lockstep.css": "lockstep.…css", "icons.svg": "…" }
//   dist/<name>.<hash>.<end>  beside each the same with .gz
//
// A name changes exactly when its content does, so the server lets browsers keep the files for good.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, "dist");
const KILOBYTES_MAX = 100;

const options = { bundle: true, minify: true, target: "es2022", charset: "utf8", legalComments: "none", write: false, logLevel: "warning" };

/** Name in the templates → content. */
async function contents() {
  const files = new Map();
  for (const script of fs.readdirSync(path.join(here, "src")).filter((name) => name.endsWith(".ts")).sort()) {
    const name = script.replace(/\.ts$/, ".js");
    const entry = path.join(here, "src", script);
    const built = await esbuild.build({ ...options, entryPoints: [entry], format: "esm" });
    files.set(name, Buffer.from(built.outputFiles[0].contents));
  }
  const styles = await esbuild.build({ ...options, bundle: false, entryPoints: [path.join(here, "lockstep.css")] });
  files.set("lockstep.css", Buffer.from(styles.outputFiles[0].contents));
  files.set("icons.svg", fs.readFileSync(path.join(here, "icons.svg")));
  return files;
}

function write(files) {
  // The new folder is complete before it takes the place of the old one.
  const next = `${dist}.next`;
  fs.rmSync(next, { recursive: true, force: true });
  fs.mkdirSync(next);
  const manifest = {};
  let size = 0;
  for (const [name, content] of files) {
    const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
    const { name: stem, ext } = path.parse(name);
    const hashed = `${stem}.${hash}${ext}`;
    const compressed = gzipSync(content, { level: 9 });
    fs.writeFileSync(path.join(next, hashed), content);
    fs.writeFileSync(path.join(next, `${hashed}.gz`), compressed);
    manifest[name] = hashed;
    if (ext === ".js") size += compressed.length;
  }
  const names = `${JSON.stringify(manifest, null, 2)}\n`;
  fs.writeFileSync(path.join(next, "manifest.json"), names);
  if (isSame(names)) {
    // Untouched files are not compiled in again.
    fs.rmSync(next, { recursive: true });
  } else {
    fs.rmSync(dist, { recursive: true, force: true });
    fs.renameSync(next, dist);
  }
  return size;
}

/** Equal names mean equal content. */
function isSame(names) {
  const manifest = path.join(dist, "manifest.json");
  return fs.existsSync(manifest) && fs.readFileSync(manifest, "utf8") === names;
}

const kilobytes = write(await contents()) / 1024;
console.log(`page assets: ${kilobytes.toFixed(1)} KB of scripts, compressed`);
if (kilobytes > KILOBYTES_MAX) {
  console.error(`The scripts are larger than ${KILOBYTES_MAX} KB compressed: load the large part only where it is needed.`);
  process.exit(1);
}

// `cargo xtask run` compares the sources with the time of this file.
fs.writeFileSync(path.join(here, "node_modules", ".assets-made"), "");
