/** `npm run icons`: draws the icons of all platforms from the console's SVG. Run it after a change of the SVG, and commit. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { chromium } from './chromium.ts';
import { icns, ico, iconSizes } from './packaging/icon-files.ts';
import type { Png } from './packaging/icon-files.ts';

const desktop = join(import.meta.dirname, '..', 'desktop');
const svg = readFileSync(join(desktop, 'src/renderer/public/icon.svg'), 'utf8');
const folder = join(desktop, 'packaging');

const executablePath = chromium();
if (executablePath === undefined)
  throw new Error('There is no Chromium: install one, or set CHROMIUM_PATH to it.');
const browser = await playwright.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage();
const pictures: Png[] = [];
for (const size of iconSizes) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`);
  pictures.push({ size, bytes: await page.screenshot({ omitBackground: true }) });
}
await browser.close();

mkdirSync(join(folder, 'icons'), { recursive: true });
for (const { size, bytes } of pictures) writeFileSync(join(folder, 'icons', `${size}x${size}.png`), bytes);
writeFileSync(join(folder, 'icon.ico'), ico(pictures));
writeFileSync(join(folder, 'icon.icns'), icns(pictures));
console.log(`Drew ${pictures.length} sizes into desktop/packaging.`);
