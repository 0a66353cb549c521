import { Button } from '@mantine/core';
import type { BlockEdit } from '@slate/shared/contract/blocks';
import type { FieldError } from '@slate/shared/errors';
import { useEffect, useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { Saving } from '../../../commands/administration.ts';
import { KeyButton } from '../../../forms/keys.tsx';
import { useChanging } from '../../../forms/use-changing.ts';
import { useFormKeys } from '../../../forms/use-form-keys.ts';
import { administrationStore, draftKey, openRecords } from '../../../stores/administration.ts';
import type { PageId } from '../../../stores/administration.ts';
import { toastIfCutOff, unreachableReason } from '../../../stores/cut-off.ts';
import { Callout } from '../../../ui/callout.tsx';
import { adminWords } from '../../../words/administration.ts';
import { blockWords as words } from '../../../words/blocks.ts';
import panelStyles from './record-panel.module.css';
import { useRecordForm } from './use-record-form.ts';
import type { Errors, RecordForm } from './use-record-form.ts';
import { Effect } from '../blocks/effect.tsx';
import { usePreview } from './use-preview.ts';

type Terms = { leave: readonly string[]; saving: Saving };
type Props<Values extends object> = {
  page: PageId;
  /** The open record: none is a new one. */
  ids: readonly string[];
  title: string;
  latest: Values;
  check: (values: Values) => Errors;
  /** The field of a form for the path of an error. */
  fieldOf: (path: string) => string;
  editOf: (values: Values) => BlockEdit;
  /** Null: a new record. */
  removal: BlockEdit | null;
  isGone: boolean;
  save: (values: Values, terms: Terms) => Promise<void>;
  remove: (terms: Terms) => Promise<void>;
  children: (form: RecordForm<Values>) => ReactNode;
};

/** The form of a template or a holiday. Saving and removing first show what changes, and only then do it. */
export function RulePanel<Values extends object>(props: Props<Values>) {
  const { page, ids, title, latest, check, fieldOf, editOf, removal, isGone, save, remove } = props;
  const key = draftKey(page, ids);
  const titleId = useId();
  const { why, changing } = useChanging(unreachableReason);
  const [isStale, setStale] = useState(false);
  const form = useRecordForm<Values>({ key, ids, latest, check });
  const { values, changed, isSaving } = form;
  const close = () => {
    form.discard();
    if (draftKey(page, administrationStore.getState().open ?? []) === key) openRecords(null);
  };
  const saving: Saving = {
    saved: close,
    showAtFields: (errors: readonly FieldError[]) =>
      form.showAtFields(errors.map((error) => ({ ...error, field: fieldOf(error.field) }))),
    refused: ({ code }) => {
      if (code !== 'stale_version') return false;
      setStale(true);
      return true;
    },
  };
  const preview = usePreview(title, saving);
  const edit = editOf(values);
  const effect = preview.effectOf(edit);
  const removed = removal && preview.effectOf(removal);
  const shown = effect ?? removed;
  const isBlocked = shown?.cases.some(({ isOnList }) => isOnList) ?? false;
  const terms = { leave: shown?.cases.map(({ caseId }) => caseId) ?? [], saving };

  const confirm = () => {
    if (isGone || toastIfCutOff(unreachableReason())) return;
    setStale(false);
    if (ids.length > 0 && changed.length === 0) return close();
    if (effect && isBlocked) return;
    void form.save(() => (effect ? save(values, terms) : preview.load(edit)));
  };
  const confirmRemoval = () => {
    if (!removal || (removed && isBlocked)) return;
    void form.save(() => (removed ? remove(terms) : preview.load(removal)));
  };
  const { onKeyDown, isEscPending } = useFormKeys({
    confirm,
    keep: confirm,
    leave: close,
    extend: null,
    isChanged: changed.length > 0 && !isSaving,
  });
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.querySelector<HTMLElement>('input')?.focus(), []);

  return (
    <section ref={panel} className={panelStyles.panel} aria-labelledby={titleId} onKeyDown={onKeyDown}>
      <h2 id={titleId} className={panelStyles.title}>
        {title}
      </h2>
      <div className={panelStyles.body}>
        {why !== null && <Callout>{why}</Callout>}
        {isGone && <Callout>{adminWords.gone}</Callout>}
        {isStale && <Callout>{adminWords.isStale}</Callout>}
        {props.children(form)}
        {shown && <Effect effect={shown} />}
        {isEscPending && <Callout>{adminWords.escAgain}</Callout>}
      </div>
      <div className={panelStyles.foot}>
        <KeyButton keys="Ctrl+Enter" loading={isSaving} {...changing(confirm)}>
          {effect ? words.save : words.preview}
        </KeyButton>
        {removal && (
          <Button size="xs" variant="default" {...changing(confirmRemoval)}>
            {removed ? words.removeNow : words.remove}
          </Button>
        )}
        <span className={panelStyles.gap} />
        <KeyButton keys="Escape" variant="default" onClick={close}>
          {words.close}
        </KeyButton>
      </div>
    </section>
  );
}
