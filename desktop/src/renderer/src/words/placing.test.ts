import type { PlacedCase } from '@slate/shared/cases';
import { describe, expect, test } from 'vitest';
import { aCase, aResource, at, loadBoard, uuid, zone } from '../../../../test/small-board.ts';
import { verdictOf } from '../preview/verdict.ts';
import { nameOf } from '../stores/board.ts';
import { obstacleWords } from './placing.ts';
import { blockerWords } from './refusals.ts';

const [room1, room2] = [aResource('room', 'OR 1'), aResource('room', 'OR 2')];
const surgeon = aResource('surgeon', 'Dr Haddad');
const laser = aResource('equipment', 'Laser');
const pool = aResource('bed', 'PACU', { capacity: 2 });

const me = { id: uuid(1), name: 'M. Kraus' };
const caller = { me: me.id, now: at('06:00'), isOffice: false };
const candidate = aCase(room1, '10:00', 60, { surgeonId: surgeon.id });
type Needs = Partial<Pick<PlacedCase, 'equipment' | 'bed'>>;
const sentences = (needs: Needs, ...others: ReturnType<typeof aCase>[]) => {
  const view = loadBoard({ resources: [room1, room2, surgeon, laser, pool], cases: others });
  const { obstacles } = verdictOf(view, { ...candidate, ...needs }, caller);
  return obstacles.map((obstacle) => obstacleWords(obstacle, nameOf, zone, me.id));
};

describe('an obstacle reads the same in the preview and in a refusal', () => {
  const hold = { state: 'held', holder: { id: surgeon.id, name: 'M. Kraus' } } as const;
  const expiresAt = at('06:04');
  const equipment = [{ resourceId: laser.id, quantity: 1 }];
  test.each([
    ['room', room1, aCase(room1, '10:30', 60, { title: 'Hip' }), {}, 'OR 1 is taken by Hip until 11:30'],
    [
      'hold',
      room1,
      aCase(room1, '10:30', 60, { ...hold, expiresAt }),
      {},
      'OR 1 is held by M. Kraus (the hold ends at 06:04:00)',
    ],
    [
      'own hold',
      room1,
      aCase(room1, '10:30', 60, { ...hold, holder: me, expiresAt }),
      {},
      'OR 1 is held by you (the hold ends at 06:04:00)',
    ],
    [
      'surgeon',
      surgeon,
      aCase(room2, '10:30', 60, { title: 'Hip', surgeonId: surgeon.id }),
      {},
      'Dr Haddad is in OR 2 until 11:30: Hip',
    ],
    [
      'equipment',
      laser,
      aCase(room2, '10:30', 60, { title: 'Hip', equipment }),
      { equipment },
      'Laser is in OR 2 until 11:30: Hip',
    ],
  ] as const)('%s', (_, resource, other, needs, sentence) => {
    expect(sentences(needs, other)).toEqual([sentence]);
    const blocker = {
      kind: other.state === 'held' ? 'hold' : 'case',
      resourceId: resource.id,
      start: other.start,
      end: other.end,
      title: other.title,
      by: other.holder?.name,
      ...(other.expiresAt && { expiresAt: other.expiresAt }),
    } as const;
    const room = resource === room1 ? null : 'OR 2';
    const isMine = other.holder?.id === me.id;
    expect(blockerWords(blocker, { zone, kind: resource.kind, resource: resource.name, room, isMine })).toBe(
      sentence,
    );
  });
});

test('an end on another day shows the day', () => {
  const bed = { bed: { resourceId: pool.id, nights: 1 } };
  const others = [aCase(room2, '12:00', 60, bed), aCase(room2, '15:00', 60, bed)];
  expect(sentences(bed, ...others)).toEqual(['PACU: all 2 beds are taken until Sat, Nov 21, 12:00']);
});
