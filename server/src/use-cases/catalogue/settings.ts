import type { ChangeSettings } from '@slate/shared/contract/catalogue';
import type { Site } from '@slate/shared/sites';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest, Context } from '../../commands/context.ts';
import { inUse } from '../../commands/in-use.ts';
import { Outdated } from '../../db/failures.ts';
import { many, maybeOne, one, run } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { claimedFromNowOn } from '../../db/resources.sql.ts';
import { knowsZone, siteById, updateSite, waitForCommands } from '../../db/sites.sql.ts';
import { checkSeen, edited } from '../../domain/edit.ts';
import { invalid, notFound } from '../../domain/refusal.ts';

/** Name, time zone and settings of a site. */
export async function readSettings(db: Queryable, siteId: string): Promise<Site> {
  const found = await maybeOne(db, siteById, [siteId]);
  if (!found) throw notFound('site');
  return found.site;
}

/** Changes the name, the time zone or the settings of a site. */
export const changeSettings = (
  deps: CommandDeps,
  request: CommandRequest,
  { version, name, timeZone, ...said }: ChangeSettings,
) =>
  runCommand(
    deps,
    request,
    'settings.manage',
    (tx) => maybeOne(tx, siteById, [request.siteId]),
    async (context, found) => {
      if (!found) throw notFound('site');
      const before = found.site;
      checkSeen(before.name, before.version, version);
      const after = { ...edited(before, { name, timeZone }), settings: edited(before.settings, said) };
      checkHoldLimit(after);
      if (after.timeZone !== before.timeZone) {
        await checkZone(context, after.timeZone);
        await checkNothingPlanned(context, after.timeZone);
      }

      // The site's row comes last of all: from here on nothing is locked any more.
      const changed = await maybeOne(context.tx, updateSite, [
        request.siteId,
        after.name,
        after.timeZone,
        after.settings,
        version,
      ]);
      if (!changed) throw new Outdated('site');
      const { site } = changed;
      return { status: 200, body: { site }, changes: [{ type: 'site', site }], detail: { site } };
    },
  );

function checkHoldLimit({ settings }: Site) {
  const { holdSeconds, holdLimitSeconds } = settings;
  if (holdLimitSeconds >= holdSeconds) return;
  throw invalid('holdLimitSeconds', `Must be at least the ${holdSeconds} seconds that a hold lasts.`);
}

/** The database reckons with the zone as well: one that only we know would fail every search for an opening. */
async function checkZone({ tx }: Context, zone: string) {
  const { known } = await one(tx, knowsZone, [zone]);
  if (!known) throw invalid('timeZone', `The database doesn’t know ${zone}. Choose another time zone name.`);
}

/** Nights and hours are told by the clock of the site: with another one, what is planned would shift. */
async function checkNothingPlanned({ tx, request, zone }: Context, to: string) {
  const look = async () => {
    const planned = await many(tx, claimedFromNowOn, [request.siteId]);
    if (planned.length === 0) return;
    const refused = `The time zone can’t be changed to ${to} while anything is planned`;
    throw inUse(refused, planned, zone, planned[0]?.total);
  };
  await look();
  // Only who would go through with it keeps others waiting, and then looks at what they had under way.
  await run(tx, waitForCommands.name, waitForCommands.text);
  await look();
}
