import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { pack, unpack } from './wake-up-payload.ts';
import type { Notification } from './wake-up-payload.ts';

test('PU15 notifications are packed into as few payloads as PostgreSQL accepts, and unpack unchanged', () => {
  const from = randomUUID();
  const notifications: Notification[] = Array.from({ length: 1_000 }, (_, index) =>
    index % 3
      ? { kind: index % 2 ? 'site' : 'user', siteId: randomUUID(), userId: randomUUID() }
      : {
          kind: 'present',
          siteId: randomUUID(),
          person: { id: randomUUID(), name: 'Dr. Zoë Ḱ "quoted" \\ 名前'.repeat(5) },
          cases: [randomUUID(), null],
        },
  ).map(
    (notification) =>
      unpack(JSON.stringify({ from, notifications: [notification] }))?.notifications[0] as Notification,
  );
  const packed = pack(from, notifications);
  expect(Math.max(...packed.map((text) => Buffer.byteLength(text)))).toBeLessThan(8_000);
  expect(packed.flatMap((text) => unpack(text)?.notifications)).toEqual(notifications);
  const total = packed.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  expect(packed.length).toBeLessThan(total / 7_000 + 1);
});

test('PU15 no notifications are one empty payload', () => {
  const from = randomUUID();
  expect(pack(from, []).map(unpack)).toEqual([{ from, notifications: [] }]);
});

test.each([
  '',
  'x',
  '{}',
  '[]',
  '{"from":"x","notifications":[]}',
  `{"from":"${randomUUID()}","notifications":[{"kind":"new"}]}`,
])('PU15 an unknown payload unpacks to null: %s', (text) => {
  expect(unpack(text)).toBeNull();
});
