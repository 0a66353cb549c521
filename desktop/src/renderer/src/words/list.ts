import { fieldWords, noCases, untitled } from './cases.ts';

/** The list of all cases of the day. */
export const listWords = {
  title: (date: string) => `Cases on ${date}`,
  filter: 'Filter',
  filterHint: 'Case, room, surgeon, service, state',
  byRoom: 'Group by room',
  count: (shown: number, all: number) =>
    shown === all ? (all === 1 ? '1 case' : `${all} cases`) : `${shown} of ${all} cases`,
  columns: {
    start: 'Time',
    room: fieldWords.roomId,
    number: 'Number',
    title: fieldWords.procedureId,
    surgeon: fieldWords.surgeonId,
    service: fieldWords.service,
    state: fieldWords.state,
    patient: 'Patient',
    urgency: fieldWords.urgency,
    milestone: 'Last recorded',
  },
  untitled,
  stateWithReason: (state: string, reason: string | null) =>
    reason === null ? state : `${state}: ${reason}`,
  cancelled: 'Cancelled',
  recorded: (what: string, time: string) => `${what} ${time}`,
  empty: noCases,
  noMatch: 'No cases on this day match the filter.',
  clearFilter: 'Clear the filter',
  loading: 'The list is loading.',
};
