import { urgencyWords } from './cases.ts';

const span = (minutes: number): string => {
  if (minutes < 60) return `${Math.max(1, Math.round(minutes))} min`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h`;
  return `${Math.round(minutes / (24 * 60))} days`;
};

/** The depot: the list of cases without a time. */
export const depotWords = {
  title: 'Depot',
  toPlace: (count: number) => `${count} to place`,
  list: 'Cases that need a time, most urgent first',
  empty: 'No cases waiting.',
  noMatch: 'No waiting cases match the filter.',
  clearFilter: 'Clear the filter',
  loading: 'The depot is loading.',
  failed: 'Can’t load the depot. It loads with the board when the server answers.',
  add: 'Add a case',
  close: 'Close the depot',
  filter: 'Filter',
  filterHint: 'Case, surgeon, number',
  service: 'Service',
  allServices: 'All services',
  /** Without the time of `urgencyWords`, because `due` shows the time left. */
  urgency: { ...urgencyWords, urgent: 'Urgent' },
  /** The time left until it is due. */
  due: (minutesLeft: number | null) => {
    if (minutesLeft === null) return '';
    return minutesLeft < 0 ? `overdue ${span(-minutesLeft)}` : `due in ${span(minutesLeft)}`;
  },
  bumped: (by: string, reason: string | null) =>
    reason === null ? `Bumped by ${by}` : `Bumped by ${by}: ${reason}`,
  legend: 'Legend',
  legendHold: { countdown: 'Hold (countdown)', end: 'Hold (time at which it ends)' },
};
