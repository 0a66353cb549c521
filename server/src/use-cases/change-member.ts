import type { ChangeMember, Member } from '@slate/shared/administration';
import { Outdated } from '../db/failures.ts';
import { endSessionsOf } from '../db/identity.sql.ts';
import {
  lockAdministrators,
  lockPerson,
  notSurgeons,
  orphanedSites,
  personAtSite,
  removeMembership,
  saveMembership,
  saveStatus,
} from '../db/members.sql.ts';
import { many, maybeOne, run } from '../db/query.ts';
import { invalid, notFound, Refusal } from '../domain/refusal.ts';
import { runCommand } from './command.ts';
import type { CommandDeps, CommandReply, CommandRequest, Context } from './command.ts';

/** Approves, disables or enables a person, or changes what the person may do at this site. */
export const changeMember = (
  deps: CommandDeps,
  request: CommandRequest,
  userId: string,
  asked: ChangeMember,
): Promise<CommandReply> =>
  runCommand(
    deps,
    request,
    'user.manage',
    () => Promise.resolve(),
    async (context) => {
      const found = await lockMember(context, userId);
      const { before, administered } = found;
      checkSeen(before, asked.version);
      const after = memberAfter(before, asked);
      if (after.status !== before.status) checkDecides(found);
      await checkSurgeons(context, asked.surgeonIds ?? []);
      await save(context, before, after);
      await checkAdministrators(context, before, administered);
      return {
        status: 200,
        body: { user: after },
        changes: [],
        detail: { user: userId, before: standingOf(before), after: standingOf(after) },
        tell: [{ kind: 'user', userId }],
      };
    },
  );

/** The person, whom nobody else can change until the end; and who administers what, likewise. */
export async function lockMember({ tx, request }: Context, userId: string) {
  const { siteId } = request;
  const [, administrators, person] = await Promise.all([
    run(tx, lockPerson.name, lockPerson.text, [userId]),
    many(tx, lockAdministrators, [siteId, userId]),
    maybeOne(tx, personAtSite, [siteId, userId, request.userId]),
  ]);
  const sitesOf = (id: string) =>
    administrators.filter((each) => each.user_id === id).map((each) => each.site_id);
  const administers = new Set(sitesOf(request.userId));
  if (!person) throw notFound('person');
  // Dismissed while waiting for the lock: begun anew, the caller is told so.
  if (!administers.has(siteId) || !person.caller_active)
    throw new Outdated('The caller administers the site no longer');
  // Of people at sites of others one does not even learn that they exist.
  const isKnown =
    person.member.role !== null ||
    person.elsewhere.length === 0 ||
    person.elsewhere.some((site) => administers.has(site));
  if (!isKnown) throw notFound('person');
  const { member: before, elsewhere } = person;
  return { before, elsewhere, administers, administered: sitesOf(userId) };
}

function memberAfter(before: Member, asked: ChangeMember): Member {
  const role = asked.role === undefined ? before.role : asked.role;
  const status = asked.status ?? before.status;
  const surgeonIds = role === null ? [] : [...new Set(asked.surgeonIds ?? before.surgeonIds)];
  if (role === null && asked.surgeonIds?.length) {
    throw invalid('surgeonIds', `${before.name} has no role at this site. Give a role as well.`);
  }
  if (status === 'pending' && role !== null && asked.role !== undefined) {
    throw invalid('status', `${before.name} waits for approval. Set the status to active as well.`);
  }
  if (before.status === 'pending' && status === 'active' && role === null) {
    throw invalid('role', `Say which role ${before.name} is to have at this site.`);
  }
  return { ...before, role, status, surgeonIds, version: before.version + 1 };
}

export function checkSeen({ name, version }: Member, seen: number) {
  if (version === seen) return;
  throw new Refusal(
    'stale_version',
    `${name} was changed in the meantime (now version ${version}). Look at it again before you go on.`,
  );
}

/** What concerns the account concerns all sites of the person. */
export function checkDecides({ before, elsewhere, administers }: Awaited<ReturnType<typeof lockMember>>) {
  if (elsewhere.every((site) => administers.has(site))) return;
  throw new Refusal(
    'forbidden',
    `${before.name} also works at a site that you do not administer, so you cannot decide this for both. ` +
      'You can take the person off this site.',
  );
}

async function checkSurgeons({ tx, request }: Context, surgeonIds: string[]) {
  if (surgeonIds.length === 0) return;
  const unknown = await many(tx, notSurgeons, [request.siteId, surgeonIds]);
  if (unknown.length === 0) return;
  throw invalid(
    'surgeonIds',
    `There is no such surgeon at this site: ${unknown.map(({ id }) => id).join(', ')}.`,
  );
}

const save = ({ tx, request: { siteId } }: Context, before: Member, after: Member) =>
  Promise.all([
    run(tx, saveStatus.name, saveStatus.text, [after.id, after.status]),
    after.role === null
      ? run(tx, removeMembership.name, removeMembership.text, [siteId, after.id])
      : run(tx, saveMembership.name, saveMembership.text, [siteId, after.id, after.role, after.surgeonIds]),
    after.status === 'disabled' && before.status !== 'disabled'
      ? run(tx, endSessionsOf.name, endSessionsOf.text, [after.id, 'disabled'])
      : undefined,
  ]);

/** Looked at afterwards, under the locks: whichever way it came about, no site may be left to nobody. */
async function checkAdministrators({ tx }: Context, before: Member, administered: string[]) {
  if (before.status !== 'active' || administered.length === 0) return;
  const orphaned = await many(tx, orphanedSites, [administered]);
  if (orphaned.length === 0) return;
  throw new Refusal(
    'in_use',
    `${before.name} is the last active administrator of the site. Make somebody else one first.`,
  );
}

const standingOf = ({ status, role, surgeonIds }: Member) => ({ status, role, surgeonIds });
