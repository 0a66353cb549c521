/** Measures one page with one subject in the browser. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, CDPSession, Page } from 'playwright-core';
import type { Bench } from '../../desktop/bench/bench.ts';
import type { ConsoleEffort } from './set-up.ts';
import { quantile } from './measuring.ts';

export type Measurement = {
  /** Milliseconds from having the data until the day is on the screen. */
  paint: number;
  /** CPU milliseconds of the main thread for it. */
  paintBusy: number;
  changeBusy: number;
  /** Percent. */
  burstBusy: number;
  burstDropped: number;
  /** The idle page: the frame time of the machine itself. */
  restP95: number;
  restDropped: number;
  dragP95: number;
  dragDropped: number;
  dragBusy: number;
  scrollP95: number;
  scrollDropped: number;
  scrollBusy: number;
  /** Megabytes. */
  heap: number;
  nodes: number;
};

type Point = { x: number; y: number };

const hertz = 60;
const viewport = { width: 1920, height: 1080 };
/** The point at which the pointer scrolls and drags. */
const middle: Point = { x: 1100, y: 520 };

export async function measurePage(
  browser: Browser,
  url: string,
  effort: ConsoleEffort,
): Promise<Measurement> {
  const context = await browser.newContext({ viewport });
  try {
    const page = await context.newPage();
    const failures: string[] = [];
    page.on('pageerror', (error) => failures.push(error.stack ?? error.message));
    await page.goto(url, { waitUntil: 'networkidle' });
    const cdp = await context.newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    const measured = await measure(page, cdp, effort);
    if (failures.length > 0) throw new Error(`${url}: ${failures.join('\n')}`);
    return measured;
  } finally {
    await context.close();
  }
}

async function measure(page: Page, cdp: CDPSession, effort: ConsoleEffort): Promise<Measurement> {
  const metric = async (name: string) => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return metrics.find((each) => each.name === name)?.value ?? Number.NaN;
  };
  /** CPU milliseconds of the main thread. */
  async function busy<Result>(act: () => Promise<Result>) {
    const before = await metric('TaskDuration');
    const result = await act();
    return { result, ms: ((await metric('TaskDuration')) - before) * 1000 };
  }
  async function frames(act: () => Promise<void>) {
    await page.evaluate(() => bench.recordFrames());
    const { ms } = await busy(act);
    const intervals = await page.evaluate(() => bench.frames());
    return {
      ms,
      p95: quantile(intervals, 0.95),
      dropped: intervals.reduce(
        (sum, interval) => sum + Math.max(0, Math.round((interval * hertz) / 1000) - 1),
        0,
      ),
    };
  }

  await page.evaluate(() => bench.prepare());
  const paint = await busy(() => page.evaluate(() => bench.mount()));
  await settled(page);
  const rest = await frames(() => delay(effort.dragSeconds * 1000));

  await cdp.send('HeapProfiler.collectGarbage');
  const heap = (await metric('JSHeapUsedSize')) / 2 ** 20;
  const nodes = await metric('Nodes');

  // Warm-up: in use, this code is already compiled.
  await page.evaluate(() => bench.changes(12));
  const idle = await busy(() => page.evaluate((count) => bench.changes(count, true), effort.changes));
  const changes = await busy(() => page.evaluate((count) => bench.changes(count), effort.changes));

  const from = await page.evaluate(() => bench.handle());
  if (!from) throw new Error('no case can be dragged');
  const pointer = pointerOf(cdp);
  await pointer.press(from);
  const drag = await frames(() =>
    pointer.each(effort.dragSeconds, (share) => pointer.move(wander(from, share))),
  );
  await page.keyboard.press('Escape');
  await pointer.release(from);
  await settled(page);

  await pointer.move(middle);
  const scroll = await frames(() =>
    pointer.each(effort.dragSeconds, (share) => pointer.wheel(middle, share)),
  );
  await settled(page);

  const { burstSeconds } = effort;
  const burst = await frames(() => page.evaluate((seconds) => bench.burst(50, seconds), burstSeconds));
  const moves = effort.dragSeconds * hertz;
  return {
    paint: paint.result,
    paintBusy: paint.ms,
    changeBusy: (changes.ms - idle.ms) / effort.changes,
    burstBusy: burst.ms / burstSeconds / 10,
    burstDropped: burst.dropped,
    restP95: rest.p95,
    restDropped: rest.dropped,
    dragP95: drag.p95,
    dragDropped: drag.dropped,
    dragBusy: drag.ms / moves,
    scrollP95: scroll.p95,
    scrollDropped: scroll.dropped,
    scrollBusy: scroll.ms / moves,
    heap,
    nodes,
  };
}

/** Provided by the page. */
declare const bench: Bench;

const settled = (page: Page) => page.evaluate(() => bench.settled());

/** Back and forth over the visible rooms at the speed of a hand, away from the edges that scroll. */
function wander({ x, y }: Point, share: number): Point {
  const angle = share * 2 * Math.PI;
  return { x: x + Math.sin(angle * 2) * 260, y: y + Math.sin(angle * 3) * 150 };
}

function pointerOf(cdp: CDPSession) {
  const mouse = (type: 'mousePressed' | 'mouseMoved' | 'mouseReleased', at: Point, isDown: boolean) =>
    cdp.send('Input.dispatchMouseEvent', {
      type,
      ...at,
      button: isDown || type === 'mouseReleased' ? 'left' : 'none',
      buttons: isDown ? 1 : 0,
      clickCount: type === 'mouseMoved' ? 0 : 1,
    });
  let isDown = false;
  return {
    async press(at: Point) {
      await mouse('mouseMoved', at, false);
      isDown = true;
      await mouse('mousePressed', at, true);
    },
    move: (at: Point) => mouse('mouseMoved', at, isDown),
    async release(at: Point) {
      isDown = false;
      await mouse('mouseReleased', at, false);
    },
    /** Down through all rooms and back up, then to the evening and back. */
    wheel: (at: Point, share: number) => {
      const forward = (share * 4) % 2 < 1 ? 1 : -1;
      const delta = forward * 40;
      return cdp.send('Input.dispatchMouseEvent', {
        type: 'mouseWheel',
        ...at,
        deltaX: share < 0.5 ? 0 : delta / 2,
        deltaY: share < 0.5 ? delta : 0,
      });
    },
    /** Sixty times a second like a mouse, whether or not the page keeps up. */
    async each(seconds: number, send: (share: number) => Promise<unknown>) {
      const began = performance.now();
      const sent: Promise<unknown>[] = [];
      const count = seconds * hertz;
      for (let nth = 0; nth < count; nth++) {
        const wait = began + (nth * 1000) / hertz - performance.now();
        if (wait > 0) await delay(wait);
        sent.push(send(nth / count));
      }
      await Promise.all(sent);
    },
  };
}
