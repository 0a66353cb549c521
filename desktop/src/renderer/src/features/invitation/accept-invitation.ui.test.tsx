import '../../../../../test/bridge.ts';
import { answerWith } from '../../../../../test/answering.ts';
import { refused } from '../../../../../test/refused.ts';
import type { Answer, SentRequest } from '../../../../../test/answering.ts';
import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { uuid } from '../../../../../test/small-board.ts';
import { connectClient } from '../../api/client.ts';
import { accessToken, expireToken, sessionStore } from '../../stores/session.ts';
import { AcceptInvitation } from './accept-invitation.tsx';

const password = 'seven quiet harbors';
const email = 'ada@hospital.example';
const site = { id: uuid(2), name: 'St. Anna', timeZone: 'UTC', role: 'viewer', surgeonIds: [] };
const tokens = { accessToken: 'access', expiresIn: 600, refreshToken: 'refresh-token-of-this-test' };

const user = userEvent.setup();
let requests: SentRequest[];
let reads: Answer[];
let answers: Answer[];
let hasLeft: boolean;
beforeEach(() => {
  [reads, answers, hasLeft] = [[], [], false];
  requests = answerWith(({ path }) => {
    if (path === '/me') return { status: 200, body: { id: uuid(1), email, name: 'Ada Lang', sites: [site] } };
    if (path === '/invitations/read')
      return reads.shift() ?? { status: 200, body: { email, site: 'St. Anna' } };
    return answers.shift() ?? { status: 201, body: { ...tokens, workstation: 'proof of this test' } };
  });
  connectClient({ server: 'https://slate.example.org', token: accessToken, tokenRefused: expireToken });
  sessionStore.setState({ status: 'signed_out', endReason: null }, true);
});
const show = () =>
  render(
    <MantineProvider env="test">
      <AcceptInvitation secret="the-secret" leave={() => (hasLeft = true)} />
    </MantineProvider>,
  );
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);
const status = () => sessionStore.getState().status;

test('IV6 the page says what the invitation is for, and signs in by the keyboard', async () => {
  show();
  await screen.findByText('You were invited to St. Anna as ada@hospital.example.');
  expect(document.activeElement).toBe(field('Your name, as others will see it'));
  await user.keyboard(`Ada Lang{Tab}short{Enter}`);
  expect(await screen.findByText('Must be at least 12 characters.')).toBeTruthy();
  expect(document.activeElement).toBe(field('Choose a password'));
  await user.clear(field('Choose a password'));
  await user.keyboard(`${password}{Enter}`);
  await expect.poll(status).toBe('signed_in');
  const sent = requests.filter(({ path }) => path === '/invitations/accept');
  expect(sent.map(({ body }) => body)).toEqual([{ secret: 'the-secret', name: 'Ada Lang', password }]);
  expect(hasLeft).toBe(true);
});

test('IV6 a wrong password of an existing account is shown at the field; entries stay after an outage', async () => {
  answers = [refused('unauthenticated', 401), 'unreachable'];
  show();
  await screen.findByText(/^You were invited/);
  await user.keyboard(`Ada Lang{Tab}${password}{Enter}`);
  await screen.findByText(/^This address has an account already/);
  await user.click(screen.getByRole('button', { name: 'Accept and sign in' }));
  await screen.findByText(/^No reply from the server/);
  expect(field('Choose a password').value).toBe(password);
  expect(status()).toBe('signed_out');
});

test('IV6 a link that does not work says so, and leads to the sign-in', async () => {
  reads = ['unreachable', refused('not_found', 404)];
  show();
  await user.click(await screen.findByRole('button', { name: 'Try again' }));
  await screen.findByText('Refused: not_found.');
  await user.click(screen.getByRole('button', { name: 'Sign in instead' }));
  expect(hasLeft).toBe(true);
});
