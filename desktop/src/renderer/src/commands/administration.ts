import type { RouteReply } from '@slate/shared/contract';
import type { ChangeResource, CreateResource } from '@slate/shared/contract/catalogue';
import type { Problem } from '@slate/shared/errors';
import type { Resource } from '@slate/shared/resources';
import type { CommandName } from '../stores/intents.ts';
import { treatAsSame, versionOf } from '../stores/undo.ts';
import type { Undo } from '../stores/undo.ts';
import { adminWords as words } from '../words/administration.ts';
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
  /** What was done, with the names of the records. */
  readonly text: (replies: readonly RouteReply<Name>[]) => string;
  /** The step that undoes it. */
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

export type ResourceEdit = {
  readonly item: Resource;
  readonly edit: Omit<ChangeResource, 'version' | 'bump'>;
  /** The cases to send to the depot. */
  readonly bump: readonly string[];
};

const changeOf = (
  { id, name, version }: Resource,
  edit: ResourceEdit['edit'],
  bump: readonly string[] = [],
): Step<'changeResource'> => ({
  command: 'changeResource',
  title: titleOf(name, edit),
  input: () => ({
    params: { resource: id },
    body: { version, ...edit, ...(bump.length > 0 && { bump: [...bump] }) },
  }),
});
const titleOf = (name: string, { active }: ResourceEdit['edit']) =>
  active === undefined ? words.titles.save(name) : words.titles[active ? 'restore' : 'retire'](name);

/** Returns the values of the edited fields before the edit. */
const before = ({ item, edit }: ResourceEdit): ResourceEdit['edit'] =>
  Object.fromEntries(Object.keys(edit).map((field) => [field, item[field as keyof Resource]]));

/** Changes resources, one after the other. Undo changes the same fields back, unless somebody has changed them since. */
export function changeResources(edits: readonly ResourceEdit[], saving: Saving): Promise<void> {
  return saveAll<'changeResource'>({
    steps: edits.map(({ item, edit, bump }) => ({
      ...changeOf(item, edit, bump),
      remedies: { ...saving, refused: (problem) => saving.refused(problem, item.id) },
    })),
    saving,
    text: (replies) => {
      const names = replies.map(({ resource: { name } }) => name);
      const bumped = replies.reduce((sum, reply) => sum + reply.bumped.length, 0);
      const active = edits[0]?.edit.active;
      const done = active === undefined ? words.saved : active ? words.restored : words.retiredNow;
      return bumped > 0 ? words.toDepot(done(names), bumped) : done(names);
    },
    undo: (replies) => {
      const names = replies.map(({ resource: { name } }) => name);
      const { label, undone } = words.undo.save(names);
      if (replies.some(({ bumped }) => bumped.length > 0)) {
        return finalStep(replies[0]?.resource.id ?? '', words.cannotUndoBumped(label));
      }
      return undoInTurn(label, undone, () =>
        replies.flatMap(({ resource }, at) => {
          const made = edits[at];
          if (!made) return [];
          const item = { ...resource, version: versionOf(resource) };
          return [{ step: changeOf(item, before(made)), of: made.item }];
        }),
      );
    },
  });
}

/** Adds resources. Undo retires them, because a resource is never deleted. */
export function addResources(bodies: readonly CreateResource[], saving: Saving): Promise<void> {
  return saveAll<'createResource'>({
    steps: bodies.map((body) => ({
      command: 'createResource',
      title: words.titles.add(body.name),
      content: body,
      input: () => ({ body }),
    })),
    saving,
    text: (replies) => words.added(replies.map(({ resource: { name } }) => name)),
    undo: (replies) => {
      const { label, undone } = words.undo.add(replies.map(({ resource: { name } }) => name));
      return undoInTurn(label, undone, () =>
        replies.map(({ resource }) => ({
          step: changeOf({ ...resource, version: versionOf(resource) }, { active: false }),
          of: null,
        })),
      );
    },
  });
}

type Back = { readonly step: Step<'changeResource'>; readonly of: Resource | null };

const undoInTurn = (label: string, undone: string, backs: () => readonly Back[]): Undo => ({
  label,
  caseIds: [],
  run: async () => {
    const all = backs();
    const replies = await sendInTurn(all.map(({ step }) => step));
    replies.forEach(({ resource }, at) => {
      const of = all[at]?.of;
      // An earlier edit of the same record can be undone next.
      if (of) treatAsSame(of, resource);
    });
    if (replies.length === all.length) toastDone(undone);
  },
});
