import { program } from '../../../../../test/bridge.ts';
import { answerWith } from '../../../../../test/answering.ts';
import { MantineProvider } from '@mantine/core';
import { act, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import type { ServerTrial } from '../../../../bridge.ts';
import { connectClient } from '../../api/client.ts';
import { sessionStore } from '../../stores/session.ts';
import { entryWords } from '../../words/entry.ts';
import { App } from '../console/app.tsx';
import * as workspace from '../console/workspace.ts';

type Why = Extract<ServerTrial, { result: 'failed' }>['why'];
const whys = Object.keys(entryWords.trial) as Why[];

const user = userEvent.setup();
const open = (server: string | null) =>
  render(
    <MantineProvider env="test">
      <App server={server} workspace={workspace} />
    </MantineProvider>,
  );
const address = () => screen.getByLabelText<HTMLInputElement>('Server address');

beforeEach(() => {
  program.tried.length = 0;
  program.used.length = 0;
  program.trial = { result: 'ok', address: 'https://slate.example.org' };
});

test('the first screen tests the typed address, and uses the found server', async () => {
  open(null);
  expect(document.activeElement).toBe(address());
  await user.keyboard(' slate.example.org {Enter}');
  await expect.poll(() => program.used).toEqual(['https://slate.example.org']);
  expect(program.tried).toEqual(['slate.example.org']);
});

test.each(whys)('the first screen explains the failure %s', async (why) => {
  program.trial = { result: 'failed', why, detail: '' };
  open(null);
  await user.type(address(), 'slate{Enter}');
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toBe(entryWords.trial[why]);
  expect(address().getAttribute('aria-describedby')?.split(' ')).toContain(
    alert.closest('[id]')?.getAttribute('id'),
  );
  expect(document.activeElement).toBe(address());
  expect(program.used).toEqual([]);
});

test.each([
  [4, 5, 'protocol version 4 and the server uses 5', 'Install the console that matches this server'],
  [5, 4, 'protocol version 5 and the server uses 4', 'Ask your IT desk to update it'],
])(
  'the first screen says which side needs an update (console %i, server %i)',
  async (consoleVersion, serverVersion, message, advice) => {
    program.trial = { result: 'other_version', console: consoleVersion, server: serverVersion };
    open(null);
    await user.type(address(), 'slate{Enter}');
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain(message);
    expect(alert.textContent).toContain(advice);
    expect(program.used).toEqual([]);
  },
);

test('each failure has its own sentence', () => {
  expect(new Set(Object.values(entryWords.trial)).size).toBe(whys.length);
});

test('the menu opens the screen with the current address, and a button leads back', async () => {
  answerWith(() => 'unreachable');
  connectClient({
    server: 'https://old.example.org',
    token: () => Promise.resolve(null),
    tokenRefused: () => {},
  });
  sessionStore.setState({ status: 'signed_out', endReason: null }, true);
  open('https://old.example.org');
  act(() => program.send('menu', { command: 'change_server' }));
  expect(address().value).toBe('https://old.example.org');
  await user.click(screen.getByRole('button', { name: 'Keep using https://old.example.org' }));
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Sign in');
});

test.each<[ServerTrial, string]>([
  [
    { result: 'failed', why: 'refused', detail: '' },
    'The computer at old.example.org is there, but Slate isn’t',
  ],
  [{ result: 'failed', why: 'other', detail: '' }, 'Something other than Slate answers at old.example.org'],
  [{ result: 'failed', why: 'certificate', detail: '' }, 'doesn’t trust the certificate of old.example.org'],
  [{ result: 'other_version', console: 5, server: 1 }, 'The server is older than this console.'],
])('NW4 the start names the cause of an outage in the words of the banner', async (trial, words) => {
  answerWith(() => 'unreachable');
  connectClient({
    server: 'https://old.example.org',
    token: () => Promise.resolve(null),
    tokenRefused: () => {},
  });
  program.trial = trial;
  sessionStore.setState({ status: 'starting', unreachable: true }, true);
  open('https://old.example.org');
  await expect.poll(() => screen.getByRole('alert').textContent).toContain(words);
});

test('the person can choose another server during an outage', async () => {
  answerWith(() => 'unreachable');
  connectClient({
    server: 'https://old.example.org',
    token: () => Promise.resolve(null),
    tokenRefused: () => {},
  });
  sessionStore.setState({ status: 'starting', unreachable: true }, true);
  open('https://old.example.org');
  expect((await screen.findByRole('alert')).textContent).toContain('No reply');
  await user.click(screen.getByRole('button', { name: 'Use another server' }));
  expect(address().value).toBe('https://old.example.org');
});
