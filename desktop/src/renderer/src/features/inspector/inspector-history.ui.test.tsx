import { act, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { room6, diaz, fusion, user, hospital, setUpInspector } from '../../../../../test/inspector.tsx';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { refused } from '../../../../../test/refused.ts';
import { me } from '../../../../../test/signed-in.ts';
import { at } from '../../../../../test/small-board.ts';
import { setConnection } from '../../stores/connection.ts';
import { select } from '../../stores/view.ts';
import { inspectorWords } from '../../words/inspector.ts';
import { Inspector } from './inspector.tsx';

setUpInspector();

test('the history shows each event with its person and the changed fields', async () => {
  const booked = { ...fusion, roomId: room6.id };
  hospital.history.set(fusion.id, [
    { revision: 9, at: at('05:41'), by: diaz, cause: 'moved', case: fusion },
    { revision: 8, at: at('16:10', '2026-11-19'), by: me, cause: 'booked', case: booked },
    { revision: 7, at: at('16:07', '2026-11-19'), by: null, cause: 'held', case: booked },
  ]);
  select(fusion.id);
  renderInKit(<Inspector />);
  const history = within(screen.getByRole('region', { name: 'History' }));
  const entries = await history.findAllByRole('listitem');
  expect(entries.map(({ textContent }) => textContent)).toEqual([
    '05:41Moved · J. DiazRoom: OR 6 → OR 1',
    'Thu, Nov 19, 16:10Booked · M. Kraus',
    'Thu, Nov 19, 16:07Hold placed, OR 6 06:30–07:15 · Slate',
  ]);
});

test('HI4 the history of a booking shows the fields that it changed', async () => {
  const before = { ...fusion, roomId: room6.id, note: null };
  const saved = { ...fusion, note: 'Latex' };
  hospital.history.set(fusion.id, [
    { revision: 8, at: at('05:41'), by: me, cause: 'booked', case: saved },
    { revision: 7, at: at('05:40'), by: me, cause: 'held', case: before },
  ]);
  select(fusion.id);
  renderInKit(<Inspector />);
  const history = within(screen.getByRole('region', { name: 'History' }));
  const [entry] = await history.findAllByRole('listitem');
  expect(entry?.textContent).toBe('05:41Booked · M. KrausRoom: OR 6 → OR 1Note: none → Latex');
});

test('HI1 HI2 HI3 the history shows only certain changes if the earlier entry is missing', async () => {
  const longer = { ...fusion, minutes: 60, end: at('07:30') };
  const milestonesSoFar = { in_holding: at('06:05'), in_room: at('06:31'), incision: at('06:50') };
  const lines = async (entries: object[]) => {
    hospital.history.set(fusion.id, entries);
    select(fusion.id);
    const { unmount } = renderInKit(<Inspector />);
    const history = within(screen.getByRole('region', { name: 'History' }));
    const found = (await history.findAllByRole('listitem')).map(({ textContent }) => textContent);
    unmount();
    return found;
  };
  const entry = { revision: 9, at: at('05:41'), by: diaz };
  expect(
    await lines([{ ...entry, cause: 'milestone', case: { ...fusion, milestones: milestonesSoFar } }]),
  ).toEqual(['05:41Recorded · J. DiazPatient in holding 06:05Patient in room 06:31Incision 06:50']);
  expect(await lines([{ ...entry, cause: 'moved', case: fusion }])).toEqual([
    '05:41Moved to OR 1 06:30–07:15 · J. Diaz',
  ]);
  const booked = { ...entry, revision: 8, at: at('05:40'), cause: 'booked', case: fusion };
  expect(await lines([{ ...entry, cause: 'moved', case: longer }, booked])).toEqual([
    '05:41Length changed · J. DiazLength: 45 min → 60 min',
    '05:40Booked · J. Diaz',
  ]);
});

test('the history is loaded again when the case changes', async () => {
  select(fusion.id);
  renderInKit(<Inspector />);
  await screen.findByText('No history yet.');
  hospital.history.set(fusion.id, [
    { revision: 9, at: at('05:41'), by: diaz, cause: 'confirmed', case: fusion },
  ]);
  hospital.changeByOthers(fusion.id, { state: 'confirmed' }, 'confirmed');
  expect(await screen.findByText(/^Confirmed/, { selector: 'li *' })).toBeDefined();
});

test('a long history shows its latest entries first', async () => {
  hospital.history.set(
    fusion.id,
    Array.from({ length: 30 }, (_, n) => ({
      revision: 40 - n,
      at: at('05:00'),
      by: diaz,
      cause: 'confirmed',
      case: fusion,
    })),
  );
  select(fusion.id);
  renderInKit(<Inspector />);
  const all = await screen.findByRole('button', { name: 'Show all 30' });
  const history = within(screen.getByRole('region', { name: 'History' }));
  expect(history.getAllByRole('listitem')).toHaveLength(8);
  await user.click(all);
  expect(history.getAllByRole('listitem')).toHaveLength(30);
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Show the latest 8' }));
  await user.keyboard('{Enter}');
  expect(history.getAllByRole('listitem')).toHaveLength(8);
});

test('a history that could not be loaded says so, and is loaded again on request', async () => {
  hospital.answers.push('unreachable');
  setConnection({ status: 'offline', since: 0 });
  select(fusion.id);
  renderInKit(<Inspector />);
  expect((await screen.findByRole('alert')).textContent).toContain('no reply from the server');
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('No history yet.');
});

test('CN1 a history that could not be loaded is loaded when the connection is back', async () => {
  hospital.answers.push('unreachable');
  setConnection({ status: 'offline', since: 0 });
  select(fusion.id);
  renderInKit(<Inspector />);
  await screen.findByText(inspectorWords.historyFailed);
  hospital.history.set(fusion.id, [
    { revision: 9, at: at('06:20'), by: diaz, cause: 'booked', case: fusion },
  ]);
  act(() => setConnection({ status: 'live', lagMs: 0 }));
  await screen.findByText(/^Booked/, { selector: 'li *' });
  expect(screen.queryByText(inspectorWords.historyFailed)).toBeNull();
});

test.each([
  ['forbidden', 403, inspectorWords.historyForbidden],
  ['not_found', 404, 'This case no longer exists, or you don’t have access to it.'],
])('the error %s of a history is explained', async (code, status, text) => {
  hospital.answers.push(refused(code, status));
  select(fusion.id);
  renderInKit(<Inspector />);
  expect(await screen.findByText(text)).toBeDefined();
});
