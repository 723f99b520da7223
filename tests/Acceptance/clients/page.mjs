// Opens a page in Chromium in light and dark, on a phone and a desktop, and prints as JSON what a person would run into.
//   node page.mjs URL [FOLDER]   FOLDER: where to put screenshots
import { chromium } from "playwright-core";

const [url, folder] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const views = [];
for (const colorScheme of ["light", "dark"])
  for (const width of [390, 1280]) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    const errors = [], requests = [], dialogs = [];
    page.on("console", message => { if (["error", "warning"].includes(message.type())) errors.push(message.text()); });
    page.on("pageerror", error => errors.push(String(error)));
    page.on("request", request => { if (request.url() !== url && !request.url().startsWith("data:")) requests.push(request.url()); });
    page.on("dialog", async dialog => { dialogs.push(dialog.message()); await dialog.dismiss(); });
    await page.goto(url, { waitUntil: "load" });
    await page.evaluate(() => document.querySelectorAll("details").forEach(d => { d.open = true; }));
    const seen = await page.evaluate(look);
    // From the top, Tab has to come by everything that can be used.
    const reached = new Set();
    await page.evaluate(() => { document.activeElement?.blur(); window.scrollTo(0, 0); });
    for (let i = 0; i < seen.interactive.length + 5; i++) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => document.activeElement?.dataset.place ?? null);
      if (at !== null) reached.add(at);
    }
    if (folder) await page.screenshot({ path: `${folder}/${colorScheme}-${width}.png`, fullPage: true });
    views.push({ colorScheme, width, errors, requests, dialogs, ...seen, interactive: seen.interactive.length, unreached: seen.interactive.filter(i => !reached.has(i.place)).map(i => i.what), injected: await page.evaluate(() => window.injected ?? false) });
    await context.close();
  }
await browser.close();
console.log(JSON.stringify(views));

function look() {
  const parse = color => { const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number); return { r, g, b, a }; };
  // WCAG 2.2, relative luminance and contrast ratio.
  const luminance = ({ r, g, b }) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => { for (let e = element; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.a === 1) return c; } return { r: 255, g: 255, b: 255 }; };
  const faint = [];
  let texts = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || ["SCRIPT", "STYLE", "NOSCRIPT"].includes(element.tagName) || !element.checkVisibility()) continue;
    texts++;
    const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faint.push(`${ratio.toFixed(2)}: ${walker.currentNode.textContent.trim().slice(0, 40)}`);
  }
  const interactive = [...document.querySelectorAll("a[href], button, input, summary, [tabindex]")].filter(e => e.checkVisibility() && !e.disabled)
    .map((e, i) => { e.dataset.place = String(i); return { place: String(i), what: `${e.tagName} ${e.textContent.slice(0, 30)}` }; });
  return { text: document.body.innerText, title: document.title, sideways: document.documentElement.scrollWidth > document.documentElement.clientWidth, texts, faint, interactive, images: document.querySelectorAll("img").length, scripts: document.querySelectorAll("script").length };
}
