import '../../../../../../test/bridge.ts';
import { answerWith } from '../../../../../../test/answering.ts';
import type { Answer, SentRequest } from '../../../../../../test/answering.ts';
import type { ImportFile, ImportLine } from '@slate/shared/contract/imports';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderInKit } from '../../../../../../test/in-kit.tsx';
import { me, signInAs } from '../../../../../../test/signed-in.ts';
import { at, date, loadBoard, uuid } from '../../../../../../test/small-board.ts';
import { canAddRecords, reloadRecords, showPage } from '../../../stores/administration.ts';
import { setConnection } from '../../../stores/connection.ts';
import { forgetPerson } from '../../../stores/forget.ts';
import { showScreen, viewStore } from '../../../stores/view.ts';
import { Administration } from '../administration.tsx';

const file = (more: Partial<ImportFile> = {}): ImportFile => ({
  id: uuid(31),
  kind: 'rooms',
  file: 'rooms.csv',
  by: { id: me.id, name: me.name },
  at: at('09:00'),
  state: 'uploaded',
  notes: ['The cells are separated by semicolons.'],
  headings: ['Key', 'Room', ''],
  sample: [
    ['A', 'OR 1', 'West'],
    ['B', 'OR 2', ''],
  ],
  lines: 3,
  mapping: ['externalId', 'name', null],
  toDepot: false,
  done: 0,
  counts: null,
  reason: null,
  ...more,
});
const counts = { create: 0, change: 0, keep: 0, depot: 0, refuse: 0 };
const lines: ImportLine[] = [
  { line: 2, cells: ['A', 'OR 1'], verdict: 'create', errors: [], changes: [] },
  {
    line: 3,
    cells: ['B', 'OR 2'],
    verdict: 'change',
    errors: [],
    changes: [{ column: 'area', before: '', after: 'West' }],
  },
  { line: 4, cells: ['C'], verdict: 'refuse', errors: [{ column: 'name', reason: 'Needed.' }], changes: [] },
];

let imports: ImportFile[];
beforeEach(() => {
  imports = [];
  signInAs('administrator');
  setConnection({ status: 'live', lagMs: 100 });
  viewStore.setState({ date, screen: 'administration' });
  loadBoard({});
});
afterEach(() => {
  forgetPerson();
  showPage('rooms');
  showScreen('day');
});

/** Answers reads with the imports and their lines. Returns the other requests. */
function serve(answer: (request: SentRequest) => Answer = () => ({ status: 200, body: {} })) {
  const sent: SentRequest[] = [];
  answerWith((request) => {
    const { path, query, body } = request;
    if (path.endsWith('/users')) return { status: 200, body: { users: [], next: null } };
    if (path.endsWith('/lines')) {
      const { verdict } = query as { verdict?: string };
      const found = lines.filter((each) => verdict === undefined || each.verdict === verdict);
      return { status: 200, body: { lines: found, next: null } };
    }
    const isUpload = (query as { kind?: string } | undefined)?.kind !== undefined;
    if (body === undefined && !isUpload && !path.endsWith('/cancel'))
      return { status: 200, body: { imports } };
    sent.push(request);
    return answer(request);
  });
  return sent;
}

async function show() {
  showPage('import');
  renderInKit(<Administration />);
  await screen.findByRole('heading', { name: 'Import a file' });
}
const open = async () => fireEvent.click(await screen.findByRole('button', { name: /rooms\.csv/ }));
const chooseButton = () => screen.getByRole('button', { name: 'Choose a file…' });
/** Chooses a file in the dialog of the system. */
function choose(name = 'rooms.csv') {
  const dialog = vi.spyOn(HTMLInputElement.prototype, 'click').mockImplementation(function (
    this: HTMLElement,
  ) {
    fireEvent.change(this, { target: { files: [new File(['ID'], name)] } });
  });
  chooseButton().focus();
  fireEvent.click(chooseButton());
  dialog.mockRestore();
}
const openImport = (name = 'rooms.csv') => screen.getByRole('region', { name: `Import ${name}` });

test('IM18 a file is uploaded as it is chosen, and its columns are proposed', async () => {
  const sent = serve(({ query }) => {
    const { id } = { ...(query as { id?: string } | undefined) };
    if (id !== undefined) imports = [file({ id })];
    return { status: 201, body: { import: imports[0] } };
  });
  await show();
  expect(screen.getByText('No imports yet. A file stays here for a day.')).toBeTruthy();
  expect(canAddRecords()).toBe(false);
  choose();
  await screen.findByRole('heading', { name: 'Import rooms.csv' });
  expect(document.activeElement).toBe(openImport());
  expect(sent[0]?.query).toMatchObject({ kind: 'rooms', file: 'rooms.csv' });
  expect(screen.getByText('The cells are separated by semicolons.')).toBeTruthy();
  const of = (heading: string) => screen.getByLabelText<HTMLSelectElement>(`What ${heading} is`);
  expect([of('Key').value, of('Room').value, of('Column 3').value]).toEqual(['externalId', 'name', '']);
  expect(screen.getByText('OR 1 · OR 2')).toBeTruthy();
  // A column of the list is used once.
  fireEvent.change(of('Column 3'), { target: { value: 'name' } });
  expect([of('Room').value, of('Column 3').value]).toEqual(['', 'name']);
  fireEvent.change(of('Key'), { target: { value: '' } });
  expect(screen.getByText(/Choose the column with the ID/)).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Check 3 lines' }).disabled).toBe(true);
  fireEvent.change(of('Key'), { target: { value: 'externalId' } });
  fireEvent.click(screen.getByRole('button', { name: 'Check 3 lines' }));
  await waitFor(() =>
    expect(sent[1]?.body).toEqual({ mapping: ['externalId', null, 'name'], toDepot: false }),
  );
});

test('IM18 a file that cannot be read is refused in words, and one that did not arrive can be sent again with its id', async () => {
  const answers: Answer[] = [
    {
      status: 400,
      body: {
        type: 'about:blank',
        title: 'Refused',
        status: 400,
        code: 'validation',
        detail: 'file: The file is empty.',
        errors: [{ field: 'file', reason: 'The file is empty.' }],
      },
    },
    { status: 502, body: {} },
    { status: 201, body: { import: file() } },
  ];
  const sent = serve(() => answers.shift() ?? { status: 200, body: {} });
  await show();
  choose();
  await screen.findByText('The file is empty.');
  choose();
  fireEvent.click(await screen.findByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(sent).toHaveLength(3));
  expect(sent[2]?.query).toEqual(sent[1]?.query);
});

test('IM18 the check lists each line with its effect, the refused ones first, and only the good lines can be imported', async () => {
  imports = [file({ state: 'checked', counts: { ...counts, create: 1, change: 1, refuse: 1 } })];
  const sent = serve(() => ({ status: 200, body: { import: file({ state: 'applying' }), revision: 2 } }));
  await show();
  await open();
  await screen.findByText('Name: Needed.');
  expect(screen.queryByText(/Import all/)).toBeNull();
  expect(screen.getByText(/1 line is refused\. Correct the file/)).toBeTruthy();
  fireEvent.click(screen.getByRole('radio', { name: 'All 3' }));
  await screen.findByText('Suite: nothing → West');
  const rows = screen.getAllByRole('row').slice(1);
  expect(rows.map((row) => within(row).getAllByRole('cell')[1]?.textContent)).toEqual([
    'Create',
    'Change',
    'Refuse',
  ]);
  fireEvent.click(screen.getByRole('button', { name: 'Import the 2 good lines' }));
  await waitFor(() => expect(sent[0]?.body).toEqual({ mode: 'good' }));
});

test('IM18 without good lines nothing is offered to import; late lines of another filter are ignored', async () => {
  imports = [file({ state: 'checked', lines: 3, counts: { ...counts, keep: 1, refuse: 2 } })];
  serve();
  await show();
  await open();
  await screen.findByText('Name: Needed.');
  expect(screen.getByText(/^2 lines are refused\. There is nothing else to import/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: /^Import the/ })).toBeNull();
  const late = Promise.withResolvers<Answer>();
  answerWith(({ path, query }) => {
    if (!path.endsWith('/lines')) return { status: 200, body: { imports } };
    const { after, verdict } = query as { after?: number; verdict?: string };
    if (after) return late.promise;
    return { status: 200, body: { lines: lines.slice(verdict ? 2 : 0), next: 1 } };
  });
  fireEvent.click(screen.getByRole('radio', { name: 'All 3' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Show more lines' }));
  fireEvent.click(screen.getByRole('radio', { name: 'Refuse 2' }));
  const shown = () => screen.getAllByRole('row').slice(1);
  await waitFor(() => expect(shown()).toHaveLength(1));
  await act(async () => {
    late.resolve({ status: 200, body: { lines, next: null } });
    await late.promise;
  });
  expect(shown()).toHaveLength(1);
});

test('IM18 the progress is shown and an import can be cancelled; the result says what was done', async () => {
  imports = [file({ state: 'applying', done: 1 })];
  const sent = serve(() => ({ status: 200, body: { import: file() } }));
  await show();
  await open();
  expect(screen.getByText('Importing: 1 of 3 lines')).toBeTruthy();
  screen.getByRole('button', { name: 'Cancel the import' }).focus();
  fireEvent.click(screen.getByRole('button', { name: 'Cancel the import' }));
  await waitFor(() => expect(sent[0]?.path).toMatch(/cancel$/));
  imports = [file({ state: 'applied', done: 3, counts: { ...counts, create: 3 } })];
  reloadRecords();
  await screen.findByText('Created 3');
  expect(document.activeElement).toBe(openImport());
  fireEvent.click(screen.getByRole('button', { name: 'Import another file' }));
  await screen.findByRole('heading', { name: 'Import a file' });
  expect(document.activeElement?.textContent).toMatch(/^rooms\.csv/);
});

test('IM18 without the server nothing can be chosen or started; a list that did not load can be tried again', async () => {
  answerWith(() => ({ status: 502, body: {} }));
  showPage('import');
  renderInKit(<Administration />);
  await screen.findByText('The imports couldn’t be loaded');
  serve();
  setConnection({ status: 'offline', since: 0 });
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByRole('heading', { name: 'Import a file' });
  expect(chooseButton().getAttribute('aria-disabled')).toBe('true');
});

test('IM18 only administrators see the page', () => {
  serve();
  signInAs('coordinator');
  showPage('import');
  renderInKit(<Administration />);
  expect(screen.queryByRole('heading', { name: 'Import a file' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Import' })).toBeNull();
});
