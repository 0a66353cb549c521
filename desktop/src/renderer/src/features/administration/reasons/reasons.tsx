import { listedReason, reasonKind } from '@slate/shared/reasons';
import type { ListedReason, ReasonKind } from '@slate/shared/reasons';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { changeReasons } from '../../../commands/administration.ts';
import { boardStore } from '../../../stores/board.ts';
import { reasonWords as words } from '../../../words/administration.ts';
import { NumberField, SelectField, TextField } from '../frame/fields.tsx';
import { Records } from '../frame/records.tsx';
import type { Edit, FieldsProps, RecordsPage } from '../frame/records.tsx';
import styles from '../frame/record-panel.module.css';

/** A reason of the site, and its place among those of its command; the digit that chooses it. */
type Item = ListedReason & { id: string; place: number };
type Values = { kind: ReasonKind; text: string; code: string; place: number | '' };
type Body = Pick<ListedReason, 'kind' | 'text' | 'code'> & { place: number | null };

const codeOf = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_0-9]+|_$/g, '')
    .slice(0, 40);

const isSameCode =
  (one: Pick<ListedReason, 'kind' | 'code'>) => (other: Pick<ListedReason, 'kind' | 'code'>) =>
    one.kind === other.kind && one.code === other.code;

/** Returns the lists with this reason at a place among those of its command; null: where it is, or at the end. */
function withReason(
  reasons: readonly ListedReason[],
  reason: ListedReason,
  place: number | null,
): ListedReason[] {
  const at = reasons.findIndex(isSameCode(reason));
  if (place === null) return at < 0 ? [...reasons, reason] : reasons.with(at, reason);
  const others = reasons.filter((each) => !isSameCode(reason)(each));
  const following = others.filter(({ kind }) => kind === reason.kind)[place - 1];
  return following ? others.toSpliced(others.indexOf(following), 0, reason) : [...others, reason];
}

const save = (edits: readonly Edit<Item, Body>[], saving: Parameters<typeof changeReasons>[2]) =>
  changeReasons(
    edits.map(({ item }) => item.text),
    (reasons) =>
      edits.reduce<ListedReason[]>(
        (list, { item: { kind, code, text, active }, edit }) => {
          const { place = null, text: newText = text } = edit;
          return withReason(list, { kind, code, text: newText, active }, place);
        },
        [...reasons],
      ),
    saving,
  );

const page: RecordsPage<Item, Values, Body> = {
  id: 'reasons',
  newTitle: words.new,
  columns: [
    { id: 'kind', header: words.kind, width: '150px', read: ({ kind }) => words.kinds[kind] },
    { id: 'place', header: words.place, width: '70px', read: ({ place }) => place },
    { id: 'text', header: words.text, width: 'minmax(160px, 1.5fr)', read: ({ text }) => text },
    { id: 'code', header: words.code, width: 'minmax(120px, 1fr)', read: ({ code }) => code },
  ],
  nameOf: ({ text }) => text,
  isRetired: ({ active }) => !active,
  retiredWords: { show: words.showRetired, mark: words.retired, help: words.isRetired },
  blank: { kind: 'cancel', text: '', code: '', place: '' },
  valuesOf: ({ kind, text, code, place }) => ({ kind, text, code, place }),
  bodyOf: ({ kind, text, code, place }) => ({
    kind,
    text,
    code: code.trim() === '' ? codeOf(text) : code.trim(),
    place: place === '' || place < 1 ? null : place,
  }),
  schema: {
    safeParse: (body, messages) => {
      const { place: _place, ...reason } = body as Body;
      return listedReason.omit({ active: true }).safeParse(reason, messages);
    },
  },
  errorsOf: ({ kind, text, code }, { items, of }) => {
    if (text.trim() === '') return {};
    const isTaken = items.some(
      (item) => item !== of && isSameCode({ kind, code: code || codeOf(text) })(item),
    );
    return isTaken ? { code: words.codeTaken } : {};
  },
  Fields,
  add: async ([body], saving) => {
    if (!body) return;
    const { place, ...reason } = body;
    await changeReasons(
      [reason.text],
      (reasons) => withReason(reasons, { ...reason, active: true }, place),
      saving,
    );
  },
  change: save,
  secondary: (item) => ({
    label: item.active ? words.retire : words.restore,
    run: (_bump, saving) => {
      const { kind, code, text, active } = item;
      return changeReasons(
        [text],
        (reasons) => withReason(reasons, { kind, code, text, active: !active }, null),
        saving,
      );
    },
  }),
  isSingle: true,
};

const kinds = reasonKind.options.map((value) => ({ value, label: words.kinds[value] }));

function Fields({ form, isNew }: FieldsProps<Item, Values>) {
  return (
    <>
      <SelectField form={form} field="kind" label={words.kind} options={kinds} isFixed={!isNew} />
      <TextField form={form} field="text" label={words.text} />
      {isNew ? (
        <TextField form={form} field="code" label={words.code} help={words.codeHelp} />
      ) : (
        <p className={styles.dimmed}>{words.codeIs(form.values.code)}</p>
      )}
      <NumberField form={form} field="place" label={words.place} help={words.placeHelp} />
    </>
  );
}

/** The reasons that the console offers for cancelling, delaying and other commands. */
export function Reasons() {
  const reasons = useStore(boardStore, ({ view }) => view?.board.site.reasons ?? null);
  const items = useMemo(() => reasons && itemsOf(reasons), [reasons]);
  return <Records page={page} items={items} />;
}

const itemsOf = (reasons: readonly ListedReason[]): Item[] =>
  reasons.map((reason, at) => ({
    ...reason,
    id: `${reason.kind} ${reason.code}`,
    place: reasons.slice(0, at + 1).filter(({ kind }) => kind === reason.kind).length,
  }));
