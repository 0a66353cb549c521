import type { ImportState, Verdict } from '@slate/shared/contract/imports';
import type { ListKind } from '@slate/shared/lists/columns';
import { adminWords } from './administration.ts';

const number = (count: number) => count.toLocaleString('en');
const lines = (count: number) => (count === 1 ? '1 line' : `${number(count)} lines`);
const refusedLines = (count: number) => `${lines(count)} ${count === 1 ? 'is' : 'are'} refused.`;

export const importWords = {
  title: 'Import a file',
  help: 'CSV or XLSX. Nothing is imported before you have seen what each line does.',
  kind: 'What the file lists',
  kinds: {
    rooms: adminWords.page.rooms,
    surgeons: adminWords.page.surgeons,
    equipment: adminWords.page.equipment,
    beds: adminWords.page.beds,
    lists: adminWords.page.lists,
    procedures: adminWords.page.procedures,
    blocks: adminWords.page.blocks,
    people: adminWords.page.people,
    cases: 'Cases',
  } satisfies Record<ListKind, string>,
  order:
    'Import rooms, surgeons, equipment, beds and lists first, then procedures, blocks and people, and cases last.',
  choose: 'Choose a file…',
  reading: (file: string) => `Reading ${file}…`,
  notSent: 'The server didn’t answer. Check the connection, then try again.',
  retry: 'Try again',
  recent: 'Imports of the last day',
  noRecent: 'No imports yet. A file stays here for a day.',
  failed: 'The imports couldn’t be loaded',
  loading: 'Loading the imports',
  by: (name: string, at: string) => `${name}, ${at}`,
  states: {
    uploaded: 'Not checked yet',
    checking: 'Being checked',
    checked: 'Checked, not imported',
    applying: 'Being imported',
    undoing: 'Being taken back',
    applied: 'Imported',
    cancelled: 'Cancelled',
    failed: 'Not imported',
  } satisfies Record<ImportState, string>,
  close: 'Close',
  another: 'Import another file',

  columns: 'Columns',
  columnsHelp: (count: number) => `${lines(count)}. Choose what each column of the file is.`,
  heading: 'Column of the file',
  noHeading: (column: number) => `Column ${column}`,
  sample: 'First values',
  becomes: 'Imported as',
  columnOf: (heading: string) => `What ${heading} is`,
  notImported: 'Not imported',
  needId: 'Choose the column with the ID. It finds the record again in the next file.',
  needs: (headings: readonly string[]) => `New records also need: ${headings.join(', ')}.`,
  toDepot: 'Cases without a place go to the depot',
  toDepotHelp: 'Otherwise they are refused.',
  check: (count: number) => `Check ${lines(count)}`,
  changeColumns: 'Change the columns',

  progress: {
    checking: (done: number, all: number) => `Checking: ${number(done)} of ${lines(all)}`,
    applying: (done: number, all: number) => `Importing: ${number(done)} of ${lines(all)}`,
    undoing: () => 'Taking back what was imported…',
  },
  cancel: 'Cancel the import',

  verdicts: {
    create: { check: 'Create', applied: 'Created' },
    change: { check: 'Change', applied: 'Changed' },
    keep: { check: 'Leave as it is', applied: 'Left as it is' },
    depot: { check: 'To the depot', applied: 'In the depot' },
    refuse: { check: 'Refuse', applied: 'Refused' },
  } satisfies Record<Verdict, { check: string; applied: string }>,
  allLines: 'All',
  filter: 'Lines shown',
  counted: (name: string, count: number) => `${name} ${number(count)}`,
  line: 'Line',
  effect: 'Effect',
  details: 'Details',
  error: (column: string | null, reason: string) => (column === null ? reason : `${column}: ${reason}`),
  change: (column: string, before: string, after: string) => `${column}: ${before || 'nothing'} → ${after}`,
  more: 'Show more lines',
  linesFailed: 'The lines couldn’t be loaded.',
  nothingToDo: 'Everything in the file is here already. There is nothing to import.',
  refused: (count: number) =>
    `${refusedLines(count)} Correct the file and choose it again, or import only the good lines.`,
  /** No other line changes anything. */
  allRefused: (count: number) =>
    `${refusedLines(count)} There is nothing else to import. Correct the file and choose it again.`,
  cannotUndo: 'An import can’t be undone in one step.',
  importAll: (count: number) => `Import all ${lines(count)}`,
  importGood: (count: number) => `Import the ${count === 1 ? 'good line' : `${number(count)} good lines`}`,
  titleOf: (file: string) => `Import ${file}`,
  started: (file: string) => `Importing ${file}`,
};
