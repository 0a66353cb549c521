import type { RouteInput } from '@slate/shared/contract';
import type { Member } from '@slate/shared/contract/people';
import { id } from '@slate/shared/fields';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandReply, CommandRequest, Context } from '../../commands/context.ts';
import { Outdated } from '../../db/failures.ts';
import { lockAdministrators, lockPerson, membersPage, personAtSite } from '../../db/members.sql.ts';
import { many, maybeOne, run } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { checkSeen } from '../../domain/edit.ts';
import { Refusal, invalid, notFound } from '../../domain/refusal.ts';

/** A page of people by name. The cursor is the last one's id; it keeps its place when others come and go. */
export async function listMembers(
  db: Queryable,
  siteId: string,
  { status, limit, cursor }: RouteInput<'users'>['query'],
): Promise<{ users: Member[]; next: string | null }> {
  const after = id.optional().safeParse(cursor);
  if (!after.success) throw invalid('cursor', 'Isn’t a valid cursor. Start again without it.');
  // One more than asked for tells whether there is a next page.
  const found = await many(db, membersPage, [siteId, status ?? null, after.data ?? null, limit + 1]);
  const users = found.slice(0, limit);
  return { users, next: found.length > limit ? (users.at(-1)?.id ?? null) : null };
}

type Found = Awaited<ReturnType<typeof lockMember>>;
type Done = { after: Member; body: Record<string, unknown>; detail?: object };

/** Changes a person as the caller has seen them, at that version, while nobody else can; and tells those whom it concerns. */
export const runOnMember = (
  deps: CommandDeps,
  request: CommandRequest,
  seen: { userId: string; version: number },
  act: (context: Context, found: Found) => Promise<Done>,
): Promise<CommandReply> =>
  runCommand(
    deps,
    request,
    'user.manage',
    () => Promise.resolve(),
    async (context) => {
      const { userId, version } = seen;
      const found = await lockMember(context, userId);
      checkSeen(found.before.name, found.before.version, version);
      const { after, body, detail } = await act(context, found);
      return {
        status: 200,
        body: { user: { ...after, version: version + 1 }, ...body },
        changes: [],
        detail: { user: userId, ...detail },
        notifications: [{ kind: 'user', userId }],
      };
    },
  );

/** The person, whom nobody else can change until the end; and who administers what, likewise. */
async function lockMember({ tx, request }: Context, userId: string) {
  const { siteId } = request;
  const [, administrators, person] = await Promise.all([
    run(tx, lockPerson.name, lockPerson.text, [userId]),
    many(tx, lockAdministrators, [siteId, userId]),
    maybeOne(tx, personAtSite, [siteId, userId, request.userId]),
  ]);
  const sitesOf = (administrator: string) =>
    administrators.filter((each) => each.user_id === administrator).map((each) => each.site_id);
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

/** What concerns the account concerns all sites of the person. */
export function checkDecides({ before, elsewhere, administers }: Found) {
  if (elsewhere.every((site) => administers.has(site))) return;
  throw new Refusal(
    'forbidden',
    `${before.name} also works at a site you don’t administer, so you can’t change this for both. ` +
      'You can remove the person from this site.',
  );
}
