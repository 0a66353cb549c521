import type { DayWithout } from '@slate/shared/contract/reads';
import { fieldWords } from './cases.ts';

type Obstacle = DayWithout['obstacles'][number];

/** Explains why a day has no opening. `nameOf` returns the name of a surgeon, a pool or a bed. */
export function whyNoOpening(
  obstacles: readonly Obstacle[],
  nameOf: (resourceId: string | null) => string,
): string {
  const [first] = obstacles;
  if (!first) return '';
  if (first.why === 'over') return 'there’s no time left that day';
  if (first.why === 'capability') return 'no room is equipped for this';
  if (first.why === 'block') return 'the only free time is in other blocks';
  if (first.why === 'together') return 'everything it needs is free at some point, but never all at once';
  const nameIn = ({ why, resourceId }: Obstacle) =>
    why === 'room'
      ? 'a suitable room'
      : why === 'patient'
        ? 'the patient'
        : why === 'surgeon'
          ? `Dr ${nameOf(resourceId)}`
          : nameOf(resourceId);
  if (!first.isAllDay) {
    const [last, ...others] = obstacles.map(nameIn).toReversed();
    return others.length === 0
      ? `${last} is not free when the rest is`
      : `${others.toReversed().join(', ')} and ${last} are never free at the same time`;
  }
  return obstacles
    .map((each) => {
      if (each.why === 'bed') return `${nameIn(each)} is full`;
      if (each.why === 'room') return 'no suitable room is free for that long';
      return `${nameIn(each)} is not free`;
    })
    .join(', and ');
}

/** The search for openings. Keep these short: the person is on the phone. */
export const openingsWords = {
  title: 'Find an opening',
  titleFor: (name: string) => `Find an opening for ${name}`,
  close: 'Close',
  procedure: fieldWords.procedureId,
  procedureHint: 'Any',
  surgeon: fieldWords.surgeonId,
  surgeonHint: 'Any',
  noneSuch: 'No matches.',
  length: fieldWords.minutes,
  lengthHint: (minutes: number) => `Usually ${minutes} min`,
  lengthUnit: ' min',
  from: 'From',
  days: 'Days',
  dayCount: (days: number) => (days === 1 ? '1 day' : `${days} days`),
  times: 'Starts',
  byDay: (from: string, to: string) => `By day, ${from}–${to}`,
  anyHour: 'Any time, soonest first',
  timesNamed: [
    'Working hours, 07:00–17:00',
    'Morning, 06:00–12:00',
    'Afternoon, 12:00–18:00',
    'Evening and night, 18:00–06:00',
    'Any time',
  ],
  urgency: fieldWords.urgency,
  weekdays: 'Weekdays',
  anyDay: 'Any',
  weekdayNames: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  blocks: 'Block time',
  whose: { any: 'Any', own: 'Own block', open: 'Open time' },
  more: 'Rooms, equipment, bed',
  rooms: 'Only these rooms',
  capabilities: 'Room must have',
  equipment: fieldWords.equipment,
  bed: fieldWords.bed,
  nights: 'Nights',
  asUsual: 'Same as the procedure',

  results: 'Openings, best first',
  searching: 'Searching…',
  found: (count: number) => (count === 1 ? '1 opening' : `${count} openings`),
  most: (count: number) => `${count} best matches`,
  block: { own: 'Own block', open: 'Open time', other: 'Another block' },
  hold: 'holds it',
  digits: 'holds that number',
  digitsAnywhere: 'also while typing',
  without: 'Days without an opening',
  /** Fri, Nov 20: PACU is full. */
  dayWithout: (day: string, why: string) => `${day}: ${why}.`,
  moreDays: (count: number) => `${count} more days, for similar reasons.`,
  none: 'No openings in these days. Try more days, any room, or less equipment.',
  noneOwn: 'No openings in their own blocks. Try any block or more days.',
  tooOften: (seconds: number) =>
    `Too many searches in a short time. Slate will search again in ${seconds} s.`,
  unreachable: 'No reply from the server. Change something, or try again when the connection is back.',
  refused: (reason: string) => `Can’t run this search. ${reason}`,
  tryAgain: 'Try again',
};
