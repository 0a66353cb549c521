import '../../../../../test/bridge.ts';
import { answerWith } from '../../../../../test/answering.ts';
import { refused } from '../../../../../test/refused.ts';
import type { Answer, SentRequest } from '../../../../../test/answering.ts';
import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, test } from 'vitest';
import { uuid } from '../../../../../test/small-board.ts';
import { connectClient } from '../../api/client.ts';
import { administrationStore } from '../../stores/administration.ts';
import { accessToken, expireToken, sessionStore } from '../../stores/session.ts';
import { viewStore } from '../../stores/view.ts';
import { SetUp } from './set-up.tsx';

const password = 'seven quiet harbors';
const site = { id: uuid(2), name: 'St. Anna', timeZone: 'UTC', role: 'administrator', surgeonIds: [] };
const tokens = { accessToken: 'access', expiresIn: 600, refreshToken: 'refresh-token-of-this-test' };

const user = userEvent.setup();
let requests: SentRequest[];
let answers: Answer[];
let hasLeft: boolean;

beforeEach(() => {
  answers = [];
  hasLeft = false;
  requests = answerWith((one) => {
    if (one.path === '/me') {
      const me = { id: uuid(1), email: 'ada@hospital.example', name: 'Ada Lang', sites: [site] };
      return { status: 200, body: me };
    }
    return answers.shift() ?? { status: 201, body: { ...tokens, workstation: 'proof of this test' } };
  });
  connectClient({ server: 'https://slate.example.org', token: accessToken, tokenRefused: expireToken });
  sessionStore.setState({ status: 'signed_out', endReason: null }, true);
  viewStore.setState({ screen: 'day' });
  render(
    <MantineProvider env="test">
      <SetUp secret="the-secret" leave={() => (hasLeft = true)} />
    </MantineProvider>,
  );
});

const status = () => sessionStore.getState().status;
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);
const nameField = () => field('Your name, as others will see it');
const typePerson = (typed = password) =>
  user.keyboard(`Ada Lang{Tab}ada@hospital.example{Tab}${typed}{Enter}`);

test('SU7 the set-up works by keyboard and ends at the first steps', async () => {
  expect(document.activeElement).toBe(nameField());
  await typePerson();
  expect(document.activeElement).toBe(field('Name of the hospital'));
  await user.keyboard('St. Anna{Enter}');
  await expect.poll(status).toBe('signed_in');
  expect(requests[0]?.body).toEqual({
    secret: 'the-secret',
    name: 'Ada Lang',
    email: 'ada@hospital.example',
    password,
    site: { name: 'St. Anna', timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone },
  });
  await expect.poll(() => hasLeft).toBe(true);
  expect(viewStore.getState().screen).toBe('administration');
  expect(administrationStore.getState()).toMatchObject({ page: 'transfer', open: null });
});

test('SU7 errors are at their fields, and nothing is sent', async () => {
  await typePerson('short');
  expect(await screen.findByText('Must be at least 12 characters.')).toBeTruthy();
  expect(document.activeElement).toBe(field('Choose a password'));
  expect(nameField().value).toBe('Ada Lang');
  expect(requests).toEqual([]);
});

test('SU7 a refused password leads back to its field, with everything typed', async () => {
  answers = [refused('validation', 400, { errors: [{ field: 'password', reason: 'Too easy to guess.' }] })];
  await typePerson();
  await user.keyboard('St. Anna{Enter}');
  expect(await screen.findByText('Too easy to guess.')).toBeTruthy();
  expect(document.activeElement).toBe(field('Choose a password'));
  await user.keyboard('{Enter}');
  expect(field('Name of the hospital').value).toBe('St. Anna');
});

test('SU7 after a lost reply, trying again signs in if the hospital was created', async () => {
  answers = ['unreachable', refused('not_found', 404)];
  await typePerson();
  await user.keyboard('St. Anna{Enter}');
  expect((await screen.findByRole('alert')).textContent).toContain('Nothing will be created twice.');
  await user.click(screen.getByRole('button', { name: 'Create hospital' }));
  await expect.poll(status).toBe('signed_in');
  expect(requests.map(({ path }) => path)).toEqual(['/set-up', '/set-up', '/auth/login', '/me']);
});

describe('SU7 the time zone', () => {
  const zoneField = () => screen.getByRole<HTMLInputElement>('combobox', { name: 'Time zone' });
  const typeZone = async (typed: string) => {
    await typePerson();
    await user.keyboard('St. Anna');
    await user.click(zoneField());
    await user.clear(zoneField());
    await user.keyboard(typed);
  };

  test('is found by its city, and Enter picks it before another Enter sends it', async () => {
    await typeZone('new y{Enter}');
    expect(zoneField().value).toBe('America/New York');
    await user.clear(zoneField());
    await user.keyboard('new y{Enter}');
    expect(zoneField().value, 'the zone that is chosen already').toBe('America/New York');
    expect(requests).toEqual([]);
    await user.keyboard('{Enter}');
    await expect.poll(status).toBe('signed_in');
    expect(requests[0]?.body).toMatchObject({ site: { timeZone: 'America/New_York' } });
  });

  test.each(['Enter', 'a click'])('that is not on the list stays and is refused, after %s', async (way) => {
    await typeZone('NYC');
    if (way === 'Enter') await user.keyboard('{Enter}');
    await user.click(screen.getByRole('button', { name: 'Create hospital' }));
    expect(zoneField().value).toBe('NYC');
    expect(zoneField().getAttribute('aria-invalid')).toBe('true');
    expect(requests).toEqual([]);
  });
});

test('SU7 a link that does not work says so', async () => {
  answers = [refused('not_found', 404, { detail: 'This set-up link doesn’t work.' })];
  await typePerson();
  await user.keyboard('St. Anna{Enter}');
  expect((await screen.findByRole('alert')).textContent).toContain('This set-up link doesn’t work.');
  expect(requests.map(({ path }) => path)).toEqual(['/set-up']);
  await user.click(screen.getByRole('button', { name: 'Sign in instead' }));
  expect(hasLeft).toBe(true);
});
