import '../../../../../../test/bridge.ts';
import { answerWith } from '../../../../../../test/answering.ts';
import type { Answer, SentRequest } from '../../../../../../test/answering.ts';
import type { Invitation } from '@slate/shared/contract/invitations';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { renderInKit } from '../../../../../../test/in-kit.tsx';
import { refused } from '../../../../../../test/refused.ts';
import { me, signInAs } from '../../../../../../test/signed-in.ts';
import { aResource, at, date, loadBoard, uuid } from '../../../../../../test/small-board.ts';
import { showPage } from '../../../stores/administration.ts';
import { syncClock } from '../../../stores/clock.ts';
import { setConnection } from '../../../stores/connection.ts';
import { dialogStore } from '../../../stores/dialogs.ts';
import { forgetPatients, forgetPerson } from '../../../stores/forget.ts';
import { toastStore } from '../../../stores/toasts.ts';
import { showScreen, viewStore } from '../../../stores/view.ts';
import { Dialogs } from '../../console/dialogs.tsx';
import { Administration } from '../administration.tsx';

const haddad = aResource('surgeon', 'Haddad');
const invitation = (n: number, email: string, more: Partial<Invitation> = {}): Invitation => ({
  id: uuid(n),
  email,
  role: 'viewer',
  surgeonIds: [],
  by: { id: uuid(1), name: me.name },
  createdAt: at('06:00', '2030-01-05'),
  expiresAt: at('06:00', '2999-01-12'),
  ...more,
});

let invitations: readonly Invitation[];
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1200);
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(600);
  invitations = [
    invitation(41, 'young@example.org', { role: 'office', surgeonIds: [haddad.id] }),
    invitation(42, 'late@example.org', { expiresAt: at('06:00', '2000-01-12') }),
  ];
  signInAs('administrator');
  setConnection({ status: 'live', lagMs: 100 });
  viewStore.setState({ date, screen: 'administration' });
  loadBoard({ resources: [haddad] });
});
afterEach(() => {
  vi.restoreAllMocks();
  forgetPerson();
  showPage('rooms');
  showScreen('day');
});

const secret = 'secret-of-the-link';
/** Answers with the invitations. Returns the commands. */
function serve(command: (request: SentRequest) => Answer = done) {
  const sent: SentRequest[] = [];
  answerWith((request) => {
    const one = invitations.find(({ id }) => request.path.includes(id));
    if (request.body !== undefined || one) {
      sent.push(request);
      return command(request);
    }
    return { status: 200, body: { invitations, users: [], next: null } };
  });
  return sent;
}
function done({ path, body }: SentRequest): Answer {
  const one = invitations.find(({ id }) => path.includes(id));
  if (one) {
    invitations = invitations.filter((each) => each !== one);
    return { status: 200, body: { invitation: one, revision: 2 } };
  }
  const added = invitation(43, '', body as Partial<Invitation>);
  invitations = [added, ...invitations];
  return { status: 201, body: { invitation: added, secret, revision: 2 } };
}
async function show() {
  showPage('invitations');
  renderInKit(
    <>
      <Administration />
      <Dialogs />
    </>,
  );
  await screen.findByRole('row', { name: /young@/ });
}
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label, { selector: 'input' });
const pick = (label: string, option: string) => {
  act(() => field(label).focus());
  fireEvent.click(field(label));
  fireEvent.change(field(label), { target: { value: option } });
  fireEvent.click(screen.getByRole('option', { name: option }));
};
const save = () =>
  fireEvent.keyDown(screen.getByRole('region', { name: 'New invitation' }), { key: 'Enter', ctrlKey: true });

test('IV6 an invitation shows its link once, and a locked screen keeps none', async () => {
  const sent = serve();
  await show();
  fireEvent.click(screen.getByRole('button', { name: 'Add' }));
  save();
  expect(screen.getByText('Choose a role.')).toBeTruthy();
  fireEvent.change(field('Email'), { target: { value: 'new@example.org' } });
  pick('Role', 'Surgeon’s office');
  save();
  expect(screen.getByText('Choose at least one surgeon.')).toBeTruthy();
  pick('Surgeons', 'Haddad');
  expect(sent).toEqual([]);
  save();
  const link = await screen.findByText(new RegExp(`/#/invitation/${secret}$`));
  expect(link.tagName).toBe('OUTPUT');
  expect(sent[0]?.body).toEqual({ email: 'new@example.org', role: 'office', surgeonIds: [haddad.id] });
  expect(JSON.stringify(toastStore.getState())).not.toContain(secret);
  await screen.findByRole('row', { name: /new@example.org/ });
  act(() => forgetPatients());
  expect(screen.queryByText(new RegExp(secret))).toBeNull();
  expect(JSON.stringify(dialogStore.getState())).not.toContain(secret);
});

test('IV6 a refusal is shown at its field, and the entries stay', async () => {
  const reason = 'Adams is one of your people already.';
  serve(() => refused('validation', 422, { errors: [{ field: 'email', reason }] }));
  await show();
  fireEvent.click(screen.getByRole('button', { name: 'Add' }));
  fireEvent.change(field('Email'), { target: { value: 'adams@example.org' } });
  pick('Role', 'Viewer');
  save();
  await screen.findByText(reason);
  expect(field('Email').value).toBe('adams@example.org');
});

test('IV6 an invitation is revoked after a question; an expired one says so', async () => {
  const sent = serve();
  await show();
  expect(screen.getByRole('row', { name: /late@/ }).textContent).toContain('Expired');
  fireEvent.click(screen.getByRole('row', { name: /young@/ }));
  const panel = within(screen.getByRole('region', { name: 'Invitation of young@example.org' }));
  expect(panel.getByText('Haddad')).toBeTruthy();
  fireEvent.click(panel.getByRole('button', { name: 'Revoke…' }));
  expect(sent).toEqual([]);
  fireEvent.click(panel.getByRole('button', { name: 'Revoke the invitation' }));
  await waitFor(() => expect(screen.queryByRole('row', { name: /young@/ })).toBeNull());
  expect(sent).toHaveLength(1);
});

test('IV6 an invitation expires by the clock of the server, also while it is shown', async () => {
  syncClock(at('06:00', '2998-01-01'), performance.now());
  onTestFinished(() => void syncClock(new Date().toISOString(), performance.now()));
  serve();
  await show();
  const expiry = () => screen.getByRole('row', { name: /young@/ }).textContent;
  expect(expiry()).not.toContain('Expired');
  act(() => void syncClock(at('06:01', '2999-01-12'), performance.now()));
  expect(expiry()).toContain('Expired');
});

test('IV6 a failed list can be tried again; an empty one says what is missing', async () => {
  answerWith(() => 'unreachable');
  showPage('invitations');
  renderInKit(<Administration />);
  await screen.findByText('The invitations couldn’t be loaded');
  invitations = [];
  serve();
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText(/^No invitations are open/)).toBeTruthy();
});
