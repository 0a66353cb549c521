import { dateWords, dayAndTimeOf, rangeOf } from './time.ts';

/** The day list on paper. */
export const printWords = {
  title: (site: string, date: string) => `${site} · Day list · ${dateWords(date)}`,
  asOf: (at: string, zone: string) => `As of ${dayAndTimeOf(at, zone)}`,
  asOfOld: (at: string, zone: string) =>
    `As of ${dayAndTimeOf(at, zone)}. Printed without a connection: what was changed since is not on it.`,
  printedBy: (name: string) => `Printed by ${name}`,
  columns: {
    time: 'Time',
    minutes: 'Min',
    what: 'Procedure',
    surgeon: 'Surgeon',
    patient: 'Patient',
    needs: 'Equipment, bed',
    state: 'State',
  },
  time: rangeOf,
  untitled: 'Not said yet',
  busy: 'Busy',
  closed: (reason: string) => `Closed: ${reason}`,
  heldBy: (name: string) => `Held by ${name}`,
  withoutCases: (rooms: readonly string[]) => `Without cases: ${rooms.join(', ')}`,
  empty: 'No cases on this day.',
};
