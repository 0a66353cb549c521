import { addDays, instantOf } from '@slate/shared/time';
import { timeOf } from '../words/time.ts';

/**
 * Converts times to pixels and back. Times are elapsed minutes since the first local midnight, so days of 23 and 25 hours
 * have their real length.
 */
export type Scale = {
  readonly zone: string;
  /** The first local midnight, in milliseconds. */
  readonly origin: number;
  readonly minutes: number;
  readonly length: number;
  /** Sorted, without gaps, each with its own pace. More than one only if nights are compressed. */
  readonly stretches: readonly Stretch[];
};
type Stretch = { from: number; to: number; at: number; pace: number };

export type ScaleOf = {
  date: string;
  days: number;
  zone: string;
  pixelsPerHour: number;
  /** Outside these hours, time is drawn this many times shorter. */
  wakingHours?: { from: string; to: string; nightsShorter: number };
};

export function scaleOf({ date, days, zone, pixelsPerHour, wakingHours }: ScaleOf): Scale {
  const origin = Date.parse(instantOf(date, '00:00', zone));
  const minuteOf = (day: number, time: string) =>
    (Date.parse(instantOf(addDays(date, day), time, zone)) - origin) / 60_000;
  const minutes = minuteOf(days, '00:00');
  const pace = pixelsPerHour / 60;
  const stretches: Stretch[] = [];
  let from = 0;
  let at = 0;
  const addStretch = (to: number, shorter: number) => {
    if (to <= from) return;
    stretches.push({ from, to, at, pace: pace / shorter });
    at += ((to - from) * pace) / shorter;
    from = to;
  };
  if (wakingHours) {
    for (let day = 0; day < days; day++) {
      addStretch(minuteOf(day, wakingHours.from), wakingHours.nightsShorter);
      addStretch(minuteOf(day, wakingHours.to), 1);
      addStretch(minuteOf(day + 1, '00:00'), wakingHours.nightsShorter);
    }
  } else addStretch(minutes, 1);
  return { zone, origin, minutes, length: Math.round(at), stretches };
}

export const minutesOf = ({ origin }: Scale, instant: string) => (Date.parse(instant) - origin) / 60_000;
export const instantOfMinutes = ({ origin }: Scale, minutes: number) =>
  new Date(origin + minutes * 60_000).toISOString();

/** Returns the pixel of a time. Beyond the ends, the pace of the nearest stretch applies. */
export function pixelOf({ stretches }: Scale, minutes: number): number {
  const stretch = stretches.find(({ to }) => minutes < to) ?? stretches.at(-1);
  return stretch ? stretch.at + (minutes - stretch.from) * stretch.pace : 0;
}
export function minutesAt({ stretches }: Scale, pixel: number): number {
  const stretch = stretches.findLast(({ at }) => pixel >= at) ?? stretches[0];
  return stretch ? stretch.from + (pixel - stretch.at) / stretch.pace : 0;
}

export const snap = (minutes: number, step: number) => Math.round(minutes / step) * step;

/** Returns start and length in whole pixels, for sharp edges. */
export function spanOf(scale: Scale, start: string, end: string): { at: number; length: number } {
  const at = Math.round(pixelOf(scale, minutesOf(scale, start)));
  return { at, length: Math.max(1, Math.round(pixelOf(scale, minutesOf(scale, end))) - at) };
}

export type Tick = { minutes: number; at: number; instant: string; isMidnight: boolean };

/** Returns ticks at whole hours of the wall clock, at least `apart` pixels from each other. */
export function ticksOf(scale: Scale, apart: number): Tick[] {
  const hourOf = (after: number) => Number(timeOf(instantOfMinutes(scale, after), scale.zone).slice(0, 2));
  const ticks: Tick[] = [];
  for (const { from, to, at, pace } of scale.stretches) {
    const every = [1, 2, 3, 4, 6, 12, 24].find((count) => count * 60 * pace >= apart) ?? 24;
    for (let minutes = Math.ceil(from / 60) * 60; minutes < to; minutes += 60) {
      const hour = hourOf(minutes);
      const isMidnight = hour === 0 && (minutes === 0 || hourOf(minutes - 60) !== 0);
      const here = Math.round(at + (minutes - from) * pace);
      if (!isMidnight && (hour % every !== 0 || here - (ticks.at(-1)?.at ?? -apart) < apart * 0.6)) continue;
      ticks.push({ minutes, at: here, instant: instantOfMinutes(scale, minutes), isMidnight });
    }
  }
  return ticks;
}
