import { isPlaced } from '@slate/shared/cases';
import type { PlacedCase } from '@slate/shared/cases';
import { turnoverOf } from '@slate/shared/case-draft';
import type { ChangeProcedure, CreateProcedure } from '@slate/shared/contract/catalogue';
import type { Procedure } from '@slate/shared/resources';
import type { SiteSettings } from '@slate/shared/sites';
import { addMinutes } from '@slate/shared/time';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest, Context, InTheWay } from '../../commands/context.ts';
import { affects } from '../../commands/in-use.ts';
import { checkResources, resourceIdsOf, resourceOf } from '../../commands/placement.ts';
import { bookedCasesOf } from '../../db/cases.sql.ts';
import { Outdated } from '../../db/failures.ts';
import { insertProcedure, procedureById, proceduresOf, updateProcedure } from '../../db/procedures.sql.ts';
import { many, maybeOne } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { resourcesById } from '../../db/resources.sql.ts';
import type { Tx } from '../../db/transaction.ts';
import { checkVersionSeen, withChanges, idInUse } from '../../domain/edit.ts';
import { notFound, Refusal } from '../../domain/refusal.ts';
import { editCase } from '../cases/change-case.ts';
import { claimWhatFits, decideCases, needsOf, sentencesOf } from './decide-cases.ts';
import type { Choice, Displaced } from './decide-cases.ts';

/** All procedures of a site, including retired ones. */
export async function listProcedures(db: Queryable, siteId: string): Promise<Procedure[]> {
  const rows = await many(db, proceduresOf, [siteId]);
  return rows.map(({ procedure }) => procedure);
}

export const createProcedure = (deps: CommandDeps, request: CommandRequest, input: CreateProcedure) =>
  runCommand(
    deps,
    request,
    'procedure.manage',
    () => Promise.resolve(),
    async ({ tx }) => {
      const { siteId, key } = request;
      await checkNeeds(tx, siteId, input);
      const created = await maybeOne(tx, insertProcedure, [siteId, key, input]);
      if (!created) throw idInUse('procedure');
      const { procedure } = created;
      return {
        status: 201,
        body: { procedure },
        changes: [{ type: 'procedure', procedure }],
        detail: { procedure },
      };
    },
  );

/** The equipment, the bed and the rooms must be resources of this site of the right kind: every booking uses them. */
async function checkNeeds(
  tx: Tx,
  siteId: string,
  { equipment, bed, turnoverByRoom }: Pick<Procedure, 'equipment' | 'bed' | 'turnoverByRoom'>,
) {
  const needs = { equipment, bed };
  const rooms = turnoverByRoom.map(({ roomId }) => roomId);
  const rows = await many(tx, resourcesById, [siteId, [...resourceIdsOf(needs), ...rooms]]);
  const facts = { resources: rows.map(({ resource }) => resource), procedure: null };
  checkResources(facts, needs);
  for (const [index, roomId] of rooms.entries())
    resourceOf(facts, 'room', roomId, `turnoverByRoom.${index}.roomId`);
}

/**
 * Changes a procedure for future bookings. Booked cases keep what they were booked with, unless `decisions` carries the
 * change into them.
 */
export const changeProcedure = (
  deps: CommandDeps,
  request: CommandRequest,
  procedureId: string,
  { version, decisions, ...edits }: ChangeProcedure,
) =>
  runCommand(
    deps,
    request,
    'procedure.manage',
    (tx) => maybeOne(tx, procedureById, [request.siteId, procedureId]),
    async (context, found) => {
      if (!found) throw notFound('procedure');
      const { tx } = context;
      const before = found.procedure;
      checkVersionSeen(before.name, before.version, version);
      const after = withChanges(before, edits);
      await checkNeeds(tx, request.siteId, after);
      const changed = await maybeOne(tx, updateProcedure, [request.siteId, procedureId, after, version]);
      if (!changed) throw new Outdated(`procedure ${procedureId}`);
      const { procedure } = changed;
      const carried =
        decisions || request.preview ? await carryIntoCases(context, before, procedure, { decisions }) : null;
      return {
        status: 200,
        body: { procedure, decided: carried?.decided ?? [] },
        cases: carried?.cases ?? [],
        changes: [...(carried?.changes ?? []), { type: 'procedure', procedure }],
        detail: { procedure },
      };
    },
  );

/** Carries a changed procedure into its booked cases, as far as that was decided for each. */
async function carryIntoCases(
  context: Context,
  before: Procedure,
  after: Procedure,
  choice: Choice,
): Promise<Displaced> {
  const { tx, request, zone } = context;
  const booked = await many(tx, bookedCasesOf, [request.siteId, null, after.id]);
  const isNewNeed = after.capabilities.some((each) => !before.capabilities.includes(each));
  const affected = booked.flatMap(({ case: item }) => {
    if (!isPlaced(item)) return [];
    const carried = withNewDefaults(item, before, after, context.settings);
    return carried !== item || isNewNeed ? [{ before: item, after: carried }] : [];
  });
  const problems = request.preview ? await problemsOf(context, affected) : new Map<string, string>();
  const inTheWay = affected.map((each): InTheWay => ({
    case: each.before,
    why: 'procedure',
    canStay: true,
    carry: { after: each.after, problem: problems.get(each.before.id) ?? null },
  }));
  return decideCases(context, inTheWay, choice, {
    reason: `${after.name} was changed.`,
    refuse: (cases) =>
      affects(
        cases.map((each) => each.case),
        zone,
        `are booked as ${after.name} and differ from it now`,
      ),
  });
}

/** A value that was entered for the case itself stays: only what still equals the old default takes the new one. */
function withNewDefaults(
  item: PlacedCase,
  before: Procedure,
  after: Procedure,
  settings: SiteSettings,
): PlacedCase {
  // With a procedure, only the id of the room matters.
  const room = { id: item.roomId, attributes: {} };
  const [old, now] = [before, after].map((procedure) => ({
    ...procedure,
    ...turnoverOf(room, procedure, settings),
  })) as [Procedure, Procedure];
  const isDefault = (field: keyof ReturnType<typeof needsOf>) =>
    JSON.stringify(item[field]) === JSON.stringify(old[field]) &&
    JSON.stringify(old[field]) !== JSON.stringify(now[field]);
  const fields = Object.keys(needsOf(item)) as (keyof ReturnType<typeof needsOf>)[];
  const changed = fields.filter(isDefault);
  if (changed.length === 0) return item;
  const carried = { ...item, ...Object.fromEntries(changed.map((field) => [field, now[field]])) };
  return { ...carried, end: addMinutes(item.start, carried.minutes) };
}

type Affected = { before: PlacedCase; after: PlacedCase };

/** For a preview: what stops cases from taking the new values where they are, by the same rules and claims as the command. */
async function problemsOf(context: Context, affected: readonly Affected[]): Promise<Map<string, string>> {
  const problems = new Map<string, string>();
  const judged = await Promise.all(
    affected.map(async ({ before, after }) => {
      try {
        const edited = await editCase(context, before, { details: needsOf(after), placement: null });
        const [caution] = edited.judge?.(context.began) ?? [];
        if (!caution) return { before, after: { ...edited.after, version: before.version + 1 } };
        problems.set(before.id, caution.reason);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        problems.set(before.id, error.parts.errors?.[0]?.reason ?? error.message);
      }
      return null;
    }),
  );
  const unfit = await claimWhatFits(
    context,
    judged.filter((each) => each !== null),
  );
  for (const [caseId, sentence] of await sentencesOf(context, unfit)) problems.set(caseId, sentence);
  return problems;
}
