import { setTimeout as pause } from 'node:timers/promises';
import type { Case } from '@slate/shared/cases';
import { seededRandom } from '../seeded-random.ts';
import type { FeedConsole, FeedDeployment } from './feed-deployment.ts';

type Faults = {
  seed: number;
  steps: number;
  /** A short pause ends a fault before the console notices it. */
  longestPauseMs: number;
};

/**
 * Breaks and repairs the network at random while another desk works. Fails if the board is not right and live at the end.
 * Returns how many requests the console sent in how much time.
 */
export async function surviveFaults(deployment: FeedDeployment, console: FeedConsole, how: Faults) {
  const { cable, feed } = console;
  const random = seededRandom(how.seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const faults: (() => void)[] = [
    () => cable.pull(),
    () => cable.freeze(),
    () => cable.silence(),
    () => cable.leadToPortal(),
    () => cable.breakSockets('refuse'),
    () => cable.breakSockets('cut'),
    () => cable.breakSockets('swallow'),
    () => cable.putBack(deployment.servers[0]?.url),
    () => cable.putBack(deployment.servers[1]?.url),
    () => feed.networkChanged(),
    () => feed.awake(),
    () => feed.check(),
    () => feed.retry(),
  ];
  await console.until(console.isPushed);
  const began = performance.now();
  const requestsBefore = cable.requests;
  const items: Case[] = [];
  for (let step = 0; step < how.steps; step++) {
    faults[below(faults.length)]?.();
    items.push(await deployment.hold());
    if (random() < 0.4) await deployment.release(items.splice(below(items.length), 1)[0] as Case);
    await pause(below(how.longestPauseMs));
  }
  cable.putBack(deployment.servers[0]?.url);
  feed.networkChanged();
  await console.until(console.isPushed);
  await console.isUpToDate();
  return { requests: cable.requests - requestsBefore, seconds: (performance.now() - began) / 1000 };
}
