import type { ChangeMember, Member } from '@slate/shared/contract/people';
import type { Problem } from '@slate/shared/errors';
import { reloadRecords } from '../stores/administration.ts';
import { openDialog } from '../stores/dialogs.ts';
import { adminWords, peopleWords as words } from '../words/administration.ts';
import { changeRecords, valuesIn } from './administration.ts';
import type { Changing, EditOf, Saving } from './administration.ts';
import { finalStep, toastDone } from './outcome-toasts.ts';
import { send } from './send.ts';

/** The access of a person at this site. */
export type Access = Pick<ChangeMember, 'role' | 'surgeonIds'>;

const people: Changing<'changeUser', Member, Access> = {
  step: ({ id, name, version }, edit) => ({
    command: 'changeUser',
    title: adminWords.titles.save(name),
    input: () => ({ params: { user: id }, body: { version, ...edit } }),
  }),
  read: ({ user }) => user,
  bumped: () => 0,
  nameOf: ({ name }) => name,
  before: valuesIn,
  text: adminWords.saved,
  // After a refusal too: somebody else may have changed the person.
  settled: reloadRecords,
};

/** Changes the access of people, or approves those who wait. */
export function changePeople(edits: readonly EditOf<Member, Access>[], saving: Saving): Promise<void> {
  const [first] = edits;
  if (first?.item.status === 'pending') return approve(first.item, first.edit, saving);
  return changeRecords(people, edits, saving);
}

/** Shows the refusal; returns false to show it in a dialog. */
type Refused = (problem: Problem) => boolean;

type AccountChange = {
  readonly person: Member;
  readonly kind: keyof typeof words.done;
  readonly body: Omit<ChangeMember, 'version'>;
};

/** Changes an account. It cannot be undone: sessions that have ended and passwords that were replaced do not come back. */
async function changeAccount(
  { person: { id, name, version }, kind, body }: AccountChange,
  remedies: { refused: Refused; showAtFields?: Saving['showAtFields'] },
  saved: () => void = () => {},
): Promise<void> {
  const title = words.titles[kind](name);
  await send<'changeUser'>({
    command: 'changeUser',
    title,
    item: null,
    input: () => ({ params: { user: id }, body: { version, ...body } }),
    undo: () => finalStep(id, words.cannotUndo(title)),
    done: ({ temporaryPassword }, undo) => {
      toastDone(words.done[kind](name), undo);
      saved();
      if (temporaryPassword !== null) showPassword(name, temporaryPassword);
    },
    remedies,
  });
  reloadRecords();
}

const approve = (person: Member, access: Access, saving: Saving) =>
  changeAccount({ person, kind: 'approve', body: { status: 'active', ...access } }, saving, saving.saved);

export const setStatus = (person: Member, status: 'active' | 'disabled', refused: Refused) =>
  changeAccount({ person, kind: status === 'active' ? 'enable' : 'disable', body: { status } }, { refused });

/** Replaces the password of a person with a temporary one, which is shown once. */
export async function resetPassword({ id, name, version }: Member, refused: Refused): Promise<void> {
  const title = words.titles.reset(name);
  await send<'resetPassword'>({
    command: 'resetPassword',
    title,
    item: null,
    input: () => ({ params: { user: id }, body: { version } }),
    undo: () => finalStep(id, words.cannotUndo(title)),
    done: ({ temporaryPassword }, undo) => {
      toastDone(words.done.reset(name), undo);
      showPassword(name, temporaryPassword);
    },
    remedies: { refused },
  });
  reloadRecords();
}

/** Ends one session of a person, or all of them. */
export async function endSessions(
  { id, name }: Member,
  session: string | null,
  refused: Refused,
): Promise<void> {
  const title = words.titles.endSessions(name);
  await send<'endSessions'>({
    command: 'endSessions',
    title,
    item: null,
    input: () => ({ params: { user: id }, body: { session } }),
    undo: () => finalStep(id, words.cannotUndo(title)),
    done: ({ ended }, undo) => toastDone(words.ended(name, ended), undo),
    remedies: { refused },
  });
  reloadRecords();
}

const showPassword = (name: string, password: string) =>
  openDialog({ kind: 'temporary_password', name, password });
