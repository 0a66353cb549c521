import { Button } from '@mantine/core';
import type { PlannedChange } from '@slate/shared/contract/consequences';
import type { Decision } from '@slate/shared/contract/decisions';
import type { Blocker, FieldError, Problem } from '@slate/shared/errors';
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
import { ruleWords as words } from '../../../words/rules.ts';
import { InTheWay } from './in-the-way.tsx';
import panelStyles from './record-panel.module.css';
import { useRecordForm } from './use-record-form.ts';
import type { Errors, RecordForm } from './use-record-form.ts';
import { usePreview } from './use-preview.ts';
import type { AskForEffect } from './use-preview.ts';

export type EffectProps<Effect> = {
  effect: Effect;
  /** The cases in the way that a refusal named, if they differ from those of the effect; otherwise null. */
  blockers: readonly Blocker[] | null;
};

/** The parts of a command besides its rule. `decisions`: null before there are any. */
type Terms = { saving: Saving; decisions: readonly Decision[] | null };

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
  /** Whether cases are in the way of an edit with this effect. */
  hasCases: (effect: Effect) => boolean;
  /** The command of an edit, without decisions. */
  changeOf: (values: Values) => PlannedChange;
  isGone: boolean;
  save: (values: Values, terms: Terms) => Promise<void>;
  /** Null: a new record. `edit`: the removal, if its effect is shown first. */
  removal: { edit: Edit | null; change: PlannedChange; run: (terms: Terms) => Promise<void> } | null;
  children: (form: RecordForm<Values>) => ReactNode;
};

/** The form of a rule, such as a template of blocks. Saving first shows what changes, and only then does it. */
export function RulePanel<Values extends object, Edit, Effect>(props: Props<Values, Edit, Effect>) {
  const { page, ids, title, latest, check, fieldOf, editOf, ask, hasCases, removal, isGone, save } = props;
  const key = draftKey(page, ids);
  const titleId = useId();
  const { why, changing } = useChanging(unreachableReason);
  const [isStale, setStale] = useState(false);
  const [found, setFound] = useState<{ edit: string; problem: Problem } | null>(null);
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
    refused: (problem, of) => {
      const { code, blockers = [] } = problem;
      // A block in the way takes no decision.
      if (of?.hasDecisions || (code === 'in_use' && blockers.some(({ kind }) => kind !== 'block')))
        setFound({ edit: JSON.stringify(edit), problem });
      else if (code === 'stale_version') setStale(true);
      else return false;
      return true;
    },
  };
  const preview = usePreview(title, saving, ask);
  const edit = editOf(values);
  const effect = preview.effectOf(edit);
  const removed = removal?.edit ? preview.effectOf(removal.edit) : null;
  const shown = effect ?? removed;
  const problem = found?.edit === JSON.stringify(edit) ? found.problem : null;
  // The change that waits for decisions, and the function that makes it with them.
  const waiting =
    effect && (hasCases(effect) || problem)
      ? { change: props.changeOf(values), run: (terms: Terms) => save(values, terms) }
      : removal && (removed ? hasCases(removed) || problem : removal.edit === null && problem)
        ? removal
        : null;

  const make = (run: (terms: Terms) => Promise<void>, decisions: Terms['decisions']) => {
    if (!toastIfCutOff(unreachableReason())) void form.save(() => run({ saving, decisions }));
  };
  const confirm = () => {
    if (isGone || toastIfCutOff(unreachableReason())) return;
    setStale(false);
    if (ids.length > 0 && changed.length === 0) return close();
    if (!effect) return void form.save(() => preview.load(edit));
    if (!waiting) make((terms) => save(values, terms), null);
  };
  const confirmRemoval = () => {
    if (!removal || (removed && waiting)) return;
    const { edit: first, run } = removal;
    if (first === null || removed) make(run, null);
    else void form.save(() => preview.load(first));
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
        {shown && props.show({ effect: shown, blockers: problem?.blockers ?? null }, form)}
        {waiting && (
          <InTheWay
            key={waiting.change.command + JSON.stringify(edit)}
            change={waiting.change}
            problem={problem}
            isSaving={isSaving}
            save={(decisions) => make(waiting.run, decisions)}
          />
        )}
        {isEscPending && <Callout>{adminWords.escAgain}</Callout>}
      </div>
      <div className={panelStyles.foot}>
        <KeyButton keys="Ctrl+Enter" loading={isSaving} {...changing(confirm)}>
          {effect ? adminWords.save : words.preview}
        </KeyButton>
        {removal && (
          <Button size="xs" variant="default" {...changing(confirmRemoval)}>
            {removed ? words.removeNow : words.remove}
          </Button>
        )}
        <span className={panelStyles.gap} />
        <KeyButton keys="Escape" variant="default" onClick={close}>
          {adminWords.close}
        </KeyButton>
      </div>
    </section>
  );
}
