import { randomUUID } from 'node:crypto';
import type { SiteCounts } from '@slate/shared/contract/site-documents';
import type { Actor } from '@slate/shared/fields';
import { siteDocumentLists } from '@slate/shared/site-document';
import type { SiteDocument } from '@slate/shared/site-document';
import { localDateOf } from '@slate/shared/time';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandReply, CommandRequest, Context } from '../../commands/context.ts';
import { lockLayOut } from '../../db/block-templates.sql.ts';
import { Outdated } from '../../db/failures.ts';
import { many, one, run } from '../../db/query.ts';
import {
  knownAccounts,
  siteContents,
  startAnew,
  writeAccounts,
  writeMemberships,
} from '../../db/site-document.sql.ts';
import { knowsZone, siteById, updateReasons, updateSite, waitForCommands } from '../../db/sites.sql.ts';
import { invalid, Refusal } from '../../domain/refusal.ts';
import { demoDocument } from '../../seed/demo-document.ts';
import { demoHospital } from '../../seed/demo-hospital.ts';
import { writeSite } from './write-site.ts';

/**
 * Imports a site into an empty one, all or nothing. Ids and numbers stay as they are, so the site is the same as the exported
 * one, except for its own id.
 */
export const importSite = (
  deps: CommandDeps,
  request: CommandRequest,
  makeDocument: (context: Context) => SiteDocument,
): Promise<CommandReply> =>
  runCommand(
    deps,
    request,
    'site.import',
    () => Promise.resolve(),
    async (context) => {
      const { tx, actor, began } = context;
      const { siteId } = request;
      // Also keeps a second import and the job that lays out blocks away until the commit.
      await run(tx, lockLayOut.name, lockLayOut.text, [siteId]);
      await checkEmpty(context);
      const document = makeDocument(context);
      const { name, timeZone, settings, reasons } = document.site;
      const { known } = await one(tx, knowsZone, [timeZone]);
      if (!known) throw invalid('site.timeZone', `The database doesn’t know ${timeZone}.`);
      const { newIds, leftOut } = await writePeople(context, document.people);
      await writeSite(tx, siteId, withNewIds(document, newIds), { by: actor, now: began });

      // Earlier commands of others have committed now, and may have added something.
      await run(tx, waitForCommands.name, waitForCommands.text);
      const { items } = await one(tx, siteContents, [siteId]);
      if (items !== itemsIn(document)) throw new Outdated('site');
      const last = Math.max(0, ...document.cases.map(({ number }) => number));
      await run(tx, startAnew.name, startAnew.text, [siteId, last]);
      const { site: found } = await one(tx, siteById, [siteId]);
      const { site: before } =
        reasons.length > 0
          ? await one(tx, updateReasons, [siteId, JSON.stringify(reasons), found.version])
          : { site: found };
      const { site } = await one(tx, updateSite, [siteId, name, timeZone, settings, before.version]);
      const imported: SiteCounts = {
        resources: document.resources.length,
        procedures: document.procedures.length,
        blocks: document.blocks.length,
        closures: document.closures.length,
        people: document.people.length - leftOut.length,
        cases: document.cases.length,
      };
      return {
        status: 200,
        body: { site, imported, leftOut },
        changes: [{ type: 'site', site }],
        detail: { imported, leftOut: leftOut.length, exportedAt: document.exportedAt },
      };
    },
  );

/** Fills an empty site with the demo hospital, around today in the time zone of the site. */
export const loadDemo = (deps: CommandDeps, request: CommandRequest) =>
  importSite(deps, request, ({ began: now, zone }) =>
    demoDocument(demoHospital({ today: localDateOf(now, zone), now, zone }), now),
  );

const itemsIn = (document: SiteDocument) =>
  siteDocumentLists.reduce((sum, name) => sum + (name === 'people' ? 0 : document[name].length), 0);

async function checkEmpty({ tx, request }: Context) {
  const { items } = await one(tx, siteContents, [request.siteId]);
  if (items === 0) return;
  throw new Refusal(
    'in_use',
    'This site is not empty, so nothing was imported. An import needs a site without rooms, procedures, blocks and cases.',
  );
}

/**
 * Makes the people of the file members of the site. People who already have an account here keep it with its password and
 * role. People of another site are left out, because this administrator may not see them.
 */
async function writePeople({ tx, request }: Context, people: SiteDocument['people']) {
  const known = await many(tx, knownAccounts, [
    request.siteId,
    people.map(({ email }) => email),
    people.map(({ id }) => id),
  ]);
  const byEmail = new Map(known.map((each) => [each.email, each]));
  const taken = new Set(known.map(({ id }) => id));
  const joining = people.filter(({ email }) => !byEmail.get(email)?.isElsewhere);
  const newIds = new Map(
    joining.map(({ id, email }) => [id, byEmail.get(email)?.id ?? (taken.has(id) ? randomUUID() : id)]),
  );
  const members = joining.map((person) => ({ ...person, id: newIds.get(person.id) }));
  const accounts = members.filter(({ email }) => !byEmail.has(email));
  await run(tx, writeAccounts.name, writeAccounts.text, [JSON.stringify(accounts)]);
  await run(tx, writeMemberships.name, writeMemberships.text, [request.siteId, JSON.stringify(members)]);
  return { newIds, leftOut: people.flatMap((each) => (joining.includes(each) ? [] : each.email)) };
}

/** The records with the ids that their people have here. */
function withNewIds(document: SiteDocument, newIds: ReadonlyMap<string, string>): SiteDocument {
  const idOf = (id: string) => newIds.get(id) ?? id;
  const actorOf = (actor: Actor): Actor => ({ ...actor, id: idOf(actor.id) });
  const created = <Item extends { createdBy: Actor }>(item: Item): Item => ({
    ...item,
    createdBy: actorOf(item.createdBy),
  });
  return {
    ...document,
    externalIds: document.externalIds.flatMap((each) => {
      if (each.list !== 'people') return each;
      const recordId = newIds.get(each.recordId);
      return recordId === undefined ? [] : { ...each, recordId };
    }),
    recurringClosures: document.recurringClosures.map(created),
    closures: document.closures.map(created),
    cases: document.cases.map((item) => ({
      ...item,
      createdBy: idOf(item.createdBy),
      holder: item.holder && actorOf(item.holder),
      bumped: item.bumped && { ...item.bumped, by: actorOf(item.bumped.by) },
    })),
  };
}
