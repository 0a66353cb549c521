import { describe, expect, test } from 'vitest';
import { conflictSentence } from './conflict-sentence.ts';
import type { ResourceConflict, OtherUse } from './conflict-sentence.ts';

const at = (time: string) => `2026-11-20T${time}:00.000Z`;
const use = (start: string, end: string, more: Partial<OtherUse> = {}): OtherUse => ({
  start: at(start),
  end: at(end),
  quantity: 1,
  ...more,
});
const sentenceFor = (more: Partial<ResourceConflict>) =>
  conflictSentence(
    { kind: 'room', name: 'OR 2', capacity: 1, quantity: 1, uses: [], ...more },
    { until: (instant) => instant.slice(11, 16), ends: (instant) => instant.slice(11, 19) },
  );

describe('BK2 the sentence for', () => {
  const hip = use('10:00', '11:30', { title: 'Hip' });
  const hernia = use('12:00', '13:00', { title: 'Hernia' });

  test.each([
    ['a room', {}, 'OR 2 is taken by Hip until 11:30'],
    [
      'two cases, each with its own end',
      { uses: [hernia, hip] },
      'OR 2 is taken by Hip until 11:30, and is taken by Hernia until 13:00',
    ],
    [
      'three cases',
      { uses: [hernia, hip, use('14:00', '15:00', { title: 'Hand' })] },
      'OR 2 is taken by Hip until 11:30, and is taken by Hernia until 13:00, and 1 more until 15:00',
    ],
    [
      'a single device, used in two rooms one after the other',
      {
        kind: 'equipment',
        name: 'Navigation',
        uses: [
          { ...hip, room: 'OR 4' },
          { ...hernia, room: 'OR 10' },
        ],
      },
      'Navigation is in OR 4 until 11:30: Hip, and is in OR 10 until 13:00: Hernia',
    ],
    ['a case that the reader may not see', { uses: [use('10:00', '11:30')] }, 'OR 2 is taken until 11:30'],
    [
      'a hold, with its expiry instead of its end',
      { uses: [{ ...hip, heldBy: 'M. Kraus', expiresAt: at('06:02') }] },
      'OR 2 is held by M. Kraus (the hold ends at 06:02:00)',
    ],
    [
      'a closure',
      { uses: [use('10:00', '12:00', { closedFor: 'Terminal cleaning' })] },
      'OR 2 is closed until 12:00: Terminal cleaning',
    ],
    [
      'a surgeon in a known room',
      { kind: 'surgeon', name: 'Haddad A', uses: [{ ...hip, room: 'OR 5' }] },
      'Haddad A is in OR 5 until 11:30: Hip',
    ],
    [
      'a surgeon in an unknown room',
      { kind: 'surgeon', name: 'Haddad A' },
      'Haddad A is busy until 11:30: Hip',
    ],
    [
      'a single device',
      { kind: 'equipment', name: 'Navigation', uses: [{ ...hip, room: 'OR 5' }] },
      'Navigation is in OR 5 until 11:30: Hip',
    ],
    [
      'the patient',
      { kind: 'patient', name: 'The patient', uses: [{ ...hip, room: 'OR 5' }] },
      'The patient is in OR 5 until 11:30: Hip',
    ],
    ['places of a list', { kind: 'list', name: 'Eyes', capacity: 8 }, 'Eyes: all 8 places are taken'],
    ['a request above the capacity', { uses: [] }, 'OR 2: only 1 in total'],
  ] satisfies [string, Partial<ResourceConflict>, string][])('%s', (_, more, sentence) => {
    expect(sentenceFor({ uses: [hip], ...more })).toBe(sentence);
  });

  test('a pool names the time when enough of it is free again', () => {
    const uses = [use('08:00', '10:30'), use('08:00', '15:00'), use('09:00', '12:00')];
    const arms = { kind: 'equipment', name: 'C-arm', capacity: 3, uses } as const;
    expect(sentenceFor(arms)).toBe('C-arm: all 3 in use until 10:30');
    expect(sentenceFor({ ...arms, quantity: 2 })).toBe('C-arm: all 3 in use until 12:00');
    expect(sentenceFor({ ...arms, capacity: 4, quantity: 2 })).toBe('C-arm: only 1 of 4 free until 10:30');
    expect(sentenceFor({ ...arms, kind: 'bed', name: 'PACU' })).toBe(
      'PACU: all 3 beds are taken until 10:30',
    );
  });
});
