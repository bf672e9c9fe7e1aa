// Puts the browser libraries of the pages, and of the network that `kg export html` writes, into
// src/kg/web/static/vendor, from where the wheel takes them: installs what package-lock.json
// names, runs no script of any package, and writes beside each file its licences, and
// MANIFEST.json with versions and hashes.
//
//   npm run bundle

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const VENDOR = join(ROOT, "src/kg/web/static/vendor");

// Package -> the prebuilt files that a page loads; the source map of the first says what is in it.
const WANTED = {
  "@zazuko/yasgui": ["build/yasgui.min.js", "build/yasgui.min.css"],
  cytoscape: ["dist/cytoscape.min.js"],
};

// What is in a file that has no source map. These packages are locked for their licences alone:
// nothing else takes them.
const WITHOUT_MAP = {
  cytoscape: ["cytoscape", "gl-matrix", "heap", "lodash"],
};

const read = (...steps) => readFileSync(join(ROOT, ...steps));
const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");
const byName = (a, b) => (a.name < b.name ? -1 : Number(a.name > b.name));

function install() {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  const done = spawnSync(npm, options, { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
  if (done.status !== 0) {
    throw new Error("npm ci failed");
  }
}

// The packages whose code is in a prebuilt file.
function contents(name, file) {
  if (WITHOUT_MAP[name]) {
    return WITHOUT_MAP[name];
  }
  const { sources } = JSON.parse(read("node_modules", name, `${file}.map`));
  const found = sources.map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return new Set([name, ...siblings(sources), ...found.filter(Boolean)]);
}

// Yasgui is built from the packages beside it in its repository.
function siblings(sources) {
  const beside = { "../../yasqe/": "@zazuko/yasqe", "../../yasr/": "@zazuko/yasr",
    "../../utils/": "@zazuko/yasgui-utils" };
  return Object.keys(beside)
    .filter((path) => sources.some((source) => source.startsWith(path)))
    .map((path) => beside[path]);
}

function told(name, lock) {
  const { version, license } = JSON.parse(read("node_modules", name, "package.json"));
  const { integrity } = lock.packages[`node_modules/${name}`];
  return { name, version, licence: license ?? "see its text", integrity };
}

function licence({ name, version, licence }) {
  const folder = join(ROOT, "node_modules", name);
  const named = /^(licen[cs]e|copying|notice)(?!.*\.(m?js|json)$)/i; // a text, not a script about it
  const files = readdirSync(folder).filter((file) => named.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), "utf8").trim());
  const text = texts.join("\n\n") || "The package has no text of its licence.";
  return `${"=".repeat(80)}\n${name} ${version}: ${licence}\n\n${text}\n`;
}

function bundle() {
  const lock = JSON.parse(read("package-lock.json"));
  rmSync(VENDOR, { recursive: true, force: true });
  mkdirSync(VENDOR, { recursive: true });
  const files = [];
  for (const [name, paths] of Object.entries(WANTED)) {
    const holds = [...contents(name, paths[0])].map((other) => told(other, lock)).sort(byName);
    const licences = `${name.split("/").at(-1)}.licences.txt`;
    writeFileSync(join(VENDOR, licences), holds.map(licence).join("\n"));
    for (const path of paths) {
      const file = path.split("/").at(-1);
      const map = new RegExp(`\\n?(?://|/\\*)# sourceMappingURL=.*$`, "s"); // not shipped
      const bytes = Buffer.from(read("node_modules", name, path).toString("utf8").replace(map, "\n"));
      writeFileSync(join(VENDOR, file), bytes);
      files.push({ file, ...told(name, lock), bytes: bytes.length, sha256: hash(bytes), licences });
    }
    files.at(-paths.length).holds = holds;
  }
  writeFileSync(join(VENDOR, "MANIFEST.json"), `${JSON.stringify({ files }, null, 2)}\n`);
  return files;
}

if (!existsSync(join(ROOT, "package-lock.json"))) {
  throw new Error("package-lock.json is missing");
}
install();
for (const { file, name, version, bytes } of bundle()) {
  console.log(`${file}  ${bytes} bytes  ${name} ${version}`);
}
