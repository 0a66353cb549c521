import { expect, test } from 'vitest';
import { timeOf } from './time.ts';

test.each(['America/Chicago', 'Asia/Kathmandu', 'Pacific/Chatham', 'Australia/Lord_Howe', 'UTC'])(
  'the time is right in every minute of the days when clocks change, in %s',
  (zone) => {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    for (const first of ['2026-03-08T00:00:00Z', '2026-11-01T00:00:00Z', '2026-04-04T00:00:00Z']) {
      for (let minute = 0; minute < 36 * 60; minute++) {
        const at = new Date(Date.parse(first) + minute * 60_000 + 59_999);
        expect(timeOf(at.toISOString(), zone)).toBe(format.format(at));
      }
    }
  },
);
