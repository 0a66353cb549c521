import type { ChangeBody } from '@slate/shared/changes';
import type { ChangeReasons, ChangeSettings } from '@slate/shared/contract/catalogue';
import { isSameCode } from '@slate/shared/reasons';
import type { Site } from '@slate/shared/sites';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest, Context } from '../../commands/context.ts';
import { inUse } from '../../commands/in-use.ts';
import { Outdated } from '../../db/failures.ts';
import { many, maybeOne, one, run } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { claimedFromNowOn } from '../../db/resources.sql.ts';
import { knowsZone, siteById, updateReasons, updateSite, waitForCommands } from '../../db/sites.sql.ts';
import { checkVersionSeen, withChanges } from '../../domain/edit.ts';
import { invalid, notFound } from '../../domain/refusal.ts';
import { layOutInZone } from './lay-out-blocks.ts';

export async function readSettings(db: Queryable, siteId: string): Promise<Site> {
  const found = await maybeOne(db, siteById, [siteId]);
  if (!found) throw notFound('site');
  return found.site;
}

export const changeSettings = (
  deps: CommandDeps,
  request: CommandRequest,
  { version, name, timeZone, ...edits }: ChangeSettings,
) =>
  runCommand(
    deps,
    request,
    'settings.manage',
    (tx) => maybeOne(tx, siteById, [request.siteId]),
    async (context, found) => {
      if (!found) throw notFound('site');
      const before = found.site;
      checkVersionSeen(before.name, before.version, version);
      const after = {
        ...withChanges(before, { name, timeZone }),
        settings: withChanges(before.settings, edits),
      };
      checkHoldLimit(after);
      let blocks: ChangeBody[] = [];
      if (after.timeZone !== before.timeZone) {
        await checkZone(context, after.timeZone);
        await checkNothingPlanned(context, after.timeZone);
        blocks = await layOutInZone(context.tx, request.siteId, after.timeZone);
      }

      // Update the site's row last: nothing may be locked after it.
      const changed = await maybeOne(context.tx, updateSite, [
        request.siteId,
        after.name,
        after.timeZone,
        after.settings,
        version,
      ]);
      if (!changed) throw new Outdated('site');
      const { site } = changed;
      return { status: 200, body: { site }, changes: [...blocks, { type: 'site', site }], detail: { site } };
    },
  );

/** Replaces the lists of reasons. A code stays forever, because cases and figures refer to it. */
export const changeReasons = (
  deps: CommandDeps,
  request: CommandRequest,
  { version, reasons }: ChangeReasons,
) =>
  runCommand(
    deps,
    request,
    'reason.manage',
    (tx) => maybeOne(tx, siteById, [request.siteId]),
    async ({ tx }, found) => {
      if (!found) throw notFound('site');
      const { site: before } = found;
      checkVersionSeen(before.name, before.version, version);
      const missing = before.reasons.find((each) => !reasons.some(isSameCode(each)));
      if (missing)
        throw invalid('reasons', `“${missing.text}” can’t be removed, because cases may have it. Retire it.`);
      const changed = await maybeOne(tx, updateReasons, [request.siteId, JSON.stringify(reasons), version]);
      if (!changed) throw new Outdated('site');
      const { site } = changed;
      return { status: 200, body: { site }, changes: [{ type: 'site', site }], detail: { reasons } };
    },
  );

function checkHoldLimit({ settings }: Site) {
  const { holdSeconds, holdLimitSeconds } = settings;
  if (holdLimitSeconds >= holdSeconds) return;
  throw invalid('holdLimitSeconds', `Must be at least the ${holdSeconds} seconds that a hold lasts.`);
}

/** The database calculates with the zone too: one it does not know would make every search fail. */
async function checkZone({ tx }: Context, zone: string) {
  const { known } = await one(tx, knowsZone, [zone]);
  if (!known) throw invalid('timeZone', `The database doesn’t know ${zone}. Choose another time zone name.`);
}

/** Nights and opening hours are local times: in another zone, existing plans would shift. */
async function checkNothingPlanned({ tx, request, zone }: Context, to: string) {
  const refuseIfPlanned = async () => {
    const planned = await many(tx, claimedFromNowOn, [request.siteId]);
    if (planned.length === 0) return;
    const subject = `The time zone can’t be changed to ${to} while anything is planned`;
    throw inUse(subject, planned, zone, planned[0]?.total);
  };
  await refuseIfPlanned();
  // Check first without waiting for other commands, and again after they have finished.
  await run(tx, waitForCommands.name, waitForCommands.text);
  await refuseIfPlanned();
}
