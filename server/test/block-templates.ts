import type { BlockPlan, BlockRule, BlockTemplate, Holiday } from '@slate/shared/block-templates';
import type { ChangeBlockTemplate } from '@slate/shared/contract/blocks';
import type { Block } from '@slate/shared/sites';
import { weekdayOf } from '@slate/shared/time';
import {
  changeBlockTemplate,
  createBlockTemplate,
  createHoliday,
} from '../src/use-cases/catalogue/block-templates.ts';
import { administrator } from './administer.ts';
import { at } from './hospital.ts';
import type { Setting } from './hospital.ts';

// Helpers for tests of block templates. By default: a morning of orthopedics in the first room, every week, laid out 26 weeks
// ahead.

export const dateIn = (days: number) => at('00:00', days - 1).slice(0, 10);

export const planIn = ({ rooms }: Setting): BlockPlan => ({
  roomId: rooms[0],
  start: '07:00',
  end: '12:00',
  service: 'Ortho',
  surgeonId: null,
  listId: null,
  releaseDays: 2,
});

/** Every week, on the weekday of three days from now. */
export const weekly = (more: Partial<BlockRule['recurrence']> = {}) => ({
  weekdays: [weekdayOf(dateIn(3))],
  everyWeeks: 1,
  from: dateIn(0),
  until: null,
  ...more,
});

export async function createTemplate(
  setting: Setting,
  more: Partial<BlockRule> = {},
  leave?: string[],
  by = administrator(setting),
): Promise<BlockTemplate> {
  const input = { plan: planIn(setting), recurrence: weekly(), exceptions: [], ...more, leave };
  const { body } = await createBlockTemplate(setting.deps, by, input);
  return body['template'] as BlockTemplate;
}

export async function changeTemplate(
  setting: Setting,
  { id, version }: BlockTemplate,
  edit: Omit<ChangeBlockTemplate, 'version'>,
): Promise<BlockTemplate> {
  const { body } = await changeBlockTemplate(setting.deps, administrator(setting), id, { version, ...edit });
  return body['template'] as BlockTemplate;
}

export async function addHoliday(
  setting: Setting,
  date: string,
  roomIds: string[] | null = null,
  leave?: string[],
): Promise<Holiday> {
  const input = { date, name: 'Holiday', roomIds, leave };
  const { body } = await createHoliday(setting.deps, administrator(setting), input);
  return body['holiday'] as Holiday;
}

/** The blocks laid out from templates, in order. */
export async function laidBlocks({ pool, siteId }: Setting): Promise<Block[]> {
  const { rows } = await pool.query<{ block: Block }>(
    `SELECT block_json(b) AS block FROM blocks b WHERE site_id = $1 AND template_id IS NOT NULL
      ORDER BY lower(during), room_id`,
    [siteId],
  );
  return rows.map(({ block }) => block);
}

export const datesOfBlocks = async (setting: Setting) =>
  (await laidBlocks(setting)).map(({ start }) => start.slice(0, 10));
