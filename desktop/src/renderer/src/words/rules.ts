import { dayWords } from './time.ts';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** The form of a rule, such as a template of blocks or a recurring closure. */
export const ruleWords = {
  weekdays,
  /** Returns `Mon, Wed`. */
  weekdayNames: (days: readonly number[]) => days.map((day) => weekdays[day - 1]).join(', '),
  days: 'Weekdays',
  every: 'Every … weeks',
  everyWeeks: (weeks: number) => (weeks === 2 ? 'every other week' : `every ${weeks} weeks`),
  from: 'First day',
  until: 'Last day, if any',
  exceptions: 'Exceptions',
  noExceptions: 'None. Every date follows the rule.',
  exceptionOn: 'Date',
  skip: 'Skip this date',
  removeException: (date: string) => `Remove the exception of ${dayWords(date)}`,

  preview: 'Show what changes',
  remove: 'Remove',
  removeNow: 'Remove for good',
  effect: 'What changes',
  more: (rest: number) => `and ${rest} more`,
};

/** Returns `1 block added, 2 blocks removed`, or `none` if an edit changes nothing. */
export const effectCounts =
  (countOf: (many: number) => string, none: string) =>
  (created: number, changed: number, removed: number): string => {
    const parts = [
      ...(created > 0 ? [`${countOf(created)} added`] : []),
      ...(changed > 0 ? [`${countOf(changed)} changed`] : []),
      ...(removed > 0 ? [`${countOf(removed)} removed`] : []),
    ];
    return parts.length > 0 ? parts.join(', ') : none;
  };

/** The outcomes of a change of a rule. */
export const ruleOutcomes = {
  saved: (name: string) => `Saved ${name}`,
  removed: (name: string) => `Removed ${name}`,
  titles: {
    save: (name: string) => `Save ${name}`,
    remove: (name: string) => `Remove ${name}`,
  },
  undo: {
    add: (name: string) => ({ label: `Remove ${name} again`, undone: `Removed ${name}` }),
    change: (name: string) => ({ label: `Change ${name} back`, undone: `${name} as before` }),
    remove: (name: string) => ({ label: `Bring back ${name}`, undone: `${name} is back` }),
  },
};
