/**
 * The work of each client of the load: it holds and books one slot after the other, in its own room with its own
 * surgeon, or all clients in one room with separate slots. Nothing ever conflicts.
 */
import { randomUUID } from 'node:crypto';
import { quantile } from './measuring.ts';

export type Lane = {
  site: string;
  procedure: string;
  room: string;
  surgeon: string;
  user: string;
  token: string;
  /** Lanes that share a room take every `stride`-th slot from their own `offset`. */
  offset: number;
};

export type Round = { lanes: Lane[]; stride: number; base: number; from: number; seconds: number };

/** Pairs of hold and booking per second, and the duration of a pair in milliseconds. */
export type Pace = { perSecond: number; p50: number; p99: number };

/** A ten-minute case with five minutes before and after; the slot is the room's claim. */
export const slotMinutes = 20;
/** The number of slots that can be booked ahead. */
export const slotsAhead = (800 - 3) * (1440 / slotMinutes);

const at = (base: number, minutes: number) => new Date(base + minutes * 60_000).toISOString();

export function slotOf(base: number, slot: number) {
  const minutes = slot * slotMinutes;
  return {
    case: randomUUID(),
    key: randomUUID(),
    opens: at(base, minutes),
    start: at(base, minutes + 5),
    end: at(base, minutes + 15),
    closes: at(base, minutes + slotMinutes),
  };
}
export type Slot = ReturnType<typeof slotOf>;

/** Runs all lanes concurrently without pauses until the time is up. */
export async function drive(
  { lanes, stride, base, from, seconds }: Round,
  pair: (lane: Lane, slot: Slot, index: number) => Promise<void>,
): Promise<Pace> {
  const durations: number[] = [];
  const began = performance.now();
  const until = began + seconds * 1000;
  await Promise.all(
    lanes.map(async (lane, index) => {
      let sent = performance.now();
      for (let slot = from + lane.offset; sent < until; slot += stride) {
        await pair(lane, slotOf(base, slot), index);
        const now = performance.now();
        durations.push(now - sent);
        sent = now;
      }
    }),
  );
  const perSecond = (durations.length / (performance.now() - began)) * 1000;
  return { perSecond, p50: quantile(durations, 0.5), p99: quantile(durations, 0.99) };
}
