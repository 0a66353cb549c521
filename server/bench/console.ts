/** The console's board compared with ready-made calendars: one day, one browser, alternating. */
import { chromium as playwright } from 'playwright-core';
import { chromium } from '../../scripts/chromium.ts';
import { measurePage } from './console-page.ts';
import type { Measurement } from './console-page.ts';
import { servePages } from './console-pages.ts';
import type { Row } from './report.ts';
import type { BenchSetUp } from './set-up.ts';
import { median } from './measuring.ts';

const ours = 'slate';
const calendars = { FullCalendar: 'full-calendar', EventCalendar: 'event-calendar' } as const;
const pages = [ours, ...Object.values(calendars)];

/** Less is better for all. */
const kinds: { measure: keyof Measurement; what: string; unit: string; goal?: number }[] = [
  { measure: 'paint', what: 'first paint', unit: 'ms', goal: 0.5 },
  { measure: 'paintBusy', what: 'first paint, main thread', unit: 'ms', goal: 0.5 },
  { measure: 'changeBusy', what: 'a change in sight, main thread', unit: 'ms', goal: 0.1 },
  { measure: 'burstBusy', what: '50 changes/s, main thread', unit: '%' },
  { measure: 'dragBusy', what: 'a move while dragging, main thread', unit: 'ms' },
  { measure: 'dragP95', what: 'frame while dragging, p95', unit: 'ms' },
  { measure: 'scrollBusy', what: 'a turn of the wheel, main thread', unit: 'ms' },
  { measure: 'scrollP95', what: 'frame while scrolling, p95', unit: 'ms' },
  { measure: 'heap', what: 'heap after collection', unit: 'MB' },
];

export async function benchConsole({ effort: { console: effort }, say }: BenchSetUp): Promise<Row[]> {
  const executablePath = chromium();
  if (executablePath === undefined) {
    throw new Error('there is no Chromium: install one, or set CHROMIUM_PATH; or leave "console" out');
  }
  const pageServer = await servePages();
  const browser = await playwright.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  const measured = new Map<string, Measurement[]>(pages.map((page) => [page, []]));
  try {
    for (let round = 1; round <= effort.rounds; round++) {
      for (const page of round % 2 ? pages : pages.toReversed()) {
        const result = await measurePage(browser, `${pageServer.url}/${page}.html`, effort);
        measured.get(page)?.push(result);
        const figures = Object.entries(result).map(([name, value]) => `${name} ${value.toFixed(1)}`);
        say(`console, round ${round} of ${effort.rounds}: ${page}: ${figures.join(', ')}`);
      }
    }
  } finally {
    await browser.close();
    pageServer.end();
  }
  return rowsOf((page) => measured.get(page) ?? []);
}

function rowsOf(measured: (page: string) => Measurement[]): Row[] {
  const all = (page: string, measure: keyof Measurement) => measured(page).map((each) => each[measure]);
  const row = (what: string, unit: string, values: number[], baselines: number[], against: string): Row => ({
    part: 'console',
    what,
    unit,
    ours: median(values),
    baseline: median(baselines),
    against,
    // Per round: a disturbance most likely affected both.
    ratio: median(values.map((value, n) => value / (baselines[n] ?? Number.NaN))),
  });
  const compared = kinds.flatMap(({ measure, what, unit, goal }) => {
    const rows = Object.entries(calendars)
      .map(([name, page]) => row(what, unit, all(ours, measure), all(page, measure), name))
      .toSorted((a, b) => a.baseline - b.baseline);
    // The goal is relative to the better one.
    return rows.map((each, n) => ({ ...each, ...(n === 0 && goal && { goal: ['<=', goal] as const }) }));
  });
  const rest = (measure: 'dragP95' | 'scrollP95', what: string): Row => ({
    ...row(what, 'ms', all(ours, measure), all(ours, 'restP95'), 'the same page at rest'),
    goal: ['<=', 1.2],
  });
  return [
    ...compared,
    rest('dragP95', 'frame while dragging, p95'),
    rest('scrollP95', 'frame while scrolling, p95'),
  ];
}
