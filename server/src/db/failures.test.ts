import { expect, test } from 'vitest';
import { isTransient, isUnavailable } from './failures.ts';

test.each(['40001', '40P01', '23P01'])(
  'FT4 a conflict that outlasts all retries counts as unavailable: %s',
  (code) => {
    const conflict = Object.assign(new Error('conflict'), { code });
    expect([isTransient(conflict), isUnavailable(conflict)]).toEqual([true, true]);
  },
);
