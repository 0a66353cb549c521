import { busy, closedFor, fieldWords, noCases, untitled } from './cases.ts';
import { dateWords, dayAndTimeOf, rangeOf } from './time.ts';

/** The day list on paper. */
export const printWords = {
  title: (site: string, date: string) => `${site} · Day list · ${dateWords(date)}`,
  asOf: (at: string, zone: string) => `As of ${dayAndTimeOf(at, zone)}`,
  asOfOld: (at: string, zone: string) =>
    `As of ${dayAndTimeOf(at, zone)}. Printed offline: later changes are not on it.`,
  printedBy: (name: string) => `Printed by ${name}`,
  columns: {
    time: 'Time',
    minutes: 'Min',
    what: fieldWords.procedureId,
    surgeon: fieldWords.surgeonId,
    patient: 'Patient',
    needs: 'Equipment, bed',
    state: fieldWords.state,
  },
  time: rangeOf,
  untitled,
  busy,
  closed: closedFor,
  heldBy: (name: string) => `Held by ${name}`,
  withoutCases: (rooms: readonly string[]) => `No cases: ${rooms.join(', ')}`,
  empty: noCases,
};
