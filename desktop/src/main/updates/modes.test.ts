import { expect, test, vi } from 'vitest';
import {
  dayMs,
  packageName,
  server,
  setUpUpdates,
  signedOffer,
  site,
  start,
} from '../../../test/update-workstation.ts';

setUpUpdates();

test('UP9: in the mode announce, the program downloads nothing', async () => {
  const { updates, lastStatus } = start({ mode: 'announce' });
  await updates.check();
  expect(lastStatus()).toEqual({ is: 'announced', version: '0.2.0', notes: 'Faster openings.' });
  expect(server.requests).toEqual(['/api/v1/updates']);
});

test('UP9: a program that an administrator installs downloads nothing', async () => {
  const { updates, lastStatus } = start({ installation: { by: 'administrator', kind: null } });
  await updates.check();
  expect(lastStatus()?.is).toBe('announced');
  expect(server.requests).toEqual(['/api/v1/updates']);
});

test.each([{ mode: 'off' as const }, { keys: [] }])(
  'UP9: with %o the program sends no request',
  async (more) => {
    const { updates, statuses } = start(more);
    updates.pageStarted();
    await updates.check();
    vi.advanceTimersByTime(dayMs);
    expect([server.requests, statuses]).toEqual([[], [{ is: 'off' }]]);
  },
);

test('UP5: the program accepts only manifests of the channel of its policy', async () => {
  const { updates, lastStatus } = start({ channel: 'early' });
  await updates.check();
  expect(lastStatus()).toMatchObject({ is: 'refused', why: 'channel' });
  server.offer = () => ({ ...signedOffer({ channel: 'early' }), channel: 'early' });
  await updates.check();
  expect(lastStatus()?.is).toBe('ready');
  expect(server.requests.at(-1)).toBe(`/updates/early/${packageName}`);
});

test('UP5: the program sends no request before it knows its site', async () => {
  const { updates, memory, lastStatus } = start();
  memory.change({ site: null });
  await updates.check();
  expect([server.requests, lastStatus()]).toEqual([[], { is: 'unknown' }]);
});

test('UP5: the program knows its site from its policy', async () => {
  const { updates, memory, lastStatus } = start({ site });
  memory.change({ site: null });
  await updates.check();
  expect(lastStatus()?.is).toBe('ready');
});
