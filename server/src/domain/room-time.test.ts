import { overlaps } from '@slate/shared/time';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { caseAt, gridOf, kindAt, worlds } from '../../test/openings-oracle.ts';
import { Calendar } from './calendar.ts';
import { minuteOf } from './minutes.ts';
import { RoomTime } from './room-time.ts';
import { cautionsOf } from './rules.ts';

test('OP5 the search counts the very cautions for which placing the case asks a reason', () => {
  fc.assert(
    fc.property(worlds, fc.nat(), (world, pick) => {
      const { schedule, needs, date, days } = world;
      const { site, now } = schedule;
      const calendar = new Calendar(site.timeZone, date, days);
      const grid = gridOf(world);
      for (const room of schedule.resources.filter(({ kind }) => kind === 'room')) {
        const blocks = schedule.blocks.filter(({ roomId }) => roomId === room.id);
        const time = new RoomTime(room, blocks, needs, now, calendar);
        // Block edges are where it is easy to be wrong by a minute; the rest is picked at random.
        const edges = blocks.flatMap(({ start, end }) => [start, end]);
        for (const start of [...edges, grid[pick % grid.length]?.start ?? now]) {
          if (minuteOf(start) < (calendar.days[0]?.start ?? 0)) continue;
          if (minuteOf(start) >= (calendar.days.at(-1)?.end ?? 0)) continue;
          const item = caseAt(needs, room, start);
          const touched = blocks.filter((block) => overlaps(block, item));
          const around = {
            room,
            procedure: null,
            blocks: touched,
            settings: site.settings,
            zone: site.timeZone,
            now,
          };
          expect(time.standing(minuteOf(start))).toEqual({
            block: kindAt(world, room, start),
            cautions: cautionsOf(item, around).length,
          });
        }
      }
    }),
    { numRuns: 300 },
  );
});
