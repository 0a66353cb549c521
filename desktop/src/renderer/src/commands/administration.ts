import type { RouteReply } from '@slate/shared/contract';
import type {
  ChangeClosure,
  ChangeProcedure,
  ChangeResource,
  ChangeSettings,
  CreateClosure,
  CreateProcedure,
  CreateResource,
} from '@slate/shared/contract/catalogue';
import type { Problem } from '@slate/shared/errors';
import type { Procedure, Resource } from '@slate/shared/resources';
import type { Closure, Site } from '@slate/shared/sites';
import { nameOf } from '../stores/board.ts';
import type { CommandName } from '../stores/intents.ts';
import { treatAsSame, versionOf } from '../stores/undo.ts';
import type { Undo } from '../stores/undo.ts';
import { zoneNow } from '../stores/view.ts';
import { adminWords as words } from '../words/administration.ts';
import { dayOf } from '../words/time.ts';
import { finalStep, toastDone } from './outcome-toasts.ts';
import { send } from './send.ts';
import type { Remedies, Request } from './send.ts';

/** What a form does about the outcome of its commands. */
export type Saving = {
  /** Everything is saved. */
  readonly saved: () => void;
  readonly showAtFields: NonNullable<Remedies['showAtFields']>;
  /** Shows the refusal in the form; returns false to show it in a dialog. `id`: the record, unless it is a new one. */
  readonly refused: (problem: Problem, id?: string) => boolean;
};

/** One command of several. */
type Step<Name extends CommandName> = Omit<Request<Name>, 'done' | 'item' | 'undo'>;

/** Sends the commands one after the other, until one is not done. Returns the replies. */
async function sendInTurn<Name extends CommandName>(
  steps: readonly Step<Name>[],
): Promise<RouteReply<Name>[]> {
  const replies: RouteReply<Name>[] = [];
  for (const step of steps) {
    const before = replies.length;
    await send({ ...step, item: null, done: (reply) => void replies.push(reply) });
    if (replies.length === before) break;
  }
  return replies;
}

type Outcome<Name extends CommandName> = {
  readonly steps: readonly Step<Name>[];
  readonly saving: Saving;
  /** What was done. */
  readonly text: (replies: readonly RouteReply<Name>[]) => string;
  readonly undo: (replies: readonly RouteReply<Name>[]) => Undo;
};

async function saveAll<Name extends CommandName>({ steps, saving, text, undo }: Outcome<Name>) {
  const replies = await sendInTurn(
    steps.map((step) => ({ remedies: saving, queued: saving.saved, ...step })),
  );
  if (replies.length === 0) return;
  const done = text(replies);
  const isAll = replies.length === steps.length;
  toastDone(isAll ? done : words.someSaved(done, replies.length, steps.length), undo(replies));
  if (isAll) saving.saved();
}

/** Returns a step that undoes several commands together. */
const undoInTurn = <Name extends CommandName>(
  { label, undone }: { label: string; undone: string },
  steps: () => readonly Step<Name>[],
  done: (replies: readonly RouteReply<Name>[]) => void = () => {},
): Undo => ({
  label,
  caseIds: [],
  run: async () => {
    const all = steps();
    const replies = await sendInTurn(all);
    done(replies);
    if (replies.length === all.length) toastDone(undone);
  },
});

type Stored = { readonly id: string; readonly version: number };

export type EditOf<Item, Fields> = {
  readonly item: Item;
  readonly edit: Fields;
  /** The cases to send to the depot, or the holds to end. */
  readonly bump: readonly string[];
};

/** How records of one kind are changed. */
export type Changing<Name extends CommandName, Item extends Stored, Fields extends object> = {
  readonly step: (item: Item, edit: Fields, bump: readonly string[]) => Step<Name>;
  readonly read: (reply: RouteReply<Name>) => Item;
  readonly bumped: (reply: RouteReply<Name>) => number;
  readonly nameOf: (item: Item) => string;
  /** The values of the edited fields before the edit. */
  readonly before: (item: Item, edit: Fields) => Fields;
  readonly text: (names: readonly string[], edit: Fields | undefined) => string;
  /** Called after each attempt, and after undo. */
  readonly settled?: () => void;
};

/** Changes records, one after the other. Undo changes the same fields back, unless somebody has changed the record since. */
export function changeRecords<Name extends CommandName, Item extends Stored, Fields extends object>(
  { step, read, bumped, nameOf: name, before, text, settled }: Changing<Name, Item, Fields>,
  edits: readonly EditOf<Item, Fields>[],
  saving: Saving,
): Promise<void> {
  return saveAll<Name>({
    steps: edits.map(({ item, edit, bump }) => ({
      ...step(item, edit, bump),
      remedies: { ...saving, refused: (problem) => saving.refused(problem, item.id) },
    })),
    saving,
    text: (replies) => {
      const done = text(
        replies.map((reply) => name(read(reply))),
        edits[0]?.edit,
      );
      const count = replies.reduce((sum, reply) => sum + bumped(reply), 0);
      return count > 0 ? words.toDepot(done, count) : done;
    },
    undo: (replies) => {
      const undoWords = words.undo.save(replies.map((reply) => name(read(reply))));
      const isFinal = replies.some((reply) => bumped(reply) > 0);
      if (isFinal) return finalStep(edits[0]?.item.id ?? '', words.cannotUndoBumped(undoWords.label));
      const done = edits.slice(0, replies.length);
      return undoInTurn<Name>(
        undoWords,
        () =>
          done.flatMap(({ item, edit }, at) => {
            const reply = replies[at];
            if (!reply) return [];
            const now = read(reply);
            return [step({ ...now, version: versionOf(now) }, before(item, edit), [])];
          }),
        // An earlier edit of the same record can be undone next.
        (undone) => {
          undone.forEach((reply, at) => {
            const item = done[at]?.item;
            if (item) treatAsSame(item, read(reply));
          });
          settled?.();
        },
      );
    },
  }).finally(() => settled?.());
}

/** Returns the values that a record has in the fields of an edit. */
export const valuesIn = <Fields extends object>(item: object, edit: Fields): Fields => {
  const values = item as Record<string, unknown>;
  return Object.fromEntries(Object.keys(edit).map((field) => [field, values[field]])) as Fields;
};

const savedText = (names: readonly string[], edit: { active?: boolean | undefined } | undefined) => {
  if (edit?.active === undefined) return words.saved(names);
  return edit.active ? words.restored(names) : words.retiredNow(names);
};
const titleOf = (name: string, { active }: { active?: boolean | undefined }) =>
  active === undefined ? words.titles.save(name) : words.titles[active ? 'restore' : 'retire'](name);
const withBump = (bump: readonly string[]) => (bump.length > 0 ? { bump: [...bump] } : {});

export type ResourceFields = Omit<ChangeResource, 'version' | 'bump'>;
const resources: Changing<'changeResource', Resource, ResourceFields> = {
  step: ({ id, name, version }, edit, bump) => ({
    command: 'changeResource',
    title: titleOf(name, edit),
    input: () => ({ params: { resource: id }, body: { version, ...edit, ...withBump(bump) } }),
  }),
  read: ({ resource }) => resource,
  bumped: ({ bumped }) => bumped.length,
  nameOf: ({ name }) => name,
  before: valuesIn,
  text: savedText,
};
export const changeResources = (edits: readonly EditOf<Resource, ResourceFields>[], saving: Saving) =>
  changeRecords(resources, edits, saving);

/** Adds resources. Undo retires them, because a resource is never deleted. */
export const addResources = (bodies: readonly CreateResource[], saving: Saving): Promise<void> =>
  saveAll<'createResource'>({
    steps: bodies.map((body) => ({
      command: 'createResource',
      title: words.titles.add(body.name),
      content: body,
      input: () => ({ body }),
    })),
    saving,
    text: (replies) => words.added(replies.map(({ resource: { name } }) => name)),
    undo: (replies) =>
      undoInTurn(words.undo.add(replies.map(({ resource: { name } }) => name)), () =>
        replies.map(({ resource }) =>
          resources.step({ ...resource, version: versionOf(resource) }, { active: false }, []),
        ),
      ),
  });

export type ProcedureFields = Omit<ChangeProcedure, 'version'>;
const procedures: Changing<'changeProcedure', Procedure, ProcedureFields> = {
  step: ({ id, name, version }, edit) => ({
    command: 'changeProcedure',
    title: titleOf(name, edit),
    input: () => ({ params: { procedure: id }, body: { version, ...edit } }),
  }),
  read: ({ procedure }) => procedure,
  bumped: () => 0,
  nameOf: ({ name }) => name,
  before: valuesIn,
  text: savedText,
};
export const changeProcedures = (edits: readonly EditOf<Procedure, ProcedureFields>[], saving: Saving) =>
  changeRecords(procedures, edits, saving);

/** Adds procedures. Undo retires them. */
export const addProcedures = (bodies: readonly CreateProcedure[], saving: Saving): Promise<void> =>
  saveAll<'createProcedure'>({
    steps: bodies.map((body) => ({
      command: 'createProcedure',
      title: words.titles.add(body.name),
      content: body,
      input: () => ({ body }),
    })),
    saving,
    text: (replies) => words.added(replies.map(({ procedure: { name } }) => name)),
    undo: (replies) =>
      undoInTurn(words.undo.add(replies.map(({ procedure: { name } }) => name)), () =>
        replies.map(({ procedure }) =>
          procedures.step({ ...procedure, version: versionOf(procedure) }, { active: false }, []),
        ),
      ),
  });

/** Returns `C-arm on Tue, Dec 1`. */
export const closureName = ({ resourceId, start }: Pick<Closure, 'resourceId' | 'start'>) =>
  words.closureName(nameOf(resourceId), dayOf(start, zoneNow()));

export type ClosureFields = Omit<ChangeClosure, 'version' | 'bump'>;
const closures: Changing<'changeClosure', Closure, ClosureFields> = {
  step: ({ id, resourceId, start, version }, edit, bump) => ({
    command: 'changeClosure',
    title: words.titles.saveClosure(closureName({ resourceId, start })),
    input: () => ({ params: { closure: id }, body: { version, ...edit, ...withBump(bump) } }),
  }),
  read: ({ closure }) => closure,
  bumped: ({ bumped }) => bumped.length,
  nameOf: closureName,
  before: valuesIn,
  text: words.savedClosures,
};
export const changeClosures = (edits: readonly EditOf<Closure, ClosureFields>[], saving: Saving) =>
  changeRecords(closures, edits, saving);

const removal = (closure: Closure): Step<'removeClosure'> => ({
  command: 'removeClosure',
  title: words.titles.removeClosure(closureName(closure)),
  input: () => ({ params: { closure: closure.id } }),
});

/** Closes a resource for a while. Undo removes the closure. */
export function addClosure(body: CreateClosure, bump: readonly string[], saving: Saving): Promise<void> {
  const name = nameOf(body.resourceId);
  return saveAll<'createClosure'>({
    steps: [
      {
        command: 'createClosure',
        title: words.titles.close(name),
        ...(bump.length === 0 && { content: body }),
        input: () => ({ body: { ...body, ...withBump(bump) } }),
      },
    ],
    saving,
    text: ([reply]) => {
      const done = words.closed(reply ? closureName(reply.closure) : name);
      return reply && reply.bumped.length > 0 ? words.toDepot(done, reply.bumped.length) : done;
    },
    undo: ([reply]) => {
      const undoWords = words.undo.close(name);
      if (!reply || reply.bumped.length > 0)
        return finalStep(reply?.closure.id ?? '', words.cannotUndoBumped(undoWords.label));
      return undoInTurn(undoWords, () => [removal(reply.closure)]);
    },
  });
}

/** Removes a closure. Undo closes the resource again. */
export function removeClosure(closure: Closure, saving: Saving): Promise<void> {
  const { resourceId, start, end, quantity, reason } = closure;
  return saveAll<'removeClosure'>({
    steps: [{ ...removal(closure), remedies: saving }],
    saving,
    text: () => words.opened(closureName(closure)),
    undo: () =>
      undoInTurn(words.undo.open(closureName(closure)), (): Step<'createClosure'>[] => [
        {
          command: 'createClosure',
          title: words.titles.close(nameOf(resourceId)),
          input: () => ({ body: { resourceId, start, end, quantity, reason } }),
        },
      ]),
  });
}

export type SiteFields = Omit<ChangeSettings, 'version'>;
const sites: Changing<'changeSettings', Site, SiteFields> = {
  step: ({ name, version }, edit) => ({
    command: 'changeSettings',
    title: words.titles.save(name),
    input: () => ({ body: { version, ...edit } }),
  }),
  read: ({ site }) => site,
  bumped: () => 0,
  nameOf: ({ name }) => name,
  before: ({ settings, ...site }, edit) => valuesIn({ ...settings, ...site }, edit),
  text: (names) => words.saved(names),
};
export const changeSites = (edits: readonly EditOf<Site, SiteFields>[], saving: Saving) =>
  changeRecords(sites, edits, saving);
