import '../../../../../../test/bridge.ts';
import { answerWith } from '../../../../../../test/answering.ts';
import type { Answer, SentRequest } from '../../../../../../test/answering.ts';
import type { Member, Session } from '@slate/shared/contract/people';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { program } from '../../../../../../test/bridge.ts';
import { renderInKit } from '../../../../../../test/in-kit.tsx';
import { me, signInAs } from '../../../../../../test/signed-in.ts';
import { aResource, at, date, loadBoard, uuid } from '../../../../../../test/small-board.ts';
import { keyHints } from '../../../actions/key-hints.ts';
import { runAction } from '../../../actions/table.ts';
import { administrationStore, reloadRecords, showPage } from '../../../stores/administration.ts';
import { replayQueue } from '../../../commands/queue.ts';
import { setConnection } from '../../../stores/connection.ts';
import { dialogStore } from '../../../stores/dialogs.ts';
import { forgetPatients, forgetPerson } from '../../../stores/forget.ts';
import { queueNow } from '../../../stores/queue.ts';
import { toastStore } from '../../../stores/toasts.ts';
import { undo } from '../../../stores/undo.ts';
import { showScreen, viewStore } from '../../../stores/view.ts';
import { Dialogs } from '../../console/dialogs.tsx';
import { Administration } from '../administration.tsx';

const haddad = aResource('surgeon', 'Haddad');
const person = (n: number, name: string, more: Partial<Member> = {}): Member => ({
  id: uuid(n),
  name,
  email: `${name.toLowerCase()}@example.org`,
  status: 'active',
  role: 'viewer',
  surgeonIds: [],
  version: 1,
  lastSeenAt: null,
  ...more,
});
const adams = person(21, 'Adams');
const baker = person(22, 'Baker', { role: 'office', surgeonIds: [haddad.id] });
const chen = person(23, 'Chen', { status: 'disabled' });
const young = person(24, 'Young', { status: 'pending', role: null });
const self = person(1, me.name, { role: 'administrator' });

let people: readonly Member[];
let sessions: readonly Session[];
beforeEach(() => {
  sessions = [];
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1200);
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(600);
  people = [self, adams, baker, chen, young];
  signInAs('administrator');
  setConnection({ status: 'live', lagMs: 100 });
  viewStore.setState({ date, screen: 'administration' });
  loadBoard({ resources: [haddad] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  forgetPerson();
  showPage('rooms');
  showScreen('day');
});

/** Answers reads with the people: those who wait, or all in two pages. Returns the commands. */
function serve(command: (request: SentRequest) => Answer = done) {
  const commands: SentRequest[] = [];
  answerWith((request) => {
    if (request.body !== undefined) {
      commands.push(request);
      return command(request);
    }
    if (request.path.endsWith('/sessions')) return { status: 200, body: { sessions } };
    const { status, cursor } = request.query as { status?: string; cursor?: string };
    if (status !== undefined)
      return { status: 200, body: { users: people.filter((each) => each.status === status), next: null } };
    const users = cursor === undefined ? people.slice(0, 2) : people.slice(2);
    return { status: 200, body: { users, next: cursor === undefined ? 'more' : null } };
  });
  return commands;
}
const password = 'kelp-mason-42-orbit';
/** Does what is asked. */
function done({ path, body }: SentRequest): Answer {
  const before = people.find(({ id }) => path.includes(id)) ?? adams;
  if (path.endsWith('/sessions/end')) {
    const { session } = body as { session: string | null };
    const ended = sessions.filter(({ id }) => session === null || id === session);
    sessions = sessions.filter((each) => !ended.includes(each));
    return { status: 200, body: { ended: ended.length, revision: 2 } };
  }
  const { version, ...edit } = body as { version: number } & Partial<Member>;
  const user = { ...before, ...edit, version: version + 1 };
  people = people.map((each) => (each.id === user.id ? user : each));
  const isNew = path.endsWith('password-reset') || (edit.status === 'active' && before.status !== 'active');
  return { status: 200, body: { user, temporaryPassword: isNew ? password : null, revision: 2 } };
}
const refuse = (status: number, code: string, detail: string): Answer => ({
  status,
  body: { type: 'about:blank', title: 'Refused', status, code, detail },
});

async function show() {
  showPage('people');
  const rendered = renderInKit(
    <>
      <Administration />
      <Dialogs />
    </>,
  );
  await screen.findByRole('row', { name: /Adams/ });
  return rendered;
}
const names = () =>
  screen
    .getAllByRole('row')
    .filter(({ dataset }) => 'record' in dataset)
    .map((row) => within(row).getAllByRole('gridcell')[0]?.textContent);
const open = (name: RegExp) => {
  fireEvent.click(screen.getByRole('row', { name }));
  return within(screen.getByRole('region', { name: /^Edit/ }));
};
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label, { selector: 'input' });
const pick = (label: string, option: string) => {
  act(() => field(label).focus());
  fireEvent.click(field(label));
  fireEvent.change(field(label), { target: { value: option } });
  fireEvent.click(screen.getByRole('option', { name: option }));
};
const save = () =>
  fireEvent.keyDown(screen.getByRole('region', { name: /^Edit/ }), { key: 'Enter', ctrlKey: true });

test('AA20 those who wait for approval are on top, however the list is sorted, and are counted at the page', async () => {
  serve();
  await show();
  expect(names()).toEqual(['Young', 'Adams', 'Baker', 'M. Kraus']);
  fireEvent.click(within(screen.getByRole('columnheader', { name: 'Name' })).getByRole('button'));
  expect(names()).toEqual(['Young', 'M. Kraus', 'Baker', 'Adams']);
  fireEvent.click(screen.getByRole('switch', { name: 'Show disabled' }));
  expect(names()).toContain('Chen · Disabled');
  expect(screen.getByRole('row', { name: /Baker/ }).textContent).toContain('Haddad');
  await within(screen.getByRole('navigation')).findByRole('img', { name: '1 waits for approval' });
});

test('AA20 nobody can be added, because people register themselves', async () => {
  serve();
  await show();
  expect(screen.queryByRole('button', { name: 'Add' })).toBeNull();
  expect(runAction('addRecord')).toBe(false);
  expect(keyHints().flatMap(({ keys }) => keys)).not.toContain('Insert');
});

test('AA20 approving needs a role, and shows the temporary password once', async () => {
  const sent = serve();
  await show();
  const form = open(/Young/);
  fireEvent.click(form.getByRole('button', { name: /^Approve/ }));
  expect(form.getByText('Choose a role.')).toBeTruthy();
  pick('Role', 'Surgeon’s office');
  fireEvent.click(form.getByRole('button', { name: /^Approve/ }));
  expect(form.getByText('Choose at least one surgeon.')).toBeTruthy();
  pick('Surgeons', 'Haddad');
  expect(sent).toEqual([]);
  fireEvent.click(form.getByRole('button', { name: /^Approve/ }));
  const dialog = await screen.findByRole('dialog', { name: 'Temporary password for Young' });
  expect(sent[0]?.body).toEqual({
    version: 1,
    status: 'active',
    role: 'office',
    surgeonIds: [haddad.id],
  });
  expect(dialog.textContent).toContain(password);
  expect(dialog.textContent).toContain('It works for 24 hours');
  fireEvent.click(within(dialog).getByRole('button', { name: 'Copy' }));
  await within(dialog).findByText('Copied.');
  expect(program.copied.at(-1)).toBe(password);
  fireEvent.click(within(dialog).getByRole('button', { name: 'Close' }));
  expect(document.body.textContent).not.toContain(password);
  expect(JSON.stringify([dialogStore.getState(), toastStore.getState()])).not.toContain(password);
  await waitFor(() => expect(names()).toEqual(['Adams', 'Baker', 'M. Kraus', 'Young']));
  // It ended nothing that could come back, and undo says so.
  await act(() => undo());
  expect(sent).toHaveLength(1);
  expect(toastStore.getState().toasts.at(-1)?.text).toBe('Approve Young can’t be undone.');
});

test('AA20 a locked screen keeps no temporary password', async () => {
  serve();
  await show();
  const form = open(/Adams/);
  fireEvent.click(form.getByRole('button', { name: 'Reset the password…' }));
  expect(form.getByRole('alertdialog').textContent).toContain('signed out everywhere');
  fireEvent.click(form.getByRole('button', { name: 'Reset the password' }));
  await screen.findByText(password);
  act(() => forgetPatients());
  expect(screen.queryByText(password)).toBeNull();
  expect(JSON.stringify(dialogStore.getState())).not.toContain(password);
});

test('AA20 a temporary password whose reply was lost is shown when the same command is answered again', async () => {
  const replies = new Map<unknown, Answer>();
  const sent = serve((request) => {
    const before = replies.get(request.key);
    if (before) return before;
    if (replies.size > 0) return refuse(412, 'stale_version', 'Adams has changed.');
    replies.set(request.key, done(request));
    return 'unreachable';
  });
  onTestFinished(replayQueue());
  await show();
  const form = open(/Adams/);
  fireEvent.click(form.getByRole('button', { name: 'Reset the password…' }));
  fireEvent.click(form.getByRole('button', { name: 'Reset the password' }));
  const dialog = await screen.findByRole('dialog', { name: 'Temporary password for Adams' });
  expect(dialog.textContent).toContain(password);
  expect(sent).toHaveLength(2);
  expect(sent[0]?.key).toBeTruthy();
  expect(sent[1]?.key).toBe(sent[0]?.key);
  expect(sent[1]?.body).toEqual(sent[0]?.body);
  expect(people.find(({ id }) => id === adams.id)?.version).toBe(2);
  fireEvent.click(within(dialog).getByRole('button', { name: 'Close' }));
  expect(JSON.stringify([dialogStore.getState(), queueNow().records])).not.toContain(password);
});

test('AA20 a role is changed and changed back; a role without surgeons sends none', async () => {
  const sent = serve();
  await show();
  open(/Baker/);
  pick('Role', 'Coordinator');
  save();
  await waitFor(() => expect(administrationStore.getState().open).toBeNull());
  expect(sent[0]?.body).toEqual({ version: 1, role: 'coordinator', surgeonIds: [] });
  await act(() => undo());
  expect(sent[1]?.body).toEqual({ version: 2, role: 'office', surgeonIds: [haddad.id] });
  await waitFor(() => expect(screen.getByRole('row', { name: /Baker/ }).textContent).toContain('Haddad'));
});

test('AA20 nothing ends a session before it is confirmed', async () => {
  const sent = serve();
  await show();
  const form = open(/Adams/);
  fireEvent.click(form.getByRole('button', { name: 'Disable…' }));
  expect(form.getByRole('alertdialog').textContent).toContain('can’t sign in until someone enables');
  expect(document.activeElement?.textContent).toBe('Leave it');
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' });
  expect(form.queryByRole('alertdialog')).toBeNull();
  expect(sent).toEqual([]);
  fireEvent.click(form.getByRole('button', { name: 'Disable…' }));
  fireEvent.click(form.getByRole('button', { name: 'Disable Adams' }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]?.body).toEqual({ version: 1, status: 'disabled' });
  fireEvent.click(await form.findByRole('button', { name: 'Enable' }));
  await screen.findByText(password);
  expect(sent[1]?.body).toEqual({ version: 2, status: 'active' });
});

test('AA24 the sessions of a person are listed, and end one by one or all at once after a question', async () => {
  const session = (n: number, more: Partial<Session> = {}): Session => ({
    id: uuid(n),
    startedAt: at('06:00'),
    seenAt: at(`07:0${n % 10}`),
    address: '10.1.2.3',
    isCurrent: false,
    ...more,
  });
  sessions = [session(41, { startedAt: at('06:30') }), session(42), session(43, { isCurrent: true })];
  const sent = serve();
  await show();
  const form = open(/Adams/);
  const lines = await form.findAllByRole('listitem');
  expect(lines.map(({ textContent }) => textContent)).toEqual([
    expect.stringMatching(/^Last used .* 07:01\. Signed in .* 06:30 from 10\.1\.2\.3\.Sign out$/),
    expect.stringMatching(/07:02/),
    expect.stringMatching(/This is the session you use now\.$/),
  ]);
  fireEvent.click(form.getByRole('button', { name: /^Sign out the session of .* 06:30$/ }));
  expect(form.getByRole('alertdialog').textContent).toContain('has to sign in again there');
  expect(sent).toEqual([]);
  fireEvent.click(form.getByRole('button', { name: 'Sign Adams out there' }));
  await waitFor(() => expect(form.getAllByRole('listitem')).toHaveLength(2));
  expect(sent[0]?.body).toEqual({ session: uuid(41) });
  fireEvent.click(form.getByRole('button', { name: 'Sign out everywhere…' }));
  fireEvent.click(form.getByRole('button', { name: 'Sign Adams out everywhere' }));
  await form.findByText('Not signed in anywhere.');
  expect(sent[1]?.body).toEqual({ session: null });
  expect(toastStore.getState().toasts.at(-1)?.text).toBe('Signed Adams out of 2 sessions');
});

test('AA24 a refusal to list or end sessions of a person of other sites is shown in the form', async () => {
  const other = 'Adams also works at a site you don’t administer.';
  serve();
  answerWith(({ path, body }) =>
    path.endsWith('/sessions')
      ? refuse(403, 'forbidden', other)
      : { status: 200, body: body === undefined ? { users: people, next: null } : {} },
  );
  await show();
  const form = open(/Adams/);
  await form.findByText(other);
  expect(form.queryByRole('button', { name: 'Sign out everywhere…' })).toBeNull();
});

test('AA24 the list says when each person was last seen, and sorts by the time', async () => {
  people = [
    { ...adams, lastSeenAt: at('07:00', '2030-04-01') },
    { ...baker, lastSeenAt: at('08:00', '2030-02-01') },
    { ...self, lastSeenAt: null },
  ];
  serve();
  await show();
  expect(screen.getByRole('row', { name: /Kraus/ }).textContent).toContain('Never');
  fireEvent.click(within(screen.getByRole('columnheader', { name: 'Last seen' })).getByRole('button'));
  expect(names()).toEqual(['M. Kraus', 'Baker', 'Adams']);
});

test('AA20 the refusal for the last administrator is shown at the role, the one for a person of other sites at the account', async () => {
  const last = 'M. Kraus is the last active administrator of the site.';
  const other = 'Adams also works at a site you don’t administer.';
  serve(({ path }) =>
    path.includes(self.id) ? refuse(409, 'in_use', last) : refuse(403, 'forbidden', other),
  );
  await show();
  let form = open(/Kraus/);
  expect(form.getByText(/^This is your account/)).toBeTruthy();
  expect(form.queryByRole('button', { name: 'Reset the password…' })).toBeNull();
  pick('Role', 'Viewer');
  save();
  await form.findByText(last);
  expect(document.activeElement).toBe(field('Role'));
  form = open(/Adams/);
  fireEvent.click(form.getByRole('button', { name: 'Disable…' }));
  fireEvent.click(form.getByRole('button', { name: 'Disable Adams' }));
  await form.findByText(other);
  expect(dialogStore.getState().dialog).toBeNull();
});

test('AA6 AA21 another administrator’s change is loaded when the server says so, and merged into the form', async () => {
  serve();
  await show();
  open(/Adams/);
  pick('Role', 'Coordinator');
  people = people.map((each) => (each === adams ? { ...adams, role: 'administrator', version: 2 } : each));
  act(() => reloadRecords());
  expect(await screen.findByText(/^Someone changed this to Administrator/)).toBeTruthy();
  expect(field('Role').value).toBe('Coordinator');
});

test('AA21 the list is not loaded again while nobody sees it, and at once when somebody does', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  let reads = 0;
  answerWith(() => {
    reads += 1;
    return { status: 200, body: { users: people, next: null } };
  });
  await show();
  const visible = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  const before = reads;
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  expect(reads).toBe(before);
  visible.mockReturnValue('visible');
  act(() => void document.dispatchEvent(new Event('visibilitychange')));
  await waitFor(() => expect(reads).toBe(before + 2));
  // A message may be lost.
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  await waitFor(() => expect(reads).toBe(before + 4));
  act(() => setConnection({ status: 'offline', since: Date.parse(at('06:00')) }));
  act(() => setConnection({ status: 'live', lagMs: 100 }));
  await waitFor(() => expect(reads).toBe(before + 6));
});

test('AA21 all pages of the list are loaded; a failure says so and can be tried again', async () => {
  let isUp = false;
  answerWith(() => (isUp ? { status: 200, body: { users: people, next: null } } : 'unreachable'));
  showPage('people');
  renderInKit(<Administration />);
  await screen.findByText('The list of people couldn’t be loaded');
  isUp = true;
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByRole('row', { name: /Adams/ });
  act(() => setConnection({ status: 'offline', since: Date.parse(at('06:00')) }));
  const form = open(/Adams/);
  fireEvent.click(form.getByRole('button', { name: 'Disable…' }));
  expect(form.queryByRole('alertdialog')).toBeNull();
});
