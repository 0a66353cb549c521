import { act } from '@testing-library/react';
import type { QueueRecord } from '@slate/shared/queue';
import { afterEach, expect, test, vi } from 'vitest';
import { asked, expired } from '../../../../../../../shared/test/queue-records.ts';
import { hip, knee, setUpBoard, showBoard, room2 } from '../../../../../../test/shown-board.tsx';
import { me } from '../../../../../../test/signed-in.ts';
import { at, uuid } from '../../../../../../test/small-board.ts';
import { dropDesk, setDesk } from '../../../stores/desk.ts';

vi.mock('../../../api/client.ts', { spy: true });

setUpBoard();
afterEach(() => act(dropDesk));

const place = { roomId: room2.id, start: at('12:00'), end: at('13:00') };
const move = asked(70, { title: 'Move Knee', cases: [{ caseId: knee.id, place, title: 'Knee' }] });
const cancel = asked(71, { title: 'Cancel Hip', cases: [{ caseId: hip.id, place: null, title: null }] });
const fact = asked(72, {
  title: 'Record for Knee: In room',
  kind: 'fact',
  cases: [{ caseId: knee.id, place: null, title: null }],
});
const openDesk = (...records: QueueRecord[]) =>
  act(() => setDesk({ device: uuid(8), personId: me.id, siteId: uuid(2), records, damage: null }));
const ghosts = () =>
  [...document.querySelectorAll('[data-request]')].map(({ textContent, className }) => [
    textContent,
    className.replace(/^_|_\w+$/g, ''),
  ]);

test('QU11 a request is drawn at its place or on its card until it is answered, and a late one as not sent', () => {
  showBoard();
  openDesk(move, cancel, fact);
  const [first, second, third] = ghosts();
  expect(first).toEqual(['RequestedKnee', expect.stringContaining('requested')]);
  expect(second).toEqual(['Requested: Cancel Hip', expect.stringContaining('onCard')]);
  expect(third).toEqual(['◷ Record for Knee: In room', expect.stringContaining('onCard')]);
  expect(document.querySelectorAll('[data-request] .fact, [data-request] [class*=fact]')).toHaveLength(1);
  openDesk(
    move,
    cancel,
    expired(70, 'past'),
    expired(71, 'age'),
    asked(73, { cases: [{ caseId: knee.id, place, title: 'Knee' }] }),
    expired(73, 'unknown'),
  );
  expect(ghosts().map(([text]) => text)).toEqual([
    'Too late, not sentKnee',
    'Too late, not sent: Cancel Hip',
  ]);
  const problem = { type: 'x', title: 'x', status: 409, code: 'slot_taken' as const, detail: 'x' };
  openDesk(
    move,
    cancel,
    fact,
    { type: 'answered', id: uuid(70), at: at('06:00'), result: { kind: 'refused', problem } },
    { type: 'closed', id: uuid(71), how: 'removed' },
    { type: 'answered', id: uuid(72), at: at('06:00'), result: { kind: 'done', cases: [] } },
  );
  expect(ghosts()).toEqual([]);
});
