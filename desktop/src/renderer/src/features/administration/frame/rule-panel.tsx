import { Button } from '@mantine/core';
import type { Blocker, FieldError } from '@slate/shared/errors';
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
import { usePreview } from './use-preview.ts';
import type { AskForEffect } from './use-preview.ts';

export type EffectProps<Effect> = {
  effect: Effect;
  /** The cases in the way, if the refusal of a save named others than the effect; null: it has not. */
  blockers: readonly Blocker[] | null;
  isSaving: boolean;
  /** Saves the form and sends these cases to the depot, in one command. */
  save: (bump: readonly string[]) => void;
};

type Props<Values extends object, Edit, Effect> = {
  page: PageId;
  /** The open record: none is a new one. */
  ids: readonly string[];
  title: string;
  latest: Values;
  check: (values: Values) => Errors;
  /** The field of a form for the path of an error. */
  fieldOf: (path: string) => string;
  editOf: (values: Values) => Edit;
  ask: AskForEffect<Edit, Effect>;
  /** Shows what an edit would do. */
  show: (props: EffectProps<Effect>, form: RecordForm<Values>) => ReactNode;
  /** Whether an edit with this effect waits for decisions, or for cases to be moved. */
  isBlocked: (effect: Effect) => boolean;
  /** Cases in the way get a decision in the form. Otherwise a refusal that names them is shown in a dialog. */
  takesDecisions?: true;
  isGone: boolean;
  save: (values: Values, effect: Effect, saving: Saving, bump: readonly string[]) => Promise<void>;
  /** Null: a new record. `edit`: the removal, if its effect is shown first. */
  removal: { edit: Edit | null; run: (effect: Effect | null, saving: Saving) => Promise<void> } | null;
  children: (form: RecordForm<Values>) => ReactNode;
};

/** The form of a rule, such as a template of blocks. Saving first shows what changes, and only then does it. */
export function RulePanel<Values extends object, Edit, Effect>(props: Props<Values, Edit, Effect>) {
  const { page, ids, title, latest, check, fieldOf, editOf, ask, isBlocked, removal, isGone, save } = props;
  const key = draftKey(page, ids);
  const titleId = useId();
  const { why, changing } = useChanging(unreachableReason);
  const [isStale, setStale] = useState(false);
  const [found, setFound] = useState<{ edit: string; blockers: readonly Blocker[] } | null>(null);
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
    refused: ({ code, blockers = [] }) => {
      if (code === 'stale_version') setStale(true);
      else if (code === 'in_use' && props.takesDecisions && blockers.length > 0)
        setFound({ edit: JSON.stringify(edit), blockers });
      else return false;
      return true;
    },
  };
  const preview = usePreview(title, saving, ask);
  const edit = editOf(values);
  const effect = preview.effectOf(edit);
  const removed = removal?.edit ? preview.effectOf(removal.edit) : null;
  const shown = effect ?? removed;
  const blockers = found?.edit === JSON.stringify(edit) ? found.blockers : null;

  const saveNow = (bump: readonly string[]) => {
    if (effect && !toastIfCutOff(unreachableReason()))
      void form.save(() => save(values, effect, saving, bump));
  };
  const confirm = () => {
    if (isGone || toastIfCutOff(unreachableReason())) return;
    setStale(false);
    if (ids.length > 0 && changed.length === 0) return close();
    if (!effect) return void form.save(() => preview.load(edit));
    if (!isBlocked(effect) && !blockers) saveNow([]);
  };
  const confirmRemoval = () => {
    if (!removal || (removed && isBlocked(removed))) return;
    void form.save(() =>
      removal.edit === null || removed ? removal.run(removed, saving) : preview.load(removal.edit),
    );
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
        {shown && props.show({ effect: shown, blockers, isSaving, save: saveNow }, form)}
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
