import { createHash } from 'node:crypto';
import { plansOf, timesOf } from '@slate/shared/block-templates';
import type { BlockRule, DatedPlan, Holiday } from '@slate/shared/block-templates';
import type { ChangeBody } from '@slate/shared/changes';
import type { AffectedCase, BlockEffect } from '@slate/shared/contract/blocks';
import type { Days } from '@slate/shared/recurrence';
import { isReleased } from '@slate/shared/sites';
import type { Block, SiteSettings } from '@slate/shared/sites';
import { addDays, localDateOf, overlaps, rangeOf } from '@slate/shared/time';
import { createParking } from '../../commands/parking.ts';
import type { CommandDeps } from '../../commands/context.ts';
import {
  deleteBlocks,
  insertBlocks,
  laidBlocksOf,
  lockLayOut,
  roomPlanOf,
  setLaidUntil,
  sitesToLayOut,
  templatesOf,
} from '../../db/block-templates.sql.ts';
import type { LaidBlock } from '../../db/block-templates.sql.ts';
import { finishArguments, finishCommand } from '../../db/commands.sql.ts';
import { many, one, run } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { siteById } from '../../db/sites.sql.ts';
import { transaction } from '../../db/transaction.ts';
import type { Tx } from '../../db/transaction.ts';
import { Refusal } from '../../domain/refusal.ts';
import { losesPlace, standsWorse } from '../../domain/block-standing.ts';

/** Templates, each with the days on which its blocks are compared with its rule. */
export type Scope = {
  /** Without a rule the template is removed. */
  readonly templates: readonly { id: string; rule: BlockRule | null; days: Days }[];
  readonly holidays: readonly Pick<Holiday, 'date' | 'roomIds'>[];
  /** Only these dates; left out: all days. */
  readonly dates?: readonly string[];
  readonly zone: string;
  /** Blocks that have begun stay as they are. */
  readonly now: string;
};

/** The difference between the stored blocks and those that templates make. */
export type LayOut = {
  readonly created: readonly LaidBlock[];
  readonly changed: readonly { before: Block; after: LaidBlock }[];
  readonly removed: readonly Block[];
  /** The ids of blocks that a clock change moves. */
  readonly shifted: readonly string[];
  /** Blocks whose time another block of the room takes. They are not in `created` or `changed`. */
  readonly collisions: readonly { wanted: Block; taken: Block }[];
  readonly cases: readonly AffectedCase[];
};

export const today = (now: string, zone: string) => localDateOf(now, zone);
export const horizon = (now: string, zone: string, { blockWeeks }: SiteSettings) =>
  addDays(today(now, zone), 7 * blockWeeks);

/** The same rule and date always give the same id, so that a place on a list stays valid. */
export function datedIdOf(ruleId: string, date: string): string {
  const hex = createHash('sha256').update(`${ruleId} ${date}`).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) % 4) + 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function blockOf(templateId: string, dated: DatedPlan, zone: string) {
  const { start, end, isShifted, releaseAt } = timesOf(dated, zone);
  const { roomId, service, surgeonId, alsoSurgeonIds = [], listId } = dated.plan;
  const id = datedIdOf(templateId, dated.date);
  const owner = { service, surgeonId, alsoSurgeonIds };
  const block: Block = { id, roomId, start, end, ...owner, listId, releaseAt, releasedAt: null };
  return { block, isShifted };
}

export async function planLayOut(db: Queryable, siteId: string, scope: Scope): Promise<LayOut> {
  const { templates, holidays, dates, zone, now } = scope;
  const isInScope = (date: string) => dates?.includes(date) ?? true;
  const daysOf = new Map(templates.map(({ id, days }) => [id, days]));
  const laid = await many(db, laidBlocksOf, [siteId, [...daysOf.keys()], now]);
  const stored = new Map(
    laid
      .filter(({ templateId, date }) => isInScope(date) && date >= (daysOf.get(templateId)?.from ?? date))
      .map(({ block }) => [block.id, block]),
  );

  const wanted = templates.flatMap(({ id, rule, days }) =>
    (rule ? plansOf(rule, holidays, days) : [])
      .filter(({ date }) => isInScope(date))
      .map((dated) => ({ ...blockOf(id, dated, zone), templateId: id, date: dated.date }))
      .filter(({ block }) => block.start > now),
  );
  const different = wanted.flatMap(({ block, ...rest }) => {
    const before = stored.get(block.id) ?? null;
    stored.delete(block.id);
    const after = before ? { ...block, releasedAt: releasedAtOf(before, block, now) } : block;
    return before && isSame(before, after) ? [] : [{ ...rest, before, block: after }];
  });
  const removed = [...stored.values()];
  const befores = [...removed, ...different.flatMap(({ before }) => before ?? [])];
  const involved = [...befores, ...different.map(({ block }) => block)];
  if (involved.length === 0)
    return { created: [], changed: [], removed: [], shifted: [], collisions: [], cases: [] };

  const { blocks, cases } = await one(db, roomPlanOf, [
    siteId,
    [...new Set(involved.map(({ roomId }) => roomId))],
    involved.reduce((first, { start }) => (start < first ? start : first), involved[0]?.start ?? now),
    involved.reduce((last, { end }) => (end > last ? end : last), now),
  ]);
  const goneIds = new Set(befores.map(({ id }) => id));
  const after = blocks.filter(({ id }) => !goneIds.has(id));
  const fitting: typeof different = [];
  const collisions: LayOut['collisions'][number][] = [];
  for (const each of different) {
    const taken = after.find((other) => other.roomId === each.block.roomId && overlaps(other, each.block));
    if (taken) collisions.push({ wanted: each.block, taken });
    else {
      after.push(each.block);
      fitting.push(each);
    }
  }
  const [blocksBefore, blocksAfter] = [blocks, after].map(
    (list) => new Map(list.map((each) => [each.id, each])),
  );
  const affected = cases.flatMap((item): AffectedCase[] => {
    const isOnList = losesPlace(item, blocksBefore ?? new Map(), blocksAfter ?? new Map());
    if (!isOnList && !standsWorse(item, blocks, after, now)) return [];
    const { id, number, roomId, start, end } = item;
    return [{ caseId: id, number, roomId, start, end, isOnList }];
  });
  return {
    created: fitting.filter(({ before }) => !before),
    changed: fitting.flatMap(({ before, ...block }) => (before ? [{ before, after: block }] : [])),
    removed,
    shifted: fitting.flatMap(({ isShifted, block }) => (isShifted ? [block.id] : [])),
    collisions,
    cases: affected,
  };
}

/** For a command: refuses blocks whose time is taken. */
export function withoutCollisions(layOut: LayOut, zone: string): LayOut {
  const [first] = layOut.collisions;
  if (!first) return layOut;
  const { start, end } = first.taken;
  throw collides(first.taken, rangeOf(start, end, zone), [first.taken]);
}

export const collides = ({ service }: Pick<Block, 'service'>, when: string, blocks: readonly Block[] = []) =>
  new Refusal(
    'in_use',
    `${service} has a block in this room ${when}. Choose another time, or change that block first.`,
    {
      blockers: blocks.map(({ roomId, start, end }) => ({
        kind: 'block',
        resourceId: roomId,
        start,
        end,
        reason: service,
      })),
    },
  );

/** A released block stays released, whatever the release rule says now. */
const releasedAtOf = (before: Block, after: Block, now: string) =>
  isReleased(before, now) && !isReleased(after, now)
    ? (before.releasedAt ?? before.releaseAt)
    : before.releasedAt;

const isSame = (block: Block, other: Block) =>
  (Object.keys(block) as (keyof Block)[]).every((field) => String(block[field]) === String(other[field]));

/** Deletes before it inserts: blocks may take the times that others of them give up. */
export async function writeLayOut(tx: Tx, siteId: string, { created, changed, removed }: LayOut) {
  const gone = [...removed, ...changed.map(({ before }) => before)].map(({ id }) => id);
  const added = [...created, ...changed.map(({ after }) => after)];
  const rows = added.map(({ block, templateId, date }) => ({ ...block, templateId, date }));
  await Promise.all([
    gone.length > 0 && run(tx, deleteBlocks.name, deleteBlocks.text, [siteId, gone]),
    added.length > 0 && run(tx, insertBlocks.name, insertBlocks.text, [siteId, JSON.stringify(rows)]),
  ]);
}

export const changesOf = ({ created, changed, removed }: LayOut): ChangeBody[] => [
  ...removed.map(({ id }) => ({ type: 'removed', of: 'block', id }) as const),
  ...changed.map(({ after }) => ({ type: 'block', block: after.block }) as const),
  ...created.map(({ block }) => ({ type: 'block', block }) as const),
];

export const countsOf = ({ created, changed, removed }: LayOut) => ({
  created: created.length,
  changed: changed.length,
  removed: removed.length,
});

export const effectOf = ({ created, changed, removed, shifted, cases }: LayOut): BlockEffect => ({
  created: created.map(({ block }) => block),
  changed: changed.map(({ before, after }) => ({ before, after: after.block })),
  removed: [...removed],
  shifted: [...shifted],
  cases: [...cases],
});

/** Lays out all templates of a site in another time zone. Nothing is planned then, so no case loses its block. */
export async function layOutInZone(tx: Tx, siteId: string, zone: string): Promise<ChangeBody[]> {
  const [, { now, templates, holidays }] = await Promise.all([
    run(tx, lockLayOut.name, lockLayOut.text, [siteId]),
    one(tx, templatesOf, [siteId]),
  ]);
  // Yesterday in one zone can be today in the other.
  const from = addDays(today(now, zone), -1);
  const scope = templates.map(({ template, until }) => ({
    id: template.id,
    rule: template,
    days: { from, until },
  }));
  const layOut = await planLayOut(tx, siteId, { templates: scope, holidays, zone, now });
  await writeLayOut(tx, siteId, withoutCollisions(layOut, zone));
  return changesOf(layOut);
}

/** Lays out the templates of every site as far ahead as its settings say. Returns how many blocks it made. */
export async function layOutBlocks(deps: CommandDeps, parking = createParking()): Promise<number> {
  let laid = 0;
  for (const { site_id: siteId } of await many(deps.pool, sitesToLayOut)) {
    const done = await parking.attempt(siteId, () => layOutAt(deps, siteId));
    laid += done?.created.length ?? 0;
    for (const { wanted, taken } of done?.collisions ?? []) {
      await parking.attempt(wanted.id, () => Promise.reject(new Error(collisionText(wanted, taken))));
    }
  }
  return laid;
}

const collisionText = (wanted: Block, taken: Block) =>
  `No block for ${wanted.service} in room ${wanted.roomId} at ${rangeOf(wanted.start, wanted.end, 'UTC')} UTC: ` +
  `the block of ${taken.service} has that time.`;

async function layOutAt({ pool, publish }: CommandDeps, siteId: string): Promise<LayOut> {
  const done = await transaction(pool, async (tx) => {
    const [, { now, templates, holidays }, { site }] = await Promise.all([
      run(tx, lockLayOut.name, lockLayOut.text, [siteId]),
      one(tx, templatesOf, [siteId]),
      one(tx, siteById, [siteId]),
    ]);
    const { timeZone: zone, settings } = site;
    const until = horizon(now, zone, settings);
    const first = today(now, zone);
    const layOut = await planLayOut(tx, siteId, {
      templates: templates
        .filter((each) => each.until < until)
        .map(({ template, until: laidUntil }) => ({
          id: template.id,
          rule: template,
          days: { from: laidUntil < first ? first : addDays(laidUntil, 1), until },
        })),
      holidays,
      zone,
      now,
    });
    await writeLayOut(tx, siteId, layOut);
    const saved = run(tx, setLaidUntil.name, setLaidUntil.text, [siteId, until]);
    const changes = changesOf(layOut);
    if (changes.length === 0) return { last: saved.then(() => layOut) };
    const result = {
      actor: null,
      key: null,
      cases: [],
      changes,
      action: 'layOutBlocks',
      detail: { until, blocks: countsOf(layOut) },
      reply: null,
    };
    const finished = one(tx, finishCommand, finishArguments(siteId, result));
    return { last: Promise.all([saved, finished]).then(() => layOut) };
  });
  if (done.created.length > 0) publish({ kind: 'site', siteId });
  return done;
}
