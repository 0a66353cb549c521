import { expect, test } from 'vitest';
import { createParking } from './parking.ts';

test('HO9 a failing item is reported and skipped, longer each time, until it works', async () => {
  let now = 0;
  const reported: unknown[] = [];
  const parking = createParking(
    (id, error) => reported.push([now, id, error]),
    () => now,
  );
  const broken = new Error('broken');
  let isMended = false;
  const tries: number[] = [];
  const work = () => {
    tries.push(now);
    return isMended ? Promise.resolve('done') : Promise.reject(broken);
  };
  for (; now < 16_000; now += 500) expect(await parking.attempt('a', work)).toBeUndefined();
  expect(tries).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
  expect(reported).toEqual(tries.map((at) => [at, 'a', broken]));
  expect(parking.parked()).toEqual(['a']);
  expect(await parking.attempt('b', () => Promise.resolve(2))).toBe(2);

  isMended = true;
  now = 31_000;
  expect(parking.parked()).toEqual([]);
  expect(await parking.attempt('a', work)).toBe('done');
  isMended = false;
  await parking.attempt('a', work);
  now += 1_000;
  await parking.attempt('a', work);
  expect(tries.slice(-3)).toEqual([31_000, 31_000, 32_000]);
});

test('HO9 a failing item is skipped for a minute at most', async () => {
  let now = 0;
  const parking = createParking(
    () => {},
    () => now,
  );
  for (let round = 0; round < 20; round++, now += 60_000) {
    expect(parking.parked()).toEqual([]);
    await parking.attempt('a', () => Promise.reject(new Error('broken')));
  }
});
