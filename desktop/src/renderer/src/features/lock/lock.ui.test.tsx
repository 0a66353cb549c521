import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../../../../../test/bridge.ts';
import { answerWith } from '../../../../../test/answering.ts';
import type { Answer } from '../../../../../test/answering.ts';
import { openConsole } from '../../../../../test/open-console.tsx';
import { feed } from '../../../../../test/silent-feed.ts';
import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aCase, aResource, date, loadBoard, typed } from '../../../../../test/small-board.ts';
import { me, signInAs } from '../../../../../test/signed-in.ts';
import { cancelCase } from '../../commands/case.ts';
import { startServices } from '../../services/start.ts';
import { showRefusal } from '../../commands/send.ts';
import { boardStore } from '../../stores/board.ts';
import { intentStore } from '../../stores/intents.ts';
import { setConnection } from '../../stores/connection.ts';
import { cut } from '../../stores/cut.ts';
import { closeAllDialogs, dialogStore, openDialog } from '../../stores/dialogs.ts';
import { draftOf, updateDraft, editDraft } from '../../stores/drafts.ts';
import { peekAt } from '../../stores/peek.ts';
import { setPreferences } from '../../stores/preferences.ts';
import { accessToken, sessionStore } from '../../stores/session.ts';
import { toast, toastStore } from '../../stores/toasts.ts';
import { announce } from '../../stores/announcements.ts';
import { addUndo, undoStore } from '../../stores/undo.ts';
import { select, viewStore } from '../../stores/view.ts';
import { App } from '../console/app.tsx';
import * as workspace from '../console/workspace.ts';
import { caseFormWords } from '../../words/case-form.ts';

vi.mock('../../realtime/feed.ts', () => import('../../../../../test/silent-feed.ts'));

const room = aResource('room', 'OR 1');
const patient = 'DEMO-4711';
const note = 'Allergic to latex';
const knee = aCase(room, '10:00', 90, { title: 'Total knee', patientRef: patient, note });
const tokens = { accessToken: 'access', expiresIn: 600, refreshToken: 'refresh-token-of-this-test' };
const problem = {
  type: 'urn:slate:problem:slot_taken',
  title: 'Taken',
  status: 409,
  code: 'slot_taken',
  detail: 'Taken.',
} as const;

let close: () => void;
const pageText = () => document.body.textContent ?? '';
const email = () => {
  const session = sessionStore.getState();
  return session.status === 'signed_in' ? session.me.email : '';
};

/** The contents of every store of the console. */
async function storeContents(): Promise<string> {
  const folder = join(import.meta.dirname, '../../stores');
  const files = readdirSync(folder).filter((file) => /^[\w-]+\.ts$/.test(file));
  const modules = (await Promise.all(files.map((file) => import(join(folder, file))))) as object[];
  const states = modules
    .flatMap((module) => Object.values(module) as unknown[])
    .filter(
      (each): each is { getState(): unknown } =>
        typeof each === 'object' && each !== null && 'getState' in each,
    )
    .map((store) => store.getState());
  expect(states.length).toBeGreaterThan(10);
  const plain = (_key: string, value: unknown) => (value instanceof Map ? [...value.entries()] : value);
  return JSON.stringify(states, plain);
}

beforeEach(async () => {
  answerWith(({ path }) => {
    if (path.endsWith(`/cases/${knee.id}`)) return { status: 200, body: { case: knee, history: [] } };
    if (path === '/auth/login') return { status: 200, body: tokens };
    const session = sessionStore.getState();
    if (path === '/me' && session.status === 'locked')
      return { status: 200, body: { ...me, email: session.person.email, sites: [site] } };
    return { status: 204, body: '' };
  });
  setPreferences({ lockAfterMinutes: 10 });
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date', 'performance'] });
  const app = <App server="https://slate.example.org" workspace={workspace} />;
  close = openConsole(app, { resources: [room], cases: [knee] }, startServices);
  site.id = (sessionStore.getState() as { site: { id: string } }).site.id;
  await openWork();
});
afterEach(() => {
  vi.useRealTimers();
  close();
});
const site = {
  id: '',
  name: 'Mercy General',
  timeZone: 'America/Chicago',
  role: 'coordinator',
  surgeonIds: [],
};

/** A coordinator at work: a case selected, a form open, messages shown. */
async function openWork() {
  act(() => {
    select(knee.id);
    updateDraft(knee.id, knee, true);
    editDraft(knee.id, { note: `typed of ${patient}`, minutes: '75' }, { note: knee.note });
    openDialog({ kind: 'edit', caseId: knee.id });
    openDialog({
      kind: 'refusal',
      problem,
      title: 'Move Total knee',
      caseBefore: knee,
      requested: null,
      retryAt: null,
      repeat: null,
    });
    toast(`Moved Total knee of ${patient}`, { stays: true });
    announce(`Moved Total knee of ${patient}`);
    addUndo({ label: `Move ${patient} back`, caseIds: [knee.id], run: () => Promise.resolve() });
    cut(knee);
    peekAt(knee.id);
  });
  await expect.poll(pageText).toContain(patient);
  expect(await storeContents()).toContain(patient);
}

/** The patient data in the page or the stores of a locked console. */
async function leaks(): Promise<string[]> {
  await expect.poll(() => screen.getByRole('heading', { level: 1 }).textContent).toBe('Locked');
  expect(boardStore.getState().view).toBeNull();
  expect(undoStore.getState().steps).toEqual([]);
  expect(feed.stop).toHaveBeenCalled();
  expect(await accessToken()).toBeNull();
  const places = { page: document.body.outerHTML, stores: await storeContents() };
  const secrets = [patient, note, 'Total knee'];
  return Object.entries(places).flatMap(([name, place]) =>
    secrets.filter((secret) => place.includes(secret)).map((secret) => `${secret} in ${name}`),
  );
}

const advance = (ms: number) => act(() => void vi.advanceTimersByTime(ms));
const isWarned = () => screen.queryByText(/about to lock/) !== null;

test('an idle console warns, locks, and deletes all patient data from screen and stores', async () => {
  advance(9 * 60_000 + 29_000);
  expect(isWarned()).toBe(false);
  advance(2_000);
  expect(isWarned()).toBe(true);
  expect(pageText()).toContain('29 s');
  advance(29_000);
  expect(await leaks()).toEqual([]);
});

test('the console does not lock while a person uses it', () => {
  advance(9 * 60_000 + 45_000);
  expect(isWarned()).toBe(true);
  fireEvent.pointerMove(window);
  advance(0);
  expect(isWarned()).toBe(false);
  advance(9 * 60_000);
  expect(sessionStore.getState().status).toBe('signed_in');
});

test('DT14 setting the clock does not lock the desktop program', () => {
  vi.setSystemTime(Date.now() + 8 * 3_600_000);
  fireEvent.keyDown(window, { key: 'a' });
  advance(2_000);
  expect(sessionStore.getState().status).toBe('signed_in');
});

test.each([
  ['the workstation, when it locks', () => program.send('lock', {})],
  ['the menu', () => program.send('menu', { command: 'lock' })],
])('the console is locked by %s', async (_what, happens) => {
  act(happens);
  expect(await leaks()).toEqual([]);
});

test('a wall board never locks', () => {
  act(() => signInAs('wall'));
  advance(3_600_000);
  expect(sessionStore.getState().status).toBe('signed_in');
});

async function unlock() {
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: 'a long password' } });
  fireEvent.click(screen.getByRole('button', { name: 'Unlock' }));
  await expect.poll(() => sessionStore.getState().status).toBe('signed_in');
}

test('DT17 only input of a person counts as use of the session', async () => {
  act(() => program.send('lock', {}));
  await unlock();
  const saveSession = vi.spyOn(window.slate ?? ({} as never), 'saveSession');
  advance(60_000);
  expect(saveSession).not.toHaveBeenCalled();
  fireEvent.keyDown(window, { key: 'a' });
  const { refreshToken } = tokens;
  expect(saveSession).toHaveBeenCalledExactlyOnceWith({ refreshToken, email: email(), usedAt: Date.now() });
  saveSession.mockRestore();
});

test('the idle time starts at zero with each unlock', async () => {
  act(() => program.send('lock', {}));
  vi.setSystemTime(Date.now() + 8 * 3_600_000);
  await unlock();
  advance(1_000);
  expect(sessionStore.getState().status).toBe('signed_in');
});

test('a lock of the workstation does not lock the console again after an unlock', async () => {
  advance(11 * 60_000);
  act(() => program.send('lock', {}));
  await unlock();
  expect(sessionStore.getState().status).toBe('signed_in');
});

test('a lock of the workstation during a sign-in locks the console afterwards', () => {
  const before = sessionStore.getState();
  act(() => sessionStore.setState({ status: 'starting', unreachable: false }, true));
  act(() => program.send('lock', {}));
  expect(sessionStore.getState().status).toBe('starting');
  act(() => sessionStore.setState(before, true));
  expect(sessionStore.getState().status).toBe('locked');
});

test('a menu command runs once', async () => {
  const done: string[] = [];
  const step = (label: string) => ({ label, caseIds: [], run: () => Promise.resolve(void done.push(label)) });
  act(() => {
    closeAllDialogs();
    addUndo(step('first'));
    addUndo(step('second'));
    program.send('menu', { command: 'undo' });
  });
  await expect.poll(() => done.length).toBeGreaterThan(0);
  expect(done).toEqual(['second']);
});

test('PE7 the form and its entries return after unlocking, without patient data', async () => {
  const who = email();
  act(() => program.send('lock', {}));
  await unlock();
  expect(email()).toBe(who);
  expect(viewStore.getState()).toMatchObject({ date, selectedId: knee.id });
  expect(dialogStore.getState().dialog).toEqual({ kind: 'edit', caseId: knee.id });
  expect(draftOf(knee.id)?.typed).toEqual({ minutes: '75' });
  act(() => void loadBoard({ resources: [room], cases: [{ ...knee }] }));
  await expect.poll(pageText).toContain(caseFormWords.notKeptLocked);
  expect(screen.getByLabelText<HTMLInputElement>('Patient reference').value).toBe(patient);
  expect(screen.getByLabelText<HTMLTextAreaElement>('Note').value).toBe(note);
  expect(pageText()).not.toContain('Changed. Was');
});

test.each<[string, Answer]>([
  ['its success', { status: 200, body: { case: knee, revision: 2 } }],
  ['its refusal', { status: 409, body: problem }],
  ['the loss of its reply', 'unreachable'],
])('a command leaves no patient data if %s arrives after the lock', async (_what, answer) => {
  const { promise: answered, resolve: answerNow } = Promise.withResolvers<Answer>();
  answerWith(({ path }) => (path.endsWith('/cancel') ? answered : { status: 204, body: '' }));
  const command = cancelCase(knee, typed('Patient unwell'));
  await expect.poll(() => intentStore.getState().intents).toHaveLength(1);
  act(() => program.send('lock', {}));
  expect(await leaks()).toEqual([]);
  answerNow(answer);
  await act(() => command);
  expect(await leaks()).toEqual([]);
  const isOpen = toastStore.getState().toasts.some(({ about }) => about === 'unanswered');
  expect(isOpen).toBe(answer === 'unreachable');
});

test('the answer to a command is not shown to the next person', async () => {
  const { promise: answered, resolve: answerNow } = Promise.withResolvers<Answer>();
  answerWith(() => answered);
  const command = cancelCase(knee, typed('Patient unwell'));
  const here = sessionStore.getState();
  if (here.status !== 'signed_in') throw new Error('Nobody is here.');
  const somebodyElse = { ...here.me, id: 'somebody else', email: 'diaz@example.org' };
  act(() => sessionStore.setState({ ...here, me: somebodyElse }, true));
  answerNow({ status: 409, body: problem });
  await act(() => command);
  expect(dialogStore.getState().dialog).toBeNull();
  expect(toastStore.getState().toasts).toEqual([]);
});

test('a toast after a lock reports an unconfirmed change without naming it', async () => {
  const open = () => toastStore.getState().toasts.filter(({ about }) => about === 'unanswered');
  act(() => showRefusal({ kind: 'unreachable' }, 'Move Knee to OR 2'));
  act(() => program.send('lock', {}));
  expect(open().map((each) => each.text)).toEqual([
    expect.stringContaining('A change you made before the screen locked'),
  ]);
  expect(open()[0]?.text).not.toContain('Knee');
  fireEvent.click(screen.getByRole('button', { name: 'Switch user' }));
  await expect.poll(() => sessionStore.getState().status).toBe('signed_out');
  expect(open()).toEqual([]);
});

test('the warning without a server says that no one can unlock the console', () => {
  advance(9 * 60_000 + 31_000);
  expect(pageText()).not.toContain('unlock it until');
  act(() => setConnection({ status: 'offline', since: 0 }));
  expect(pageText()).toContain('no one can unlock it until the server answers');
});

test('the next person finds no work of the previous one', async () => {
  act(() => program.send('lock', {}));
  fireEvent.click(screen.getByRole('button', { name: 'Switch user' }));
  await expect.poll(() => sessionStore.getState().status).toBe('signed_out');
  expect(viewStore.getState().selectedId).toBeNull();
  expect(dialogStore.getState().dialog).toBeNull();
  expect(draftOf(knee.id)).toBeUndefined();
});

test('a change of the role discards open work', () => {
  act(() => signInAs('viewer'));
  expect(dialogStore.getState().dialog).toBeNull();
  expect(draftOf(knee.id)).toBeUndefined();
  expect(undoStore.getState().steps).toEqual([]);
});
