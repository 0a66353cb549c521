import type { RouteInput } from '@slate/shared/contract';
import type { Member } from '@slate/shared/contract/people';
import { id } from '@slate/shared/fields';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandReply, CommandRequest, Context } from '../../commands/context.ts';
import { Outdated } from '../../db/failures.ts';
import { lockAdministrators, lockPerson, membersPage, personAtSite } from '../../db/members.sql.ts';
import type { Person } from '../../db/members.sql.ts';
import { many, maybeOne, run } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import type { Notification } from '../../db/wake-ups.ts';
import { checkVersionSeen } from '../../domain/edit.ts';
import { Refusal, invalid, notFound } from '../../domain/refusal.ts';

/**
 * Lists people by name, in pages. The cursor is the id of the last one, so that pages have no gaps when others come and
 * go.
 */
export async function listMembers(
  db: Queryable,
  siteId: string,
  { status, limit, cursor }: RouteInput<'users'>['query'],
): Promise<{ users: Member[]; next: string | null }> {
  const after = id.optional().safeParse(cursor);
  if (!after.success) throw invalid('cursor', 'Isn’t a valid cursor. Start again without it.');
  // One more row shows whether there is a next page.
  const found = await many(db, membersPage, [siteId, status ?? null, after.data ?? null, limit + 1]);
  const users = found.slice(0, limit);
  return { users, next: found.length > limit ? (users.at(-1)?.id ?? null) : null };
}

/** Reads a person whom the caller may know. */
export const readMember = async (db: Queryable, siteId: string, userId: string, callerId: string) =>
  known(await maybeOne(db, personAtSite, [siteId, userId, callerId]));

type LockedMember = Awaited<ReturnType<typeof lockMember>>;
type MemberChange = { after: Member; body: Record<string, unknown>; detail?: object };

/** Changes one person at the version that the caller saw, with the person locked, and notifies their consoles. */
export const runOnMember = (
  deps: CommandDeps,
  request: CommandRequest,
  target: { userId: string; version: number },
  act: (context: Context, found: LockedMember) => Promise<MemberChange>,
): Promise<CommandReply> =>
  runCommand(
    deps,
    request,
    'user.manage',
    () => Promise.resolve(),
    async (context) => {
      const { userId, version } = target;
      const found = await lockMember(context, userId);
      checkVersionSeen(found.before.name, found.before.version, version);
      const { after, body, detail } = await act(context, found);
      return {
        status: 200,
        body: { user: { ...after, version: version + 1 }, ...body },
        changes: [],
        detail: { user: userId, ...detail },
        notifications: notificationsOf(request.siteId, found),
      };
    },
  );

/** For the consoles of the person, and for the administrators who have the person on their list. */
export const notificationsOf = (siteId: string, { member, elsewhere }: Person): Notification[] => [
  { kind: 'user', userId: member.id },
  ...[siteId, ...elsewhere].map((site) => ({ kind: 'people', siteId: site }) as const),
  // Without a role anywhere, the person is on the list of every site.
  ...(member.role === null && elsewhere.length === 0 ? [{ kind: 'people', siteId: null } as const] : []),
];

/** Locks the person, and the administrators of the sites concerned. */
export async function lockMember({ tx, request }: Context, userId: string) {
  const { siteId } = request;
  const [, administrators, person] = await Promise.all([
    run(tx, lockPerson.name, lockPerson.text, [userId]),
    many(tx, lockAdministrators, [siteId, userId]),
    maybeOne(tx, personAtSite, [siteId, userId, request.userId]),
  ]);
  const found = known(person);
  // The caller lost the role while waiting for the lock: retrying refuses the command.
  if (!found.administers.includes(siteId) || !found.caller_active)
    throw new Outdated('The caller no longer administers the site');
  const administered = administrators.filter((each) => each.user_id === userId).map((each) => each.site_id);
  return { ...found, before: found.member, administered };
}

/** To the caller, people who are only at other sites do not exist. */
function known(person: Person | undefined): Person {
  if (!person) throw notFound('person');
  const { member, elsewhere, administers } = person;
  const isKnown =
    member.role !== null || elsewhere.length === 0 || elsewhere.some((site) => administers.includes(site));
  if (!isKnown) throw notFound('person');
  return person;
}

/** Requires an administrator of all the person's sites, because a change of the account affects all of them. */
export function checkAdministersAllSites({ member, elsewhere, administers }: Person) {
  if (elsewhere.every((site) => administers.includes(site))) return;
  throw new Refusal(
    'forbidden',
    `${member.name} also works at a site you don’t administer, so you can’t change this for both. ` +
      'You can remove the person from this site.',
  );
}
