import { isPlaced } from '@slate/shared/cases';
import { firstCollision, plansOf } from '@slate/shared/block-templates';
import type { BlockRule, BlockTemplate, Holiday } from '@slate/shared/block-templates';
import type { ChangeBody } from '@slate/shared/changes';
import type {
  AffectedCase,
  BlockEdit,
  BlockEffect,
  ChangeBlockTemplate,
  ChangeHoliday,
  CreateBlockTemplate,
  CreateHoliday,
  Removal,
} from '@slate/shared/contract/blocks';
import { surgeonsOf } from '@slate/shared/sites';
import type { SiteSettings } from '@slate/shared/sites';
import { longestAhead } from '@slate/shared/rules';
import { addDays } from '@slate/shared/time';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest, Context, InTheWay } from '../../commands/context.ts';
import { affects } from '../../commands/in-use.ts';
import { resourceOf } from '../../commands/placement.ts';
import {
  deleteHoliday,
  deleteTemplate,
  insertHoliday,
  insertTemplate,
  lockLayOut,
  templatesOf,
  updateHoliday,
  updateTemplate,
} from '../../db/block-templates.sql.ts';
import type { StoredTemplates } from '../../db/block-templates.sql.ts';
import { casesById } from '../../db/cases.sql.ts';
import { Outdated } from '../../db/failures.ts';
import { many, maybeOne, one, run } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { resourcesById } from '../../db/resources.sql.ts';
import type { Tx } from '../../db/transaction.ts';
import { checkVersionSeen, idInUse, withChanges } from '../../domain/edit.ts';
import { notFound, Refusal } from '../../domain/refusal.ts';
import { decideCases } from './decide-cases.ts';
import type { Choice } from './decide-cases.ts';
import {
  changesOf,
  collides,
  countsOf,
  effectOf,
  horizon,
  planLayOut,
  today,
  withoutCollisions,
  writeLayOut,
} from './lay-out-blocks.ts';
import { readSettings } from './settings.ts';

export async function listBlockTemplates(db: Queryable, siteId: string) {
  const { templates, holidays } = await one(db, templatesOf, [siteId]);
  return { templates: templates.map(({ template }) => template), holidays };
}

type HolidayFields = Omit<Holiday, 'id' | 'version'>;
/** An edit with what it is about to change; `before` is null for something new, `after` for a removal. */
type Edit =
  | { kind: 'template'; id: string; before: BlockTemplate | null; after: BlockRule | null }
  | { kind: 'holiday'; id: string; before: Holiday | null; after: HolidayFields | null };
type Site = { zone: string; settings: SiteSettings };

/** The effect of an edit. It is refused as the command would be, except for the cases that must be named. */
export async function previewBlocks(db: Queryable, siteId: string, input: BlockEdit): Promise<BlockEffect> {
  const [{ timeZone: zone, settings }, stored] = await Promise.all([
    readSettings(db, siteId),
    one(db, templatesOf, [siteId]),
  ]);
  const layOut = await planEdit(db, siteId, { zone, settings }, stored, editOf(stored, input));
  return effectOf(layOut);
}

function editOf(stored: StoredTemplates, { kind, id, after }: BlockEdit): Edit {
  // An unused id for what does not exist yet.
  const newId = '00000000-0000-4000-8000-000000000000';
  const common = { id: id ?? newId };
  return kind === 'template'
    ? { kind, ...common, before: id === undefined ? null : templateIn(stored, id), after }
    : { kind, ...common, before: id === undefined ? null : holidayIn(stored, id), after };
}

function templateIn({ templates }: StoredTemplates, id: string): BlockTemplate {
  const found = templates.find(({ template }) => template.id === id);
  if (!found) throw notFound('block template');
  return found.template;
}
function holidayIn({ holidays }: StoredTemplates, id: string): Holiday {
  const found = holidays.find((each) => each.id === id);
  if (!found) throw notFound('holiday');
  return found;
}

/** The effect of an edit on the dated blocks. Throws if the edit is impossible. */
async function planEdit(db: Queryable, siteId: string, site: Site, stored: StoredTemplates, edit: Edit) {
  const { zone } = site;
  const { now, templates, holidays } = stored;
  const from = today(now, zone);
  if (edit.kind === 'template') {
    if (edit.after) {
      await checkResources(db, siteId, edit.before, edit.after);
      checkRules(stored, edit.id, edit.after, zone);
    }
    const until = laidUntilAfter(site, stored, edit.id);
    const scope = { templates: [{ id: edit.id, rule: edit.after, days: { from, until } }], holidays };
    return withoutCollisions(await planLayOut(db, siteId, { ...scope, zone, now }), zone);
  }
  const rest = holidays.filter(({ id }) => id !== edit.id);
  await checkRooms(db, siteId, edit.after?.roomIds ?? []);
  const layOut = await planLayOut(db, siteId, {
    templates: templates.map(({ template, until }) => ({
      id: template.id,
      rule: template,
      days: { from, until },
    })),
    holidays: edit.after ? [...rest, edit.after] : rest,
    dates: [edit.before, edit.after].flatMap((each) => each?.date ?? []),
    zone,
    now,
  });
  return withoutCollisions(layOut, zone);
}

function laidUntilAfter({ zone, settings }: Site, { now, templates }: StoredTemplates, id: string): string {
  const before = templates.find(({ template }) => template.id === id)?.until ?? '';
  const until = horizon(now, zone, settings);
  return before > until ? before : until;
}

const plansWithFields = ({ plan, exceptions }: BlockRule) => [
  { plan, field: 'plan' },
  ...exceptions.flatMap((each, index) =>
    each.plan ? [{ plan: each.plan, field: `exceptions.${index}.plan` }] : [],
  ),
];

async function checkResources(db: Queryable, siteId: string, before: BlockTemplate | null, after: BlockRule) {
  const plans = plansWithFields(after);
  const ids = plans
    .flatMap(({ plan }) => [plan.roomId, ...surgeonsOf(plan), plan.listId])
    .filter((id) => id !== null);
  const resources = (await many(db, resourcesById, [siteId, ids])).map(({ resource }) => resource);
  for (const { plan, field } of plans) {
    resourceOf({ resources }, 'room', plan.roomId, `${field}.roomId`);
    for (const id of surgeonsOf(plan)) resourceOf({ resources }, 'surgeon', id, `${field}.surgeonId`);
    resourceOf({ resources }, 'list', plan.listId, `${field}.listId`);
  }
  const room = resources.find(({ id }) => id === after.plan.roomId);
  if (room?.active === false && before?.plan.roomId !== room.id) {
    throw new Refusal('resource_inactive', `${room.name} is retired. Bring it back, or choose another room.`);
  }
}

async function checkRooms(db: Queryable, siteId: string, roomIds: readonly string[]) {
  const resources = (await many(db, resourcesById, [siteId, roomIds])).map(({ resource }) => resource);
  for (const [index, id] of roomIds.entries()) resourceOf({ resources }, 'room', id, `roomIds.${index}`);
}

/**
 * Refuses a rule that another template of the room contradicts on any day that can be planned. Holidays do not count:
 * they may be removed later.
 */
function checkRules({ now, templates }: StoredTemplates, id: string, rule: BlockRule, zone: string) {
  const from = today(now, zone);
  const days = { from, until: addDays(from, longestAhead) };
  const plans = plansOf(rule, [], days);
  for (const { template } of templates) {
    if (template.id === id) continue;
    const found = firstCollision(plans, plansOf(template, [], days));
    if (found) throw collides(found.plan, `on ${found.date} from ${found.plan.start} to ${found.plan.end}`);
  }
}

/**
 * Planned cases never lose their block silently: each one stays, moves or goes as the caller decided. The blocks are
 * written first, because moved cases are judged by them.
 */
async function decideAffected(context: Context, affected: readonly AffectedCase[], choice: Choice) {
  const { tx, request, zone } = context;
  const found =
    affected.length > 0
      ? await many(tx, casesById, [request.siteId, affected.map(({ caseId }) => caseId)])
      : [];
  const onList = new Set(affected.flatMap(({ caseId, isOnList }) => (isOnList ? caseId : [])));
  const inTheWay = found.flatMap(({ case: item }): InTheWay[] => {
    if (!isPlaced(item)) return [];
    return [{ case: item, why: onList.has(item.id) ? 'list' : 'block', canStay: !onList.has(item.id) }];
  });
  // An older console can only leave cases. Those on a list cannot stay.
  const leave = choice.leave?.filter((caseId) => !onList.has(caseId)) ?? [];
  const known = leave.filter((caseId) => inTheWay.some((each) => each.case.id === caseId));
  return decideCases(
    context,
    inTheWay,
    { ...choice, leave: known },
    {
      reason: 'The block was changed.',
      refuse: (cases) => {
        const lists = cases.filter(({ why }) => why === 'list').map((each) => each.case);
        return lists.length > 0
          ? affects(lists, zone, 'have places on a list that would change', 'Move them off the list first.')
          : affects(
              cases.map((each) => each.case),
              zone,
              'would no longer be in their block',
              'Move them first, or say that they stay where they are.',
            );
      },
    },
  );
}

type Saved = { status: number; body: Record<string, unknown>; change: ChangeBody };

async function store(tx: Tx, siteId: string, edit: Edit, laidUntil: string): Promise<Saved> {
  const { kind, id, before, after } = edit;
  const status = before ? 200 : 201;
  if (!after) {
    const { name, text } = kind === 'template' ? deleteTemplate : deleteHoliday;
    await run(tx, name, text, [siteId, id]);
    const of = kind === 'template' ? 'block_template' : 'holiday';
    return { status, body: { id }, change: { type: 'removed', of, id } };
  }
  if (kind === 'template') {
    const { plan, recurrence, exceptions } = after;
    const values = [siteId, id, plan, recurrence, JSON.stringify(exceptions), laidUntil];
    const saved = await maybeOne(tx, before ? updateTemplate : insertTemplate, values);
    if (!saved) throw idInUse('block template');
    const { template } = saved;
    return { status, body: { template }, change: { type: 'block_template', template } };
  }
  const { date, name, roomIds } = after;
  const saved = await maybeOne(tx, before ? updateHoliday : insertHoliday, [siteId, id, date, name, roomIds]);
  if (!saved) throw idInUse('holiday');
  const { holiday } = saved;
  return { status, body: { holiday }, change: { type: 'holiday', holiday } };
}

/** Saves an edit and lays out its blocks in one transaction. */
const saveEdit = (
  deps: CommandDeps,
  request: CommandRequest,
  choice: Choice,
  toEdit: (stored: StoredTemplates) => Edit,
) =>
  runCommand(
    deps,
    request,
    'block.manage',
    () => Promise.resolve(),
    async (context) => {
      const { tx } = context;
      const { siteId } = request;
      const [, stored] = await Promise.all([
        run(tx, lockLayOut.name, lockLayOut.text, [siteId]),
        one(tx, templatesOf, [siteId]),
      ]);
      const edit = toEdit(stored);
      const layOut = await planEdit(tx, siteId, context, stored, edit);
      const { status, body, change } = await store(
        tx,
        siteId,
        edit,
        laidUntilAfter(context, stored, edit.id),
      );
      await writeLayOut(tx, siteId, layOut);
      const { cases, changes, decided } = await decideAffected(context, layOut.cases, choice);
      return {
        status,
        body: { ...body, decided },
        cases,
        changes: [...changes, ...changesOf(layOut), change],
        detail: { ...body, blocks: countsOf(layOut), affected: layOut.cases.map(({ caseId }) => caseId) },
      };
    },
  );

/**
 * Plans templates of an import one after the other, each with those before it, and writes them. Throws a refusal if a
 * template is impossible or if a planned case would lose its block.
 */
export async function importedTemplates(db: Queryable, siteId: string) {
  const [{ timeZone: zone, settings }, initial] = await Promise.all([
    readSettings(db, siteId),
    one(db, templatesOf, [siteId]),
  ]);
  const site = { zone, settings };
  let stored = initial;

  async function plan(after: BlockTemplate) {
    const before = stored.templates.find(({ template }) => template.id === after.id)?.template ?? null;
    const edit: Edit = { kind: 'template', id: after.id, before, after };
    const until = laidUntilAfter(site, stored, after.id);
    const layOut = await planEdit(db, siteId, site, stored, edit);
    if (layOut.cases.length > 0) {
      const numbers = layOut.cases.slice(0, 5).map(({ number }) => number);
      throw new Refusal(
        'in_use',
        `Cases would no longer be in their block: ${numbers.join(', ')}${layOut.cases.length > 5 ? ', …' : ''}. ` +
          'Do it under Blocks, which shows the cases in the way.',
      );
    }
    const others = stored.templates.filter(({ template }) => template.id !== after.id);
    stored = { ...stored, templates: [...others, { template: after, until }] };
    return { edit, layOut, until };
  }

  return {
    templates: initial.templates.map(({ template }) => template),
    plan,
    async write(tx: Tx, after: BlockTemplate): Promise<ChangeBody[]> {
      const { edit, layOut, until } = await plan(after);
      if (after.version !== (edit.before?.version ?? 0) + 1) throw new Outdated('block template');
      const { change } = await store(tx, siteId, edit, until);
      await writeLayOut(tx, siteId, layOut);
      return [...changesOf(layOut), change];
    },
  };
}

export const createBlockTemplate = (
  deps: CommandDeps,
  request: CommandRequest,
  { leave, decisions, ...after }: CreateBlockTemplate,
) =>
  saveEdit(deps, request, { leave, decisions }, () => ({
    kind: 'template',
    id: request.key,
    before: null,
    after,
  }));

export const changeBlockTemplate = (
  deps: CommandDeps,
  request: CommandRequest,
  id: string,
  { version, leave, decisions, ...edits }: ChangeBlockTemplate,
) =>
  saveEdit(deps, request, { leave, decisions }, (stored) => {
    const before = templateIn(stored, id);
    checkVersionSeen('This block template', before.version, version);
    return { kind: 'template', id, before, after: withChanges<BlockRule>(before, edits) };
  });

export const removeBlockTemplate = (
  deps: CommandDeps,
  request: CommandRequest,
  id: string,
  { version, leave, decisions }: Removal,
) =>
  saveEdit(deps, request, { leave, decisions }, (stored) => {
    const before = templateIn(stored, id);
    checkVersionSeen('This block template', before.version, version);
    return { kind: 'template', id, before, after: null };
  });

export const createHoliday = (
  deps: CommandDeps,
  request: CommandRequest,
  { leave, decisions, ...after }: CreateHoliday,
) =>
  saveEdit(deps, request, { leave, decisions }, () => ({
    kind: 'holiday',
    id: request.key,
    before: null,
    after,
  }));

export const changeHoliday = (
  deps: CommandDeps,
  request: CommandRequest,
  id: string,
  { version, leave, decisions, ...edits }: ChangeHoliday,
) =>
  saveEdit(deps, request, { leave, decisions }, (stored) => {
    const before = holidayIn(stored, id);
    checkVersionSeen(before.name, before.version, version);
    return { kind: 'holiday', id, before, after: withChanges<HolidayFields>(before, edits) };
  });

export const removeHoliday = (
  deps: CommandDeps,
  request: CommandRequest,
  id: string,
  { version, leave, decisions }: Removal,
) =>
  saveEdit(deps, request, { leave, decisions }, (stored) => {
    const before = holidayIn(stored, id);
    checkVersionSeen(before.name, before.version, version);
    return { kind: 'holiday', id, before, after: null };
  });
