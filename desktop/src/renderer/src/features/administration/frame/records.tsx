import { Button } from '@mantine/core';
import { validationMessage } from '@slate/shared/validation-message';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { ComponentType, ReactNode } from 'react';
import { useStore } from 'zustand';
import type { PlannedChange } from '@slate/shared/contract/consequences';
import type { Decision } from '@slate/shared/contract/decisions';
import type { Problem } from '@slate/shared/errors';
import type { Saving } from '../../../commands/administration.ts';
import { KeyButton } from '../../../forms/keys.tsx';
import { useChanging } from '../../../forms/use-changing.ts';
import { useFormKeys } from '../../../forms/use-form-keys.ts';
import { administrationStore, draftKey, openRecords } from '../../../stores/administration.ts';
import type { PageId } from '../../../stores/administration.ts';
import { toastIfCutOff, unreachableReason } from '../../../stores/cut-off.ts';
import { Callout } from '../../../ui/callout.tsx';
import { ReturnFocus } from '../../../ui/return-focus.tsx';
import { adminWords as words } from '../../../words/administration.ts';
import type { Column } from './column.ts';
import { InTheWay, Unmovable } from './in-the-way.tsx';
import { isSame } from './merge.ts';
import { RecordList } from './record-list.tsx';
import type { Order, RetiredWords } from './record-list.tsx';
import { fieldOf, useRecordForm } from './use-record-form.ts';
import type { Errors, RecordForm } from './use-record-form.ts';
import styles from './record-panel.module.css';

type RecordItem = { readonly id: string };

export type Edit<Item, Body> = {
  readonly item: Item;
  /** The fields of the command that differ. */
  readonly edit: Partial<Body>;
  /** The decisions about the cases in its way; null: there are none yet. */
  readonly decisions: readonly Decision[] | null;
};

export type FieldsProps<Item, Values extends object> = {
  form: RecordForm<Values>;
  items: readonly Item[];
  /** The record in the form; null: a new one, or several. */
  item: Item | null;
  isNew: boolean;
};

/** Another command for one record, such as retiring it. */
type Secondary = {
  readonly label: string;
  readonly run: (decisions: readonly Decision[] | null, saving: Saving) => Promise<void>;
};

type Contract = {
  safeParse: (
    body: unknown,
    messages: { error: typeof validationMessage },
  ) => { error?: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } | undefined };
};

/** A page with a list of records and their form. */
export type RecordsPage<Item extends RecordItem, Values extends object, Body extends object> = {
  readonly id: PageId;
  readonly newTitle?: string;
  readonly columns: readonly Column<Item>[];
  readonly nameOf: (item: Item) => string;
  readonly isRetired?: (item: Item) => boolean;
  /** For records that are not retired but, say, disabled. `help`: the sentence in the form. */
  readonly retiredWords?: RetiredWords & { readonly help: string };
  /** Shown above the others, however the list is sorted. */
  readonly isFirst?: (item: Item) => boolean;
  readonly order?: Order;
  readonly empty?: string;
  readonly blank: Values;
  readonly valuesOf: (item: Item) => Values;
  /** The body of the command that adds such a record. */
  readonly bodyOf: (values: Values) => Body;
  /** The contract of that command. */
  readonly schema: Contract;
  /** Errors that the contract does not know. They come first. */
  readonly errorsOf?: (values: Values, context: { items: readonly Item[]; of: Item | null }) => Errors;
  /** The records that a new one stands for, if it has a pattern such as `OR 1–12`. */
  readonly expand?: (values: Values) => Values[];
  readonly Fields: ComponentType<FieldsProps<Item, Values>>;
  readonly add:
    | ((bodies: readonly Body[], saving: Saving, decisions: readonly Decision[] | null) => Promise<void>)
    | null;
  readonly change: (edits: readonly Edit<Item, Body>[], saving: Saving) => Promise<void>;
  readonly secondary?: (item: Item) => Secondary;
  /** The label of the button that saves, if saving does more than change fields; null: it does not. */
  readonly saveAs?: (item: Item) => string | null;
  /** The field of a refusal that has none; null: the refusal is shown in a dialog. */
  readonly fieldOfRefusal?: (problem: Problem) => (keyof Values & string) | null;
  /** Records cannot be edited together. */
  readonly isSingle?: true;
  /** The change whose cases are shown before an edit is saved; null: it is saved at once. */
  readonly shownFirst?: (item: Item, edit: Partial<Body>) => PlannedChange | null;
};

type Props<Item extends RecordItem, Values extends object, Body extends object> = {
  page: RecordsPage<Item, Values, Body>;
  /** Null: not loaded yet. */
  items: readonly Item[] | null;
  /** Shown above the list. */
  tools?: ReactNode;
};

/** The list of a page, and next to it the form of the open records. */
export function Records<Item extends RecordItem, Values extends object, Body extends object>({
  page,
  items,
  tools,
}: Props<Item, Values, Body>) {
  const open = useStore(administrationStore, (state) => state.open);
  const drafts = useStore(administrationStore, (state) => state.drafts);
  return (
    <>
      <RecordList
        label={words.page[page.id]}
        items={items}
        columns={page.columns}
        nameOf={page.nameOf}
        openIds={open ?? none}
        hasDraft={(id) => drafts.has(draftKey(page.id, [id]))}
        isRetired={page.isRetired}
        retiredWords={page.retiredWords}
        isFirst={page.isFirst}
        order={page.order}
        empty={page.empty}
        canAdd={page.add !== null}
        open={openRecords}
        openTogether={page.isSingle ? null : openRecords}
        tools={tools}
      />
      {open && items && (
        <ReturnFocus key={draftKey(page.id, open)}>
          <RecordPanel page={page} items={items} ids={open} closed={() => closeRecords(page.id, open)} />
        </ReturnFocus>
      )}
    </>
  );
}

const none: readonly string[] = [];
/** In place of an id. */
const newRecord = '';

/** Closes the form of these records, if it is still the open one. */
function closeRecords(page: PageId, ids: readonly string[]) {
  const now = administrationStore.getState();
  if (now.page === page && now.open && draftKey(page, now.open) === draftKey(page, ids)) openRecords(null);
}

type Decided = readonly Decision[] | null;
type Blocked = {
  /** Null: it has not been sent. */
  problem: Problem | null;
  /** Null: no decision takes anything out of its way. */
  change: PlannedChange | null;
  save: (decisions: Decided) => void;
};

/** The form of a new record, of one, or of several together. */
export function RecordPanel<Item extends RecordItem, Values extends object, Body extends object>({
  page,
  items,
  ids,
  closed,
  isPage = false,
  takesFocus = true,
}: {
  page: RecordsPage<Item, Values, Body>;
  items: readonly Item[];
  ids: readonly string[];
  closed: () => void;
  /** It is the whole page, without a list. */
  isPage?: boolean;
  takesFocus?: boolean;
}) {
  const { Fields } = page;
  const titleId = useId();
  const { why, changing } = useChanging(unreachableReason);
  const opened = useMemo(() => items.filter(({ id }) => ids.includes(id)), [items, ids]);
  const isNew = ids.length === 0;
  const isGone = !isNew && opened.length < ids.length;
  const latest = useMemo(() => commonValues(page, opened), [page, opened]);
  const [blocked, setBlocked] = useState<Blocked | null>(null);
  const [isStale, setStale] = useState(false);
  const form = useRecordForm<Values>({
    key: draftKey(page.id, ids),
    ids,
    latest: isGone ? null : latest,
    check: (values, changed) => check(page, { values, changed, items, opened }),
  });
  const { values, changed, isSaving } = form;
  // The same entries keep the same bodies, and these keep their idempotency keys.
  const bodies = useMemo(() => (page.expand?.(values) ?? [values]).map(page.bodyOf), [page, values]);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (takesFocus) panel.current?.querySelector<HTMLElement>('input, textarea')?.focus();
  }, [takesFocus]);

  const item = opened.length === 1 && ids.length === 1 ? (opened[0] ?? null) : null;
  const saveAs = (item && page.saveAs?.(item)) ?? null;

  const close = () => {
    form.discard();
    closed();
  };
  /** Sends a command. `again` repeats it with the decisions about the cases in the way of a record. */
  const attempt = (
    run: (saving: Saving) => Promise<void>,
    saved: () => void,
    again: (decisions: Decided, id: string) => void,
  ) => {
    if (isGone || toastIfCutOff(unreachableReason())) return;
    setStale(false);
    const refused: Saving['refused'] = (problem, of) => {
      const { id = newRecord, change = null, hasDecisions = false } = of ?? {};
      if (hasDecisions || (problem.code === 'in_use' && problem.blockers?.length))
        setBlocked({ problem, change, save: (decisions) => again(decisions, id) });
      else if (problem.code === 'stale_version') setStale(true);
      else {
        const field = page.fieldOfRefusal?.(problem);
        return field ? form.showAtFields([{ field, reason: problem.detail }]) : false;
      }
      return true;
    };
    const done = () => {
      setBlocked(null);
      saved();
    };
    void form.save(() => run({ saved: done, showAtFields: form.showAtFields, refused }));
  };
  const saveWith = (decided: Readonly<Record<string, Decided>>) =>
    attempt(
      (saving) =>
        isNew && page.add
          ? page.add(bodies, saving, decided[newRecord] ?? null)
          : page.change(editsWith(decided), saving),
      close,
      (decisions, id) => saveWith({ ...decided, [id]: decisions }),
    );
  const editsWith = (decided: Readonly<Record<string, Decided>>) =>
    opened
      .map((each) => ({
        item: each,
        edit: editOf(page, each, withFields(page.valuesOf(each), values, changed)),
        decisions: decided[each.id] ?? null,
      }))
      .filter(({ edit }) => Object.keys(edit).length > 0);
  const save = () => {
    const isChanged = isNew || saveAs !== null || editsWith({}).length > 0;
    if (!isChanged && !isGone) return close();
    const [first] = editsWith({});
    const change = (item && first && page.shownFirst?.(item, first.edit)) ?? null;
    if (!item || !change || isGone) {
      setBlocked(null);
      return saveWith({});
    }
    if (toastIfCutOff(unreachableReason())) return;
    void form.save(() => {
      setBlocked({ problem: null, change, save: (decisions) => saveWith({ [item.id]: decisions }) });
      return Promise.resolve();
    });
  };
  const runSecondary = ({ label, run }: Secondary, decisions: Decided = null) =>
    attempt(
      (saving) => run(decisions, saving),
      // Entries that are not saved stay.
      () => changed.length === 0 && close(),
      (decided) => runSecondary({ label, run }, decided),
    );
  const { onKeyDown, isEscPending } = useFormKeys({
    confirm: save,
    keep: save,
    leave: close,
    extend: null,
    isChanged: changed.length > 0 && !isSaving,
  });
  const secondary = item && page.secondary?.(item);

  return (
    <section
      ref={panel}
      tabIndex={-1}
      className={styles.panel}
      data-page={isPage || undefined}
      aria-labelledby={titleId}
      onKeyDown={onKeyDown}
    >
      <h2 id={titleId} className={styles.title}>
        {isPage
          ? words.page[page.id]
          : isNew
            ? page.newTitle
            : item
              ? words.edit(page.nameOf(item))
              : words.several(ids.length)}
      </h2>
      <div className={styles.body}>
        {why !== null && <Callout>{why}</Callout>}
        {isGone && <Callout>{words.gone}</Callout>}
        {isStale && <Callout>{words.isStale}</Callout>}
        {item && page.isRetired?.(item) && (
          <Callout kind="info">{page.retiredWords?.help ?? words.isRetired}</Callout>
        )}
        {ids.length > 1 && <p className={styles.dimmed}>{words.severalHelp}</p>}
        <Fields form={form} items={items} item={item} isNew={isNew} />
        {blocked?.change && (
          <InTheWay
            key={`${blocked.change.command} ${JSON.stringify(changed)}`}
            change={blocked.change}
            problem={blocked.problem}
            isSaving={isSaving}
            save={blocked.save}
            saveAlone={page.shownFirst ? () => blocked.save(null) : null}
          />
        )}
        {blocked && !blocked.change && (
          <Unmovable blockers={blocked.problem?.blockers ?? []} detail={words.moveFirst} />
        )}
        {isEscPending && <Callout>{words.escAgain}</Callout>}
      </div>
      <div className={styles.foot}>
        <KeyButton keys="Ctrl+Enter" loading={isSaving} {...changing(save)}>
          {saveAs ?? words.save}
        </KeyButton>
        {secondary && (
          <Button
            size="xs"
            variant="default"
            {...changing(() => {
              setBlocked(null);
              runSecondary(secondary);
            })}
          >
            {secondary.label}
          </Button>
        )}
        <span className={styles.gap} />
        <KeyButton keys="Escape" variant="default" onClick={close}>
          {words.close}
        </KeyButton>
      </div>
    </section>
  );
}

/** The values that all of these records have; blank where they differ. */
function commonValues<Item extends RecordItem, Values extends object, Body extends object>(
  { blank, valuesOf }: RecordsPage<Item, Values, Body>,
  items: readonly Item[],
): Values {
  const [first, ...others] = items.map(valuesOf);
  if (!first) return blank;
  const fields = Object.keys(first) as (keyof Values)[];
  return Object.fromEntries(
    fields.map((field) => [
      field,
      others.every((other) => isSame(other[field], first[field])) ? first[field] : blank[field],
    ]),
  ) as Values;
}

const withFields = <Values extends object>(
  own: Values,
  entered: Values,
  fields: readonly (keyof Values)[],
): Values => ({ ...own, ...Object.fromEntries(fields.map((field) => [field, entered[field]])) });

/** The fields of the command that the entries change. */
function editOf<Item extends RecordItem, Values extends object, Body extends object>(
  { bodyOf, valuesOf }: RecordsPage<Item, Values, Body>,
  item: Item,
  values: Values,
): Partial<Body> {
  const [before, after] = [bodyOf(valuesOf(item)), bodyOf(values)];
  return Object.fromEntries(
    Object.entries(after).filter(([field, value]) => !isSame(value, before[field as keyof Body])),
  ) as Partial<Body>;
}

type Entries<Item, Values> = {
  values: Values;
  changed: readonly (keyof Values)[];
  items: readonly Item[];
  opened: readonly Item[];
};

/** Checks the entries by the contract of the server, for each record that they would make. */
function check<Item extends RecordItem, Values extends object, Body extends object>(
  page: RecordsPage<Item, Values, Body>,
  { values, changed, items, opened }: Entries<Item, Values>,
): Errors {
  const checked =
    opened.length === 0
      ? (page.expand?.(values) ?? [values]).map((each) => ({ values: each, of: null }))
      : opened.map((item) => ({ values: withFields(page.valuesOf(item), values, changed), of: item }));
  for (const { values: each, of } of checked) {
    const errors = page.errorsOf?.(each, { items, of }) ?? {};
    if (Object.keys(errors).length > 0) return errors;
    const { error } = page.schema.safeParse(page.bodyOf(each), { error: validationMessage });
    if (error) {
      return Object.fromEntries(
        error.issues.toReversed().map(({ path, message }) => [fieldOf(path.join('.')), message]),
      );
    }
  }
  return {};
}
