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
import { plannedChange } from '@slate/shared/contract/consequences';
import type { NotPutBack, PlannedChange } from '@slate/shared/contract/consequences';
import type { Decision } from '@slate/shared/contract/decisions';
import type { Problem } from '@slate/shared/errors';
import { isSameCode } from '@slate/shared/reasons';
import type { ListedReason } from '@slate/shared/reasons';
import type { Procedure, Resource } from '@slate/shared/resources';
import type { Closure, Site } from '@slate/shared/sites';
import { boardStore, nameOf } from '../stores/board.ts';
import type { CommandName } from '../stores/intents.ts';
import { treatAsSame, versionOf } from '../stores/undo.ts';
import type { Undo } from '../stores/undo.ts';
import { zoneNow } from '../stores/view.ts';
import { adminWords as words } from '../words/administration.ts';
import { numberOf } from '../words/cases.ts';
import { dayOf } from '../words/time.ts';
import { inTheWayWords } from '../words/in-the-way.ts';
import { toastDone } from './outcome-toasts.ts';
import { send } from './send.ts';
import type { Remedies, Request } from './send.ts';

/** The callbacks of a form for the outcome of its commands. */
export type Saving = {
  /** Everything is saved. */
  readonly saved: () => void;
  readonly showAtFields: NonNullable<Remedies['showAtFields']>;
  /** Shows the refusal in the form; returns false to show it in a dialog. */
  readonly refused: (problem: Problem, of?: RefusedChange) => boolean;
};

/** A refused change. */
export type RefusedChange = {
  /** The record, unless it is a new one. */
  readonly id?: string;
  /** The change without its decisions; null: its command takes none. */
  readonly change: PlannedChange | null;
  readonly hasDecisions: boolean;
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
  /** The sentence about the commands that were done. */
  readonly text: (replies: readonly RouteReply<Name>[]) => string;
  readonly undo: (replies: readonly RouteReply<Name>[]) => Undo;
};

export async function saveAll<Name extends CommandName>({ steps, saving, text, undo }: Outcome<Name>) {
  const replies = await sendInTurn(
    steps.map((step) => ({ remedies: remediesOf(saving, step), queued: saving.saved, ...step })),
  );
  if (replies.length === 0) return;
  const done = text(replies);
  const isAll = replies.length === steps.length;
  toastDone(isAll ? done : words.someSaved(done, replies.length, steps.length), undo(replies));
  if (isAll) saving.saved();
}

/** A step of an undo; null: it was not done. */
type UndoStep = () => Promise<{ version: number | null; notPutBack: readonly NotPutBack[] } | null>;
type PutBack = readonly { caseId: string; version: number }[];

/** Returns a step that undoes several commands together, as far as cases can go back. */
export const undoInTurn = (
  { label, undone }: { label: string; undone: string },
  steps: () => readonly UndoStep[],
  done: (versions: readonly (number | null)[]) => void = () => {},
): Undo => ({
  label,
  caseIds: [],
  run: async () => {
    const all = steps();
    const answers = [];
    for (const step of all) {
      const answer = await step();
      if (!answer) break;
      answers.push(answer);
    }
    done(answers.map(({ version }) => version));
    if (answers.length < all.length) return;
    const stay = answers.flatMap(({ notPutBack }) => notPutBack);
    toastDone(
      stay.length === 0
        ? undone
        : inTheWayWords.notPutBack(
            undone,
            stay.map((each) => inTheWayWords.stays(numberOf(each), each.reason)),
          ),
    );
  },
});

/** Returns a step that sends a command that takes a change back, and puts the cases of the change back with it. */
export const takeBack =
  <Name extends CommandName>(
    step: Step<Name>,
    putBack: PutBack = [],
    versionIn: (reply: RouteReply<Name>) => number | null = () => null,
  ): UndoStep =>
  async () => {
    const change = putBack.length > 0 ? plannedOf(step) : null;
    if (change) {
      const body = { change, putBack: [...putBack] };
      const [reply] = await sendInTurn<'undoChange'>([
        { command: 'undoChange', title: step.title, input: () => ({ body }) },
      ]);
      return reply ?? null;
    }
    const [reply] = await sendInTurn([step]);
    return reply ? { version: versionIn(reply), notPutBack: [] } : null;
  };

type Sent = { readonly params?: object; readonly body?: object };

/** The change that a command makes, without decisions; null: cases are never in its way. */
function plannedOf<Name extends CommandName>({ command, input }: Step<Name>): PlannedChange | null {
  const { params = {}, body } = input(undefined) as Sent;
  const [id] = Object.values(params) as string[];
  const { decisions: _decisions, ...rest } = { ...body } as { decisions?: unknown };
  const change = { command, ...(id !== undefined && { id }), ...(body && { body: rest }) };
  return plannedChange.safeParse(change).data ?? null;
}

/** How a form shows the refusal of a step. */
export function remediesOf<Name extends CommandName>(
  { showAtFields, refused }: Saving,
  step: Step<Name>,
  id?: string,
): Remedies {
  const { body } = step.input(undefined) as Sent;
  const of = {
    ...(id !== undefined && { id }),
    change: plannedOf(step),
    hasDecisions: 'decisions' in { ...body },
  };
  return {
    // The fields of decisions are not fields of the form.
    showAtFields: (errors) =>
      !errors.some(({ field }) => field.startsWith('decisions.')) && showAtFields(errors),
    refused: (problem) => refused(problem, of),
  };
}

type Stored = { readonly id: string; readonly version: number };

export type EditOf<Item, Fields> = {
  readonly item: Item;
  readonly edit: Fields;
  /** The decisions about the cases in its way; null: there are none yet. */
  readonly decisions: readonly Decision[] | null;
};

/** How records of one kind are changed. */
export type Changing<Name extends CommandName, Item extends Stored, Fields extends object> = {
  readonly step: (item: Item, edit: Fields, decisions: readonly Decision[] | null) => Step<Name>;
  readonly read: (reply: RouteReply<Name>) => Item;
  /** How many cases left the board. */
  readonly bumped: (reply: RouteReply<Name>) => number;
  /** The cases that were changed with it. */
  readonly decided?: (reply: RouteReply<Name>) => PutBack;
  readonly nameOf: (item: Item) => string;
  /** The values of the edited fields before the edit. */
  readonly before: (item: Item, edit: Fields) => Fields;
  readonly text: (names: readonly string[], edit: Fields | undefined) => string;
  /** Called after each attempt, and after undo. */
  readonly settled?: () => void;
};

/** Changes records, one after the other. Undo changes the same fields back, unless somebody has changed the record since. */
export function changeRecords<Name extends CommandName, Item extends Stored, Fields extends object>(
  { step, read, bumped, decided, nameOf: name, before, text, settled }: Changing<Name, Item, Fields>,
  edits: readonly EditOf<Item, Fields>[],
  saving: Saving,
): Promise<void> {
  return saveAll<Name>({
    steps: edits.map(({ item, edit, decisions }) => {
      const one = step(item, edit, decisions);
      return { ...one, remedies: remediesOf(saving, one, item.id) };
    }),
    saving,
    text: (replies) => {
      const done = text(
        replies.map((reply) => name(read(reply))),
        edits[0]?.edit,
      );
      const count = replies.reduce((sum, reply) => sum + bumped(reply), 0);
      return count > 0 ? words.toDepot(done, count) : done;
    },
    undo: (replies) =>
      undoInTurn(
        words.undo.save(replies.map((reply) => name(read(reply)))),
        () =>
          edits.flatMap(({ item, edit }, at) => {
            const reply = replies[at];
            if (!reply) return [];
            const now = read(reply);
            const back = step({ ...now, version: versionOf(now) }, before(item, edit), null);
            return [takeBack(back, decided?.(reply) ?? [], (undone) => read(undone).version)];
          }),
        // An earlier edit of the same record can be undone next.
        (versions) => {
          versions.forEach((version, at) => {
            const item = edits[at]?.item;
            if (item && version !== null) treatAsSame(item, { ...item, version });
          });
          settled?.();
        },
      ),
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
export const withDecisions = (decisions: readonly Decision[] | null) =>
  decisions ? { decisions: [...decisions] } : {};

export type ResourceFields = Omit<ChangeResource, 'version' | 'bump' | 'decisions'>;
const resources: Changing<'changeResource', Resource, ResourceFields> = {
  step: ({ id, name, version }, edit, decisions) => ({
    command: 'changeResource',
    title: titleOf(name, edit),
    input: () => ({ params: { resource: id }, body: { version, ...edit, ...withDecisions(decisions) } }),
  }),
  read: ({ resource }) => resource,
  bumped: ({ bumped }) => bumped.length,
  decided: ({ decided }) => decided,
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
          takeBack(resources.step({ ...resource, version: versionOf(resource) }, { active: false }, null)),
        ),
      ),
  });

export type ProcedureFields = Omit<ChangeProcedure, 'version' | 'decisions'>;
const procedures: Changing<'changeProcedure', Procedure, ProcedureFields> = {
  step: ({ id, name, version }, edit, decisions) => ({
    command: 'changeProcedure',
    title: titleOf(name, edit),
    input: () => ({
      params: { procedure: id },
      body: { version, ...edit, ...withDecisions(decisions) },
    }),
  }),
  read: ({ procedure }) => procedure,
  bumped: () => 0,
  decided: ({ decided }) => decided,
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
          takeBack(procedures.step({ ...procedure, version: versionOf(procedure) }, { active: false }, null)),
        ),
      ),
  });

/** Returns `C-arm on Tue, Dec 1`. */
export const closureName = ({ resourceId, start }: Pick<Closure, 'resourceId' | 'start'>) =>
  words.closureName(nameOf(resourceId), dayOf(start, zoneNow()));

export type ClosureFields = Omit<ChangeClosure, 'version' | 'bump' | 'decisions'>;
const closures: Changing<'changeClosure', Closure, ClosureFields> = {
  step: ({ id, resourceId, start, version }, edit, decisions) => ({
    command: 'changeClosure',
    title: words.titles.saveClosure(closureName({ resourceId, start })),
    input: () => ({ params: { closure: id }, body: { version, ...edit, ...withDecisions(decisions) } }),
  }),
  read: ({ closure }) => closure,
  bumped: ({ bumped }) => bumped.length,
  decided: ({ decided }) => decided,
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
export function addClosure(
  body: CreateClosure,
  decisions: readonly Decision[] | null,
  saving: Saving,
): Promise<void> {
  const name = nameOf(body.resourceId);
  return saveAll<'createClosure'>({
    steps: [
      {
        command: 'createClosure',
        title: words.titles.close(name),
        ...(decisions === null && { content: body }),
        input: () => ({ body: { ...body, ...withDecisions(decisions) } }),
      },
    ],
    saving,
    text: ([reply]) => {
      const done = words.closed(reply ? closureName(reply.closure) : name);
      return reply && reply.bumped.length > 0 ? words.toDepot(done, reply.bumped.length) : done;
    },
    undo: ([reply]) =>
      undoInTurn(words.undo.close(name), () =>
        reply ? [takeBack(removal(reply.closure), reply.decided)] : [],
      ),
  });
}

/** Removes a closure. Undo closes the resource again. */
export function removeClosure(closure: Closure, saving: Saving): Promise<void> {
  const { resourceId, start, end, quantity, reason } = closure;
  return saveAll<'removeClosure'>({
    steps: [removal(closure)],
    saving,
    text: () => words.opened(closureName(closure)),
    undo: () =>
      undoInTurn(words.undo.open(closureName(closure)), () => [
        takeBack<'createClosure'>({
          command: 'createClosure',
          title: words.titles.close(nameOf(resourceId)),
          input: () => ({ body: { resourceId, start, end, quantity, reason } }),
        }),
      ]),
  });
}

type ReasonsEdit = { readonly reasons: ListedReason[] };
const lists: Omit<Changing<'changeReasons', Site, ReasonsEdit>, 'nameOf' | 'step'> = {
  read: ({ site }) => site,
  bumped: () => 0,
  // A code stays forever: undo retires the added ones.
  before: ({ reasons }, edit) => ({
    reasons: [
      ...reasons,
      ...edit.reasons
        .filter((each) => !reasons.some(isSameCode(each)))
        .map((each) => ({ ...each, active: false })),
    ],
  }),
  text: words.saved,
};
/** Changes the lists of reasons of the site as they are now. `names`: the changed reasons, in messages. */
export function changeReasons(
  names: readonly string[],
  edit: (reasons: readonly ListedReason[]) => ListedReason[],
  saving: Saving,
): Promise<void> {
  const site = boardStore.getState().view?.board.site;
  if (!site) return Promise.resolve();
  const name = names.join(', ');
  const changing: Changing<'changeReasons', Site, ReasonsEdit> = {
    ...lists,
    nameOf: () => name,
    step: ({ version }, body) => ({
      command: 'changeReasons',
      title: words.titles.save(name),
      input: () => ({ body: { version, ...body } }),
    }),
  };
  return changeRecords(
    changing,
    [{ item: site, edit: { reasons: edit(site.reasons) }, decisions: null }],
    saving,
  );
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
