import '../../../../../../test/bridge.ts';
import { answerWith } from '../../../../../../test/answering.ts';
import type { Answer, SentRequest } from '../../../../../../test/answering.ts';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { program } from '../../../../../../test/bridge.ts';
import { renderInKit } from '../../../../../../test/in-kit.tsx';
import { signInAs } from '../../../../../../test/signed-in.ts';
import { at, date, loadBoard, uuid } from '../../../../../../test/small-board.ts';
import { showPage } from '../../../stores/administration.ts';
import { setConnection } from '../../../stores/connection.ts';
import { forgetPerson } from '../../../stores/forget.ts';
import { showScreen, viewStore } from '../../../stores/view.ts';
import { Administration } from '../administration.tsx';
import type { Entry } from './use-audit.ts';

const adams = { id: uuid(21), name: 'Adams' };
const entry = (seq: number, more: Partial<Entry> = {}): Entry => ({
  chain: 'commands',
  seq,
  at: at('07:00'),
  actor: adams,
  action: 'moveCase',
  detail: { cases: [{ id: uuid(500 + seq), number: seq, version: 2 }] },
  ...more,
});

let entries: readonly Entry[];
let steps: Answer[];
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1200);
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(600);
  entries = [
    entry(3, { action: 'changeUser', detail: { user: adams.id, cases: [] } }),
    entry(2, { actor: null, action: 'layOutBlocks', detail: {} }),
    entry(1),
  ];
  steps = [];
  program.saved.length = 0;
  signInAs('administrator');
  setConnection({ status: 'live', lagMs: 100 });
  viewStore.setState({ date, screen: 'administration' });
  loadBoard({});
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  forgetPerson();
  showPage('rooms');
  showScreen('day');
});

/** Answers with the entries before a number, 200 at most. Returns the queries of the audit and of its verification. */
function serve() {
  const queries: object[] = [];
  const verifications: object[] = [];
  answerWith(({ path, query }: SentRequest) => {
    if (path.endsWith('/audit/verification')) {
      verifications.push(query as object);
      return steps.shift() ?? 'unreachable';
    }
    if (!path.endsWith('/audit'))
      return { status: 200, body: { users: [{ ...adams, status: 'active' }], next: null } };
    queries.push(query as object);
    const { before = Infinity } = query as { before?: number };
    const page = entries.filter(({ seq }) => seq < before).slice(0, 200);
    return { status: 200, body: { at: at('08:00'), entries: page } };
  });
  return { queries, verifications };
}
async function show() {
  showPage('audit');
  renderInKit(<Administration />);
  await screen.findByRole('grid', { name: 'Audit' });
}
const rows = () =>
  screen
    .getAllByRole('row')
    .filter(({ dataset }) => 'record' in dataset)
    .map((row) =>
      within(row)
        .getAllByRole('gridcell')
        .slice(1)
        .map(({ textContent }) => textContent)
        .join(' | '),
    );
const pick = (label: string, option: string) => {
  const field = screen.getByLabelText(label, { selector: 'input' });
  act(() => field.focus());
  fireEvent.click(field);
  fireEvent.change(field, { target: { value: option } });
  fireEvent.click(screen.getByRole('option', { name: option }));
};
const fill = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label, { selector: 'input' }), { target: { value } });
const step = (after: number, more: object = {}): Answer => ({
  status: 200,
  body: { after, hash: String(after), length: 20_000, isDone: false, problem: null, ...more },
});

test('AA26 entries are shown in words, latest first', async () => {
  serve();
  await show();
  expect(rows()).toEqual([
    'Adams | Changed a person | Adams | 3',
    'Slate | Laid out blocks |  | 2',
    'Adams | Moved a case | #1 | 1',
  ]);
});

test('AA26 an entry names its record', async () => {
  const about = [
    { resource: { id: uuid(1), name: 'OR 1' } },
    { closure: { id: uuid(2), reason: 'Cleaning' } },
    { template: { plan: { service: 'Eyes' } }, blocks: { added: 1 } },
    { import: uuid(3), file: 'rooms.csv' },
  ];
  entries = about.map((detail, index) => entry(9 - index, { detail }));
  serve();
  await show();
  expect(rows().map((row) => row.split(' | ')[2])).toEqual(['OR 1', 'Cleaning', 'Eyes', 'rooms.csv']);
});

test('AA26 the server filters by person, action, days and case', async () => {
  const { queries } = serve();
  await show();
  pick('Person', 'Adams');
  pick('Action', 'Moved a case');
  fill('From', '2030-03-01');
  fill('Until', '2030-03-02');
  fill('Case', 'no link');
  expect(screen.getByText('Paste the link of a case, or its id.')).toBeTruthy();
  fill('Case', `slate://case/${uuid(501)}`);
  await waitFor(() =>
    expect(queries.at(-1)).toEqual({
      chain: 'commands',
      limit: 200,
      person: adams.id,
      action: 'moveCase',
      case: uuid(501),
      from: at('00:00', '2030-03-01'),
      to: at('00:00', '2030-03-03'),
    }),
  );
  fireEvent.click(screen.getByRole('button', { name: 'Clear the filters' }));
  await waitFor(() => expect(queries.at(-1)).toEqual({ chain: 'commands', limit: 200 }));
  pick('What', 'Reads');
  await screen.findByText(/its entry names the days, not the cases/);
  await waitFor(() => expect(queries.at(-1)).toEqual({ chain: 'reads', limit: 200 }));
});

test('AA26 an entry shows all that was recorded, and leads to the other entries of its case', async () => {
  const { queries } = serve();
  await show();
  fireEvent.click(screen.getByRole('row', { name: /Moved a case/ }));
  const panel = within(screen.getByRole('region', { name: 'Entry 1' }));
  expect(panel.getByText(/"version": 2/)).toBeTruthy();
  fireEvent.click(panel.getByRole('button', { name: 'Only case #1' }));
  await waitFor(() => expect(queries.at(-1)).toEqual({ chain: 'commands', limit: 200, case: uuid(501) }));
  expect(screen.queryByRole('region', { name: 'Entry 1' })).toBeNull();
});

test('AA26 older entries are loaded on demand', async () => {
  entries = Array.from({ length: 450 }, (_, n) => entry(450 - n));
  const { queries } = serve();
  await show();
  for (const [count, before] of [
    ['400', 251],
    ['450', 51],
  ] as const) {
    fireEvent.click(await screen.findByRole('button', { name: 'Load older entries' }));
    await screen.findByText(count, { selector: '[role=status]' });
    expect(queries.at(-1)).toEqual({ chain: 'commands', limit: 200, before });
  }
  expect(screen.queryByRole('button', { name: 'Load older entries' })).toBeNull();
});

test('AA26 older entries that fail to load say so; late ones of another filter are ignored', async () => {
  entries = Array.from({ length: 450 }, (_, n) => entry(450 - n));
  serve();
  await show();
  answerWith(() => 'unreachable');
  fireEvent.click(await screen.findByRole('button', { name: 'Load older entries' }));
  await screen.findByText(/^These entries couldn’t be loaded/);
  expect(screen.getByText('200', { selector: '[role=status]' })).toBeTruthy();
  const late = Promise.withResolvers<Answer>();
  answerWith(({ query }) => {
    const { before } = query as { before?: number };
    const page = entries.slice(0, 3);
    return before === undefined ? { status: 200, body: { at: at('08:00'), entries: page } } : late.promise;
  });
  fireEvent.click(screen.getByRole('button', { name: 'Load older entries' }));
  fill('From', '2030-03-01');
  await screen.findByText('3', { selector: '[role=status]' });
  expect(screen.queryByText(/couldn’t be loaded/)).toBeNull();
  await act(async () => {
    late.resolve({ status: 200, body: { at: at('08:00'), entries: entries.slice(200, 400) } });
    await late.promise;
  });
  expect(rows()).toHaveLength(3);
});

test('AA26 a chain is verified step by step, each from the end of the one before', async () => {
  const { verifications } = serve();
  steps = [step(10_000), step(20_000, { isDone: true })];
  await show();
  fireEvent.click(screen.getByRole('button', { name: 'Verify the chain of changes' }));
  await screen.findByText(/^All 20000 entries are as they were written/);
  expect(verifications).toEqual([{ chain: 'commands' }, { chain: 'commands', after: 10_000, hash: '10000' }]);
});

test('AA26 the result says where a chain breaks', async () => {
  serve();
  steps = [step(7, { isDone: true, problem: 'rows 3 to 4 were deleted' })];
  await show();
  fireEvent.click(screen.getByRole('button', { name: 'Verify the chain of changes' }));
  await screen.findByText(/^The audit was tampered with: rows 3 to 4 were deleted\./);
  expect(screen.queryByText(/as they were written/)).toBeNull();
});

test('AA26 a verification waits when it is limited, stops on request, and says when the server is gone', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  serve();
  const limited = {
    status: 429,
    body: { type: 'about:blank', title: '', status: 429, code: 'rate_limited', detail: '', retryAfter: 30 },
  };
  steps = [step(10_000), limited, step(20_000), 'unreachable'];
  await show();
  const verify = () => fireEvent.click(screen.getByRole('button', { name: 'Verify the chain of changes' }));
  verify();
  await screen.findByText('Verifying: 10000 of 20000 entries');
  await act(() => vi.advanceTimersByTimeAsync(30_000));
  await screen.findByText(/^The server didn’t answer after 20000 entries/);
  steps = [step(10_000), limited];
  verify();
  await screen.findByText('Verifying: 10000 of 20000 entries');
  fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
  expect(await screen.findByText(/^Stopped after 10000 entries/)).toBeTruthy();
});

test('AA27 the server makes the file of the entries that match', async () => {
  const text = 'Entry,Time\r\n201,2030-01-01T07:00:00.000Z\r\n';
  serve();
  await show();
  const sent = answerWith(() => ({
    status: 200,
    body: text,
    headers: {
      'content-type': 'text/csv',
      'content-disposition': "attachment; filename*=UTF-8''audit-commands.csv",
    },
  }));
  fireEvent.click(screen.getByRole('button', { name: 'Export as CSV' }));
  await waitFor(() => expect(program.saved).toEqual([{ name: 'audit-commands.csv', text: `\uFEFF${text}` }]));
  expect(sent.filter(({ path }) => path.endsWith('/audit/file'))).toMatchObject([
    { query: { chain: 'commands' } },
  ]);
});

test('AA27 nothing is saved if the server stops answering, or if the person stops it', async () => {
  serve();
  await show();
  answerWith(() => 'unreachable');
  fireEvent.click(screen.getByRole('button', { name: 'Export as CSV' }));
  await screen.findByText(/^The file didn’t arrive whole, so nothing was saved/);
  let stopped: AbortSignal | undefined;
  answerWith(
    ({ path, signal }) =>
      new Promise((resolve) => {
        if (!path.endsWith('/audit/file')) return resolve('unreachable');
        stopped = signal;
        signal?.addEventListener('abort', () => resolve('unreachable'));
      }),
  );
  fireEvent.click(screen.getByRole('button', { name: 'Export as CSV' }));
  await screen.findByText('Exporting…');
  fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
  await screen.findByRole('button', { name: 'Export as CSV' });
  expect(stopped?.aborted).toBe(true);
  expect(screen.queryByText(/^The file didn’t arrive whole/)).toBeNull();
  expect(program.saved).toEqual([]);
});

test('AA26 a failed page can be tried again; without matches it says so', async () => {
  answerWith(() => 'unreachable');
  showPage('audit');
  renderInKit(<Administration />);
  await screen.findByText('The audit couldn’t be loaded');
  entries = [];
  serve();
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('No entries.');
  fill('From', '2030-03-01');
  expect(await screen.findByText('No entries match these filters.')).toBeTruthy();
});
