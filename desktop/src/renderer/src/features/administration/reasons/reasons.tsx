import { isSameCode, listedReason, reasonKind, reasonsFor } from '@slate/shared/reasons';
import type { ListedReason, ReasonKind } from '@slate/shared/reasons';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { changeReasons } from '../../../commands/administration.ts';
import { boardStore } from '../../../stores/board.ts';
import { adminWords, reasonWords as words } from '../../../words/administration.ts';
import { NumberField, SelectField, TextField } from '../frame/fields.tsx';
import { Records } from '../frame/records.tsx';
import type { Edit, FieldsProps, RecordsPage } from '../frame/records.tsx';
import styles from '../frame/record-panel.module.css';

/** A reason of the site. `place`: the digit that chooses it among the offered reasons of its command; '' if it is retired. */
type Item = ListedReason & { id: string; place: number | '' };
type Values = { kind: ReasonKind; text: string; code: string; place: number | '' };
type Body = Pick<ListedReason, 'kind' | 'text' | 'code'> & { place: number | null };

/** The code as typed, or made from the text. */
const codeOf = ({ code, text }: Pick<ListedReason, 'code' | 'text'>) =>
  code.trim() ||
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_0-9]+|_$/g, '')
    .slice(0, 40);

/** Returns the lists with this reason at a place among the offered ones of its command; null: where it is, or at the end. */
function withReason(
  reasons: readonly ListedReason[],
  reason: ListedReason,
  place: number | null,
): ListedReason[] {
  const at = reasons.findIndex(isSameCode(reason));
  if (place === null) return at < 0 ? [...reasons, reason] : reasons.with(at, reason);
  const others = reasons.filter((each) => !isSameCode(reason)(each));
  const following = reasonsFor(others, reason.kind)[place - 1];
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
  retiredWords: { show: adminWords.showRetired, mark: adminWords.retired, help: words.isRetired },
  blank: { kind: 'cancel', text: '', code: '', place: '' },
  valuesOf: ({ kind, text, code, place }) => ({ kind, text, code, place }),
  bodyOf: ({ kind, text, code, place }) => ({
    kind,
    text,
    code: codeOf({ code, text }),
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
    const isSame = isSameCode({ kind, code: codeOf({ code, text }) });
    const isTaken = items.some((item) => item !== of && isSame(item));
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
    label: item.active ? adminWords.retire : adminWords.restore,
    run: (_decisions, saving) => {
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
    place: reason.active ? reasonsFor(reasons.slice(0, at + 1), reason.kind).length : '',
  }));
