import { program } from '../../../../../test/bridge.ts';
import { answerWith } from '../../../../../test/answering.ts';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { me, signInAs } from '../../../../../test/signed-in.ts';
import { act, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectClient } from '../../api/client.ts';
import { closeAllDialogs, openDialog } from '../../stores/dialogs.ts';
import { policyStore } from '../../stores/policy.ts';
import { sessionStore } from '../../stores/session.ts';
import { App } from '../console/app.tsx';
import * as workspace from '../console/workspace.ts';

const user = userEvent.setup();
const server = 'https://slate.example.org';
const noPolicy = program.facts.policy;

beforeEach(() => {
  answerWith(({ path }) =>
    path.endsWith('/healthz') ? { status: 200, body: { status: 'ok', version: '1.3.0' } } : 'unreachable',
  );
  connectClient({ server, token: () => Promise.resolve(null), tokenRefused: () => {} });
  sessionStore.setState({ status: 'signed_out', endReason: null }, true);
  program.facts = { ...program.facts, build: 'development', policy: noPolicy };
  program.copied.length = 0;
});
afterEach(() =>
  act(() => {
    closeAllDialogs();
    policyStore.setState(policyStore.getInitialState());
  }),
);

const about = async () => within(await screen.findByRole('dialog', { name: 'About Slate' }));
const open = (at: string | null = server) => {
  renderInKit(<App server={at} workspace={workspace} />);
  act(() => openDialog({ kind: 'about' }));
  return about();
};
/** The facts as text, one per line. */
const factsIn = (dialog: Awaited<ReturnType<typeof about>>) =>
  dialog.getAllByRole('term').map((term) => `${term.textContent}: ${term.nextElementSibling?.textContent}`);

describe('FP5 About', () => {
  test('shows the facts for the IT desk, and opens the log', async () => {
    const dialog = await open();
    await dialog.findByText('1.3.0');
    expect(factsIn(dialog)).toEqual([
      'Version: 1.2.3',
      'Build: Development, not installed',
      expect.stringMatching(/^Protocol: \d+( to \d+)?$/),
      'Electron: 45.4.1',
      'System: linux 6.1.0 x64',
      `Server: ${server}`,
      'Server version: 1.3.0',
    ]);
    await user.click(dialog.getByRole('button', { name: 'Show the log file' }));
    expect(program.logShown).toBe(1);
  });

  test('says that there is no policy', async () => {
    const dialog = await open();
    expect(dialog.getByText('No policy is set on this workstation.')).toBeTruthy();
    expect(dialog.queryByRole('table')).toBeNull();
    expect(dialog.queryByText('Not used')).toBeNull();
  });

  const policy = {
    source: '/etc/slate/policy.json',
    settings: [
      { name: 'ServerAddress', title: 'Server address', value: server, isLocked: true },
      { name: 'HoldTime', title: 'Time left of a hold', value: 'Time at which it ends', isLocked: false },
    ],
    refused: [{ name: 'Sandbox', why: 'Slate has no such setting.' }],
  };

  test('shows each setting of the policy, and each refused setting with its reason', async () => {
    program.facts = { ...program.facts, policy };
    const dialog = await open();
    expect(dialog.getByText(/^Read from \/etc\/slate\/policy\.json when Slate started\./)).toBeTruthy();
    const rows = dialog.getAllByRole('row').map((row) => [...row.children].map((cell) => cell.textContent));
    expect(rows).toEqual([
      ['Setting', 'Value', 'Who decides'],
      ['Server address', server, 'Locked'],
      ['Time left of a hold', 'Time at which it ends', 'Recommended; people can choose'],
    ]);
    expect(dialog.getByText('Sandbox: Slate has no such setting.')).toBeTruthy();
  });

  test('is copied as text, without the person', async () => {
    program.facts = { ...program.facts, policy };
    act(() => signInAs('coordinator'));
    const dialog = await open();
    await dialog.findByText('1.3.0');
    await user.click(dialog.getByRole('button', { name: 'Copy for support' }));
    expect((await dialog.findByRole('status')).textContent).toBe('Copied');
    const [text = ''] = program.copied;
    expect(text.split('\n')).toEqual([
      ...factsIn(dialog),
      '',
      'Set by your IT department',
      'Read from /etc/slate/policy.json when Slate started. A change applies at the next start.',
      `Server address: ${server} (Locked)`,
      'Time left of a hold: Time at which it ends (Recommended; people can choose)',
      '',
      'Not used',
      'Sandbox: Slate has no such setting.',
      '',
    ]);
    expect(text).toMatch(/^Site: .+ \([\da-f-]{36}\)$/m);
    expect(text).not.toContain(me.name);
  });

  test('does not wait for the network', async () => {
    answerWith(() => 'unreachable');
    const dialog = await open();
    expect(dialog.getByText(server)).toBeTruthy();
    expect(await dialog.findByText('Unknown, because the server didn’t answer')).toBeTruthy();
  });

  test.each([
    ['is not JSON', 'a sign-in page'],
    ['has no version', { status: 'ok' }],
  ])('does not trust an answer that %s', async (_how, body) => {
    answerWith(() => ({ status: 200, body }));
    expect(await (await open()).findByText('Unknown, because the server didn’t answer')).toBeTruthy();
  });
});

test.each([
  ['test', 'This is a test build. Don’t work with it: ask IT for the release.'],
  ['release', null],
] as const)('PK2 About marks a %s build', async (build, mark) => {
  program.facts = { ...program.facts, build };
  const dialog = await open();
  expect(dialog.queryByRole('alert')?.textContent?.slice(1) ?? null).toBe(mark);
});

describe('FP5 the menu opens About', () => {
  const choose = () => act(() => program.send('menu', { command: 'about' }));

  test('without a server', async () => {
    connectClient({ server: '', token: () => Promise.resolve(null), tokenRefused: () => {} });
    renderInKit(<App server={null} workspace={workspace} />);
    choose();
    expect(factsIn(await about())).toContain('Server: None yet');
  });

  test('at the sign-in, and Escape closes it', async () => {
    renderInKit(<App server={server} workspace={workspace} />);
    choose();
    await about();
    await user.keyboard('{Escape}');
    await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Sign in');
  });

  test('UP10 also to look for an update, before anybody has signed in', async () => {
    renderInKit(<App server={server} workspace={workspace} />);
    program.updateChecks = 0;
    act(() => program.send('menu', { command: 'check_for_update' }));
    expect((await about()).getByRole('region', { name: 'Updates' })).toBeDefined();
    expect(program.updateChecks).toBe(1);
  });

  test('and F1 opens it on a wall board, which has no menu', async () => {
    act(() => policyStore.setState({ isWallBoard: true }));
    renderInKit(<App server={server} workspace={workspace} />);
    await user.keyboard('{F1}');
    expect(factsIn(await about())).toContain(`Server: ${server}`);
  });
});

describe('FP10 a locked server', () => {
  beforeEach(() => act(() => policyStore.setState({ isServerLocked: true })));

  test('cannot be changed from the menu', () => {
    renderInKit(<App server={server} workspace={workspace} />);
    act(() => program.send('menu', { command: 'change_server' }));
    expect(screen.queryByLabelText('Server address')).toBeNull();
  });

  test('that is out of reach is explained, and no other server is offered', async () => {
    sessionStore.setState({ status: 'starting', unreachable: true }, true);
    renderInKit(<App server={server} workspace={workspace} />);
    expect(
      await screen.findByText('Your IT department has set the server of this workstation.'),
    ).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Use another server' })).toBeNull();
  });
});
