import { program } from '../../../../../test/bridge.ts';
import { answerWith } from '../../../../../test/answering.ts';
import { refused } from '../../../../../test/refused.ts';
import type { Answer, SentRequest } from '../../../../../test/answering.ts';
import { MantineProvider } from '@mantine/core';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { uuid } from '../../../../../test/small-board.ts';
import { connectClient } from '../../api/client.ts';
import { dialogStore, openDialog } from '../../stores/dialogs.ts';
import { setPreferences } from '../../stores/preferences.ts';
import { accessToken, sessionStore, expireToken } from '../../stores/session.ts';
import type { EndReason } from '../../stores/session.ts';
import { toastStore } from '../../stores/toasts.ts';
import { LockScreen } from '../lock/lock.tsx';
import { Dialogs } from '../console/dialogs.tsx';
import { SignIn } from './sign-in.tsx';

const kraus = { email: 'kraus@example.org', name: 'M. Kraus' };
const diaz = { email: 'diaz@example.org', name: 'J. Diaz' };
const site = { id: uuid(2), name: 'Mercy General', timeZone: 'UTC', role: 'coordinator', surgeonIds: [] };
const validPassword = 'correct horse battery staple';

const user = userEvent.setup();
let all: SentRequest[];
/** Without the question whether the server waits for its set-up. */
const requests = () => all.filter(({ path }) => path !== '/set-up');
let override: (request: SentRequest) => Answer | undefined;

beforeEach(() => {
  override = () => undefined;
  all = answerWith((one) => {
    const other = override(one);
    if (other) return other;
    if (one.path === '/me') return { status: 200, body: { ...kraus, id: uuid(1), sites: [site] } };
    if (one.path === '/auth/register') return { status: 202, body: { status: 'pending' } };
    const tokens = { accessToken: 'access', expiresIn: 600, refreshToken: 'refresh-token-of-this-test' };
    return { status: 200, body: { ...tokens, workstation: 'proof of this test' } };
  });
  connectClient({ server: 'https://slate.example.org', token: accessToken, tokenRefused: expireToken });
  program.trial = { result: 'ok', address: 'https://slate.example.org' };
  setPreferences({ people: [] });
  sessionStore.setState({ status: 'signed_out', endReason: null }, true);
});

const open = (ended: EndReason = null) =>
  render(
    <MantineProvider env="test">
      <SignIn endReason={ended} />
    </MantineProvider>,
  );
const password = () => screen.getByLabelText<HTMLInputElement>('Password');
const alert = async () => (await screen.findByRole('alert')).textContent;
const status = () => sessionStore.getState().status;
/** A field's accessible description. */
const descriptionOf = (field: HTMLElement) =>
  (field.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent ?? '')
    .join(' ');
const focused = () => document.activeElement;

test('SU9 says when the server waits for its set-up, and what to do', async () => {
  override = ({ path }) => (path === '/set-up' ? { status: 200, body: { isWaiting: true } } : undefined);
  open();
  expect(await screen.findByText(/This server has no hospital yet\. Open the set-up link/)).toBeTruthy();
  cleanup();
  override = ({ path }) => (path === '/set-up' ? { status: 200, body: { isWaiting: false } } : undefined);
  open();
  await expect.poll(() => all.length).toBe(2);
  expect(screen.queryByText(/no hospital yet/)).toBeNull();
});

describe('signing in', () => {
  test('works by keyboard on a new workstation', async () => {
    open();
    expect(focused()).toBe(screen.getByLabelText('Email'));
    await user.keyboard(`Kraus@example.org{Tab}${validPassword}{Enter}`);
    await expect.poll(status).toBe('signed_in');
    expect(requests()[0]?.body).toEqual({ email: 'Kraus@example.org', password: validPassword });
  });

  test('needs only the password after an arrow key picks a recent user', async () => {
    setPreferences({ people: [diaz, kraus] });
    open();
    expect(focused()?.textContent).toContain('J. Diaz');
    await user.keyboard('{ArrowDown}{Enter}');
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('M. Kraus');
    expect(focused()).toBe(password());
    await user.keyboard(`${validPassword}{Enter}`);
    await expect.poll(status).toBe('signed_in');
    expect(requests()[0]?.body).toEqual({ email: kraus.email, password: validPassword });
  });

  test('ID32 keeps the proof of an earlier sign-in, and sends it the next time', async () => {
    const signIn = async (email: string) => {
      open();
      if (email === '') await user.keyboard(`{Enter}${validPassword}{Enter}`);
      else await user.keyboard(`${email}{Tab}${validPassword}{Enter}`);
      await expect.poll(status).toBe('signed_in');
      cleanup();
      sessionStore.setState({ status: 'signed_out', endReason: null }, true);
      return requests().findLast(({ path }) => path === '/auth/login')?.body;
    };
    expect(await signIn(kraus.email)).toEqual({ email: kraus.email, password: validPassword });
    const again = { email: kraus.email, password: validPassword, workstation: 'proof of this test' };
    expect(await signIn('')).toEqual(again);
  });

  test('switches from a recent user to another one, and back', async () => {
    setPreferences({ people: [diaz] });
    open();
    await user.keyboard('{ArrowUp}');
    expect(focused()?.textContent).toBe('Switch user');
    await user.keyboard('{Enter}');
    expect(focused()).toBe(screen.getByLabelText('Email'));
    await user.click(screen.getByRole('button', { name: 'Back to sign-in' }));
    expect(focused()?.textContent).toContain('J. Diaz');
  });

  test('reports and clears a wrong password, and focuses the field', async () => {
    override = () => refused('unauthenticated', 401, { detail: 'Wrong email or password.' });
    open();
    await user.keyboard('kraus@example.org{Tab}not the password{Enter}');
    expect(await alert()).toContain('Wrong email or password');
    await expect.poll(focused).toBe(password());
    expect(password().value).toBe('');
    expect(password().getAttribute('aria-invalid')).toBe('true');
  });

  test('keeps the typed password without a reply', async () => {
    override = () => 'unreachable';
    open();
    await user.keyboard(`kraus@example.org{Tab}${validPassword}{Enter}`);
    expect(await alert()).toContain('No reply');
    expect(password().value).toBe(validPassword);
  });

  test.each([
    ['sign-in', <SignIn endReason={null} />],
    ['lock screen', <LockScreen person={kraus} />],
  ])('NW4 without a reply, the %s names the cause in the words of the banner', async (_, shown) => {
    override = () => 'unreachable';
    program.trial = { result: 'failed', why: 'certificate_date', detail: '' };
    render(<MantineProvider env="test">{shown}</MantineProvider>);
    const email = screen.queryByLabelText('Email');
    if (email) await user.type(email, kraus.email);
    await user.type(password(), `${validPassword}{Enter}`);
    expect(await alert()).toContain(
      'You couldn’t sign in. The certificate of slate.example.org has expired, or this computer’s clock is wrong, so Slate doesn’t connect. Tell your IT desk.',
    );
    expect(password().value).toBe(validPassword);
  });

  test.each([
    ['sign-in', <SignIn endReason={null} />],
    ['lock screen', <LockScreen person={kraus} />],
  ])('NW4 before anybody tries, the %s says why, and that it is over', async (_, shown) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'], shouldAdvanceTime: true });
    program.trial = { result: 'failed', why: 'timeout', detail: '' };
    render(<MantineProvider env="test">{shown}</MantineProvider>);
    expect((await screen.findByRole('status')).textContent).toContain(
      'There’s no reply from slate.example.org. You can sign in when the server answers.',
    );
    program.trial = { result: 'ok', address: 'https://slate.example.org' };
    await act(() => vi.advanceTimersByTimeAsync(3_000));
    expect(screen.queryByRole('status')).toBeNull();
    program.trial = { result: 'failed', why: 'refused', detail: '' };
    await act(() => vi.advanceTimersByTimeAsync(3_000));
    expect(screen.queryByRole('status')).toBeNull();
    // Somebody comes to the workstation.
    fireEvent.pointerMove(window);
    expect((await screen.findByRole('status')).textContent).toContain('Slate isn’t answering on it.');
    vi.useRealTimers();
  });

  test.each([
    [40, '40 seconds'],
    [600, '10 minutes'],
  ])('says how long to wait after too many attempts (%i s)', async (retryAfter, words) => {
    override = () => refused('rate_limited', 429, { retryAfter });
    open();
    await user.keyboard('kraus@example.org{Tab}not the password{Enter}');
    expect(await alert()).toContain(words);
  });

  test('warns about Caps Lock', () => {
    open();
    const press = (isOn: boolean) => {
      const event = new KeyboardEvent('keyup', { key: 'A', bubbles: true });
      Object.assign(event, { getModifierState: (key: string) => isOn && key === 'CapsLock' });
      fireEvent(password(), event);
    };
    press(true);
    expect(descriptionOf(password())).toContain('Caps Lock is on.');
    press(false);
    expect(screen.queryByText('Caps Lock is on.')).toBeNull();
  });

  test.each([
    ['revoked', 'ask your administrator'],
    ['no_site', 'don’t have a role at any site'],
  ] as const)('says why the session ended: %s', async (ended, words) => {
    open(ended);
    expect(await alert()).toContain(words);
  });
});

describe('a temporary password', () => {
  beforeEach(() => {
    override = ({ path }) => (path === '/auth/login' ? refused('forbidden', 403) : undefined);
  });
  const begin = async () => {
    open();
    await user.keyboard('kraus@example.org{Tab}3f2a1-temporary{Enter}');
    expect((await screen.findByRole('status')).textContent).toContain('administrator gave you this password');
    const field = screen.getByLabelText('Choose a password');
    await expect.poll(focused).toBe(field);
    return field;
  };

  test('is replaced by a new one, and the person is signed in', async () => {
    await begin();
    await user.keyboard(`${validPassword}{Enter}`);
    await expect.poll(status).toBe('signed_in');
    expect(requests().find(({ path }) => path === '/auth/password')?.body).toEqual({
      email: kraus.email,
      password: '3f2a1-temporary',
      newPassword: validPassword,
    });
  });

  test.each([
    ['short', 'at least 12 characters'],
    ['3f2a1-temporary', 'different from the current password'],
  ])('is not replaced by %s, without a request to the server', async (typed, words) => {
    const field = await begin();
    await user.keyboard(`${typed}{Enter}`);
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(descriptionOf(field)).toContain(words);
    expect(requests().some(({ path }) => path === '/auth/password')).toBe(false);
    expect(focused()).toBe(field);
  });
});

describe('changing the password while signed in', () => {
  beforeEach(() => {
    const me = { ...kraus, id: uuid(1), sites: [] };
    sessionStore.setState({ status: 'signed_in', me, site } as never, true);
    openDialog({ kind: 'password' });
    render(
      <MantineProvider env="test">
        <Dialogs />
      </MantineProvider>,
    );
  });
  const change = async (present: string, next: string) => {
    await user.type(await screen.findByLabelText('Current password'), present);
    await user.type(screen.getByLabelText('Choose a password'), `${next}{Enter}`);
  };

  test('explains the effect, then succeeds', async () => {
    expect(screen.getByRole('dialog').textContent).toContain('ends all your other sessions');
    await change('the old password', validPassword);
    await expect.poll(() => dialogStore.getState().dialog).toBeNull();
    expect(toastStore.getState().toasts.at(-1)?.text).toContain('Password changed');
    expect(status()).toBe('signed_in');
  });

  test('asks again if the current password was wrong', async () => {
    override = ({ path }) => (path === '/auth/password' ? refused('unauthenticated', 401) : undefined);
    await change('not the password', validPassword);
    await screen.findByText(/isn’t your current password/);
    expect(focused()).toBe(screen.getByLabelText('Current password'));
    expect(status()).toBe('signed_in');
  });

  test('is unconfirmed without a reply, and says how to check it', async () => {
    override = () => 'unreachable';
    await change('the old password', validPassword);
    expect(await alert()).toContain('Try the new password first');
  });
});

describe('requesting an account', () => {
  const requestAccount = async (name: string, email: string) => {
    open();
    await user.click(screen.getByRole('button', { name: 'Request an account' }));
    expect(focused()).toBe(screen.getByLabelText(/^Your name/));
    await user.keyboard(`${name}{Tab}${email}{Enter}`);
  };

  test('ID31 asks for no password, and says how to get one', async () => {
    await requestAccount('J. Diaz', 'diaz@example.org');
    expect((await screen.findByRole('status')).textContent).toContain(
      'administrator has to approve it and will give you a temporary password',
    );
    expect(requests().at(-1)?.body).toEqual({ name: 'J. Diaz', email: 'diaz@example.org' });
  });

  test('shows the error of each field, and focuses the first', async () => {
    await requestAccount(' ', 'diaz');
    expect(screen.getByLabelText('Email').getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('Must be an email address.')).toBeTruthy();
    expect(focused()).toBe(screen.getByLabelText(/^Your name/));
    expect(requests()).toEqual([]);
  });
});
