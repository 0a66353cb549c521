import { expect, test } from 'vitest';
import { byPosition } from './resources.ts';

test('AA28 rooms are in the order of their positions, then of their names', () => {
  const room = (name: string, position?: number) => ({
    id: name,
    name,
    attributes: position === undefined ? {} : { position },
  });
  const rooms = [room('OR 10'), room('OR 2'), room('Annex', 7), room('OR 1', 12), room('Zone', 7)];
  expect(rooms.toSorted(byPosition).map(({ name }) => name)).toEqual([
    'Annex',
    'Zone',
    'OR 1',
    'OR 2',
    'OR 10',
  ]);
  const twins = [
    { ...room('OR'), id: 'b' },
    { ...room('OR'), id: 'a' },
  ];
  expect(twins.toSorted(byPosition).map(({ id }) => id)).toEqual(['a', 'b']);
});
