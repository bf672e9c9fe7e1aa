// Drives Chromium for tests in Python: a line of JSON on stdin is a command, one on stdout its
// answer. `CHROMIUM` names the program, `FOLDER` where profile and downloads go.

import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const PATIENCE = 60_000; // milliseconds until something counts as broken
const { CHROMIUM, FOLDER } = process.env;
const DOWNLOADS = join(FOLDER, "downloads");
mkdirSync(DOWNLOADS, { recursive: true });

const browser = await puppeteer.launch({
  executablePath: CHROMIUM,
  headless: true,
  userDataDir: join(FOLDER, "profile"),
  protocolTimeout: 2 * PATIENCE,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ],
});
const session = await browser.target().createCDPSession();
await session.send("Browser.setDownloadBehavior", {
  behavior: "allow", downloadPath: DOWNLOADS, eventsEnabled: true,
});
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let page = null;
let heard = [];

// Waits until a style sheet, a script and a hash have done what they do.
const settled = () =>
  page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 0)));

async function open({ url, width, height, language, still }) {
  await page?.close();
  page = await browser.newPage();
  heard = [];
  page.on("console", (message) => heard.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => heard.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) {
      heard.push(`request: ${request.url()}`);
    }
  });
  await page.setViewport({ width, height, isMobile: width < 500, hasTouch: width < 500 });
  await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: still ? "reduce" : "no-preference" }]);
  await page.evaluateOnNewDocument((told) => Object.defineProperty(navigator, "language", { get: () => told }), language);
  await page.goto(url);
  await settled();
}

async function download({ selector }) {
  const done = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("nothing was downloaded")), PATIENCE).unref();
    let name = "";
    const begun = (event) => (name = event.suggestedFilename);
    const moved = (event) => {
      if (event.state === "completed") {
        session.off("Browser.downloadWillBegin", begun);
        session.off("Browser.downloadProgress", moved);
        resolve(join(DOWNLOADS, name));
      }
    };
    session.on("Browser.downloadWillBegin", begun);
    session.on("Browser.downloadProgress", moved);
  });
  await page.click(selector);
  return done;
}

async function violations() {
  await page.evaluate(axe); // by the debugger, which no policy of the page binds
  const found = await page.evaluate(() => globalThis.axe.run());
  return found.violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.map(({ html }) => html.slice(0, 200)) }));
}

const goBack = () =>
  new Promise((done) => {
    addEventListener("hashchange", () => done(null), { once: true });
    history.back();
  });

const COMMANDS = {
  open,
  download,
  violations,
  click: ({ selector }) => page.click(selector).then(settled),
  point: ({ x, y }) => page.mouse.click(x, y).then(settled),
  type: ({ text }) => page.keyboard.type(text).then(settled),
  press: ({ key }) => page.keyboard.press(key).then(settled),
  evaluate: ({ code }) => page.evaluate(code),
  wait: ({ code }) => page.waitForFunction(code, { timeout: PATIENCE }).then(() => null),
  back: () => page.evaluate(goBack).then(settled),
  heard: () => heard,
  picture: ({ path }) => page.screenshot({ path }).then(() => null),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...given } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ value: (await COMMANDS[command](given)) ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.stack) }));
  }
}
await browser.close();
