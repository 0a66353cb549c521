import type { Case } from '@slate/shared/cases';
import type { ChangeBody } from '@slate/shared/changes';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aCase, aResource, at, loadBoard } from '../../../../test/small-board.ts';
import { boardStore } from '../stores/board.ts';
import type { BoardView } from '../stores/board.ts';
import { applyChanges, showBoard } from './write-board.ts';

const rooms = ['OR 1', 'OR 2', 'OR 3'].map((name) => aResource('room', name));
const [first] = rooms;
if (!first) throw new Error('There are no rooms.');
const booked = ['08:00', '10:00', '12:00', '14:00', '16:00'].map((time) => aCase(first, time, 60));

const viewNow = () => {
  const { view } = boardStore.getState();
  if (!view) throw new Error('Nothing is shown.');
  return view;
};
const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
const contents = ({ cases, lanes }: BoardView) => ({
  cases: [...cases.values()].toSorted(byId),
  lanes: [...lanes],
});

const hours = fc.integer({ min: 7, max: 17 }).map((hour) => at(`${String(hour).padStart(2, '0')}:00`));
const aChange: fc.Arbitrary<ChangeBody> = fc
  .record({
    item: fc.constantFrom(...booked),
    room: fc.constantFrom(...rooms),
    start: hours,
    becomes: fc.constantFrom('moved', 'in depot', 'busy', 'gone'),
  })
  .map(({ item, room, start, becomes }): ChangeBody => {
    const end = new Date(Date.parse(start) + item.minutes * 60_000).toISOString();
    if (becomes === 'gone') return { type: 'gone', id: item.id };
    if (becomes === 'busy')
      return { type: 'busy', busy: { id: item.id, roomId: room.id, start, end, growsFrom: null } };
    const placed: Case = { ...item, roomId: room.id, start, end };
    const inDepot: Case = { ...item, state: 'depot', roomId: null, start: null, end: null };
    return { type: 'case', cause: 'moved', case: becomes === 'moved' ? placed : inDepot };
  });

test('the view after any change equals the view of a new board', () => {
  const batches = fc.array(fc.array(aChange, { minLength: 1, maxLength: 4 }), { maxLength: 12 });
  fc.assert(
    fc.property(batches, (batchesOfChanges) => {
      loadBoard({ resources: rooms, cases: booked });
      for (const [nth, bodies] of batchesOfChanges.entries()) {
        const changes = bodies.map((body) => ({ revision: nth + 2, at: at('06:00'), by: null, body }));
        applyChanges(changes, nth + 2, at('06:00'));
      }
      const updated = viewNow();
      showBoard(updated.board, updated.date, updated.days);
      expect(contents(updated)).toEqual(contents(viewNow()));
    }),
  );
});

test('the lane of a room stays the same object until that room changes', () => {
  const [one, two, three] = rooms;
  if (!one || !two || !three) throw new Error('There are too few rooms.');
  const [moving] = booked;
  if (!moving) throw new Error('There are no cases.');
  const before = loadBoard({ resources: rooms, cases: [...booked, aCase(three, '09:00', 60)] });
  const body = { type: 'case', cause: 'moved', case: { ...moving, roomId: two.id } } as const;
  applyChanges([{ revision: 2, at: at('06:00'), by: null, body }], 2, at('06:00'));
  const changed = rooms.filter(({ id }) => viewNow().lanes.get(id) !== before.lanes.get(id));
  expect(changed.map(({ name }) => name)).toEqual(['OR 1', 'OR 2']);
});
