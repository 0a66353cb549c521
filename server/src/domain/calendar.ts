import { minuteOf } from '@slate/shared/minutes';
import type { Range } from '@slate/shared/minutes';
import { addDays, instantOf, weekdayOf } from '@slate/shared/time';

/** A local day, from midnight to midnight: 23, 24 or 25 hours. */
export type LocalDay = Range & { readonly date: string; readonly weekday: number };

/** Some days of a site. Converts each local time once, however many rooms need it. */
export class Calendar {
  /** `around` adds the days into which cases that start on `days` can run. */
  readonly days: readonly LocalDay[];
  readonly around: readonly LocalDay[];
  readonly #zone: string;
  readonly #cached = new Map<string, number>();

  constructor(zone: string, first: string, count: number) {
    this.#zone = zone;
    this.around = Array.from({ length: count + 2 }, (_, index) => {
      const date = addDays(first, index);
      const start = this.at(date, '00:00');
      return { date, weekday: weekdayOf(date), start, end: this.at(addDays(date, 1), '00:00') };
    });
    this.days = this.around.slice(0, count);
  }

  at(date: string, time: string): number {
    const key = date + time;
    let minute = this.#cached.get(key);
    if (minute === undefined) {
      minute = minuteOf(instantOf(date, time, this.#zone));
      this.#cached.set(key, minute);
    }
    return minute;
  }
}
