import { z } from 'zod';
import { blockRule, blockTemplate, holiday, holidayFields } from '../block-templates.ts';
import { id } from '../fields.ts';
import { version } from '../resources.ts';
import { block } from '../sites.ts';
import { timeRange } from '../time.ts';
import { decided, decisions } from './decisions.ts';
import { atSite, revised } from './route.ts';
import type { Route } from './route.ts';

/** Cases that stay where they are, from a console that does not know `decisions`. */
const leave = z.array(id).max(1000).optional();

export const createBlockTemplate = z.strictObject({ ...blockRule, leave, decisions });
export type CreateBlockTemplate = z.infer<typeof createBlockTemplate>;
/** `exceptions` replaces all exceptions. */
export const changeBlockTemplate = z.strictObject({
  version,
  ...z.strictObject(blockRule).partial().shape,
  leave,
  decisions,
});
export type ChangeBlockTemplate = z.infer<typeof changeBlockTemplate>;

export const createHoliday = z.strictObject({ ...holidayFields, leave, decisions });
export type CreateHoliday = z.infer<typeof createHoliday>;
export const changeHoliday = z.strictObject({
  version,
  ...z.strictObject(holidayFields).partial().shape,
  leave,
  decisions,
});
export type ChangeHoliday = z.infer<typeof changeHoliday>;

export const removal = z.strictObject({ version, leave, decisions });
export type Removal = z.infer<typeof removal>;

/** A template or a holiday as it would be. Without an `id` it is new; null: it is removed. */
export const blockEdit = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('template'),
    id: id.optional(),
    after: z.strictObject(blockRule).nullable(),
  }),
  z.strictObject({
    kind: z.literal('holiday'),
    id: id.optional(),
    after: z.strictObject(holidayFields).nullable(),
  }),
]);
export type BlockEdit = z.infer<typeof blockEdit>;

/** A planned case whose place among the blocks gets worse. */
export const affectedCase = z.strictObject({
  caseId: id,
  number: z.int(),
  roomId: id,
  ...timeRange.shape,
  /** It has a place on a list that changes or goes, so the edit is refused until it has been moved. */
  isOnList: z.boolean(),
});
export type AffectedCase = z.infer<typeof affectedCase>;

export const blockEffect = z.strictObject({
  created: z.array(block),
  changed: z.array(z.strictObject({ before: block, after: block })),
  removed: z.array(block),
  /** Of the blocks: those with a local time that a clock change skips. They begin or end when the gap ends. */
  shifted: z.array(id),
  cases: z.array(affectedCase),
});
export type BlockEffect = z.infer<typeof blockEffect>;

const atTemplate = z.strictObject({ site: id, template: id });
const atHoliday = z.strictObject({ site: id, holiday: id });

export const blockRoutes = {
  blockTemplates: {
    method: 'get',
    path: '/sites/:site/block-templates',
    access: 'block.manage',
    limit: 'read',
    cost: () => 5,
    params: atSite,
    summary: 'The block templates and holidays of the site',
    status: 200,
    reply: z.strictObject({ templates: z.array(blockTemplate), holidays: z.array(holiday) }),
  },
  previewBlocks: {
    method: 'post',
    path: '/sites/:site/block-templates/preview',
    access: 'block.manage',
    limit: 'read',
    cost: () => 20,
    params: atSite,
    summary: 'What an edit of a template or a holiday would do to the dated blocks and the cases in them',
    body: blockEdit,
    status: 200,
    reply: blockEffect,
  },
  createBlockTemplate: {
    method: 'post',
    path: '/sites/:site/block-templates',
    access: 'block.manage',
    command: true,
    params: atSite,
    summary: 'Add a block template and lay out its blocks',
    body: createBlockTemplate,
    status: 201,
    reply: revised({ template: blockTemplate, decided }),
  },
  changeBlockTemplate: {
    method: 'patch',
    path: '/sites/:site/block-templates/:template',
    access: 'block.manage',
    command: true,
    params: atTemplate,
    summary: 'Change a block template, its exceptions and its future blocks',
    body: changeBlockTemplate,
    status: 200,
    reply: revised({ template: blockTemplate, decided }),
  },
  removeBlockTemplate: {
    method: 'post',
    path: '/sites/:site/block-templates/:template/remove',
    access: 'block.manage',
    command: true,
    params: atTemplate,
    summary: 'Remove a block template and its future blocks',
    body: removal,
    status: 200,
    reply: revised({ id, decided }),
  },
  createHoliday: {
    method: 'post',
    path: '/sites/:site/holidays',
    access: 'block.manage',
    command: true,
    params: atSite,
    summary: 'Add a holiday: templates make no blocks on this date',
    body: createHoliday,
    status: 201,
    reply: revised({ holiday, decided }),
  },
  changeHoliday: {
    method: 'patch',
    path: '/sites/:site/holidays/:holiday',
    access: 'block.manage',
    command: true,
    params: atHoliday,
    summary: 'Change a holiday',
    body: changeHoliday,
    status: 200,
    reply: revised({ holiday, decided }),
  },
  removeHoliday: {
    method: 'post',
    path: '/sites/:site/holidays/:holiday/remove',
    access: 'block.manage',
    command: true,
    params: atHoliday,
    summary: 'Remove a holiday, which brings back its blocks',
    body: removal,
    status: 200,
    reply: revised({ id, decided }),
  },
} as const satisfies Record<string, Route>;
