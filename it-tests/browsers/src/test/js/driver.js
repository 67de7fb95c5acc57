// A browser under remote control, by the tests in Java: one command a line on standard input, one answer a line on
// standard output. It runs in the client's network namespace, and so does the browser that it starts.
//
//   node driver.js chrome|firefox PROGRAM [ARGUMENT...]
//
// Answers begin with "ok " or "failed ", and are encoded like parts of a URL. The first one is the browser's version.

import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

// What a busy machine may take to start a browser or load a page.
const PATIENCE = 180_000;

// Puppeteer switches off what slows a hidden page down, and with it what these tests are about.
const UNREAL = [
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];

const [kind, executablePath, ...args] = process.argv.slice(2);

const answer = (state, value) => console.log(`${state} ${encodeURIComponent(String(value))}`);

// Signals are the starter's business: puppeteer would close the browser and let this process go on.
const browser = await puppeteer.launch({
  browser: kind,
  executablePath,
  args,
  headless: true,
  timeout: PATIENCE,
  pipe: kind === "chrome",
  ignoreDefaultArgs: kind === "chrome" ? UNREAL : [],
  handleSIGINT: false,
  handleSIGTERM: false,
  handleSIGHUP: false,
});
const page = (await browser.pages())[0] ?? (await browser.newPage());
page.setDefaultTimeout(PATIENCE);
let cover;

const commands = {
  open: url => page.goto(url),
  evaluate: expression => page.evaluate(expression),
  // Another tab comes to the front, and goes again.
  async hide() {
    cover = await browser.newPage();
    await cover.bringToFront();
  },
  async show() {
    await page.bringToFront();
    await cover.close();
  },
  async freeze() {
    await lifecycle("frozen");
  },
  async resume() {
    await lifecycle("active");
  },
};

async function lifecycle(state) {
  const session = await page.createCDPSession();
  await session.send("Page.setWebLifecycleState", { state });
  await session.detach();
}

answer("ok", await browser.version());
// Standard input ends with the process at its other end, however that ended.
for await (const line of createInterface({ input: process.stdin })) {
  const [name, argument] = line.split(" ", 2);
  try {
    answer("ok", await commands[name](argument && decodeURIComponent(argument)));
  } catch (error) {
    answer("failed", error);
  }
}
await browser.close();
