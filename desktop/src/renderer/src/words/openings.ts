import type { DayWithout } from '@slate/shared/board';
import { fieldWords } from './cases.ts';

type Obstacle = DayWithout['obstacles'][number];

/** What is in the way of any opening on a day; `name` is the surgeon's, the pool's or the bed's. */
export function whyNothing(
  obstacles: readonly Obstacle[],
  nameOf: (resourceId: string | null) => string,
): string {
  const [first] = obstacles;
  if (!first) return '';
  if (first.why === 'over') return 'the day is over for this';
  if (first.why === 'capability') return 'no room can do this';
  if (first.why === 'block') return 'there is time only in others’ blocks';
  if (first.why === 'together') return 'everything it needs is free at some time, but never all at once';
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

/** Where would this fit? Said while somebody is on the phone: short. */
export const openingsWords = {
  title: 'Find an opening',
  titleFor: (name: string) => `Find an opening for ${name}`,
  close: 'Close',
  procedure: fieldWords.procedureId,
  procedureHint: 'Any',
  surgeon: fieldWords.surgeonId,
  surgeonHint: 'Any',
  noneSuch: 'Nothing of that name.',
  length: fieldWords.minutes,
  lengthHint: (minutes: number) => `${minutes} usual`,
  lengthUnit: ' min',
  from: 'From',
  days: 'Days',
  dayCount: (days: number) => (days === 1 ? '1 day' : `${days} days`),
  times: 'Begins',
  byDay: (from: string, to: string) => `By day, ${from}–${to}`,
  anyHour: 'At any hour, soonest first',
  timesNamed: [
    'Working hours, 07:00–17:00',
    'Morning, 06:00–12:00',
    'Afternoon, 12:00–18:00',
    'Evening and night, 18:00–06:00',
    'At any hour',
  ],
  urgency: fieldWords.urgency,
  weekdays: 'Weekdays',
  anyDay: 'Any',
  weekdayNames: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  blocks: 'Whose time',
  whose: { any: 'Any', own: 'Own block', open: 'Open time' },
  more: 'Rooms, equipment, bed',
  rooms: 'Only these rooms',
  capabilities: 'Room must have',
  equipment: fieldWords.equipment,
  bed: fieldWords.bed,
  nights: 'Nights',
  asUsual: 'As the procedure',

  results: 'Openings, best first',
  searching: 'Searching…',
  found: (count: number) => (count === 1 ? '1 opening' : `${count} openings`),
  most: (count: number) => `The best ${count}`,
  block: { own: 'Own block', open: 'Open time', other: 'Another’s block' },
  hold: 'holds it',
  digits: 'holds the one of that number',
  digitsAnywhere: 'also while typing',
  without: 'Days without an opening',
  /** Fri, Nov 20: PACU is full. */
  dayWithout: (day: string, why: string) => `${day}: ${why}.`,
  moreDays: (count: number) => `${count} more days, for the like.`,
  none: 'Nothing fits in these days. Look at more days, at any room, or ask for less equipment.',
  noneOwn: 'Nothing fits in blocks of their own. Look at any time, or at more days.',
  tooOften: (seconds: number) =>
    `Too many searches in a short time. This one goes out by itself in ${seconds} s.`,
  unreachable: 'The server did not answer. Change something, or try again when the connection is back.',
  refused: (reason: string) => `This cannot be searched for. ${reason}`,
  tryAgain: 'Try again',
};
