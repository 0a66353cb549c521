import { draftCase } from '@slate/shared/case-draft';
import { mayFrom } from '@slate/shared/case-state';
import type { Case } from '@slate/shared/cases';
import type { SiteSettings } from '@slate/shared/sites';
import { useEffect, useId } from 'react';
import { useStore } from 'zustand';
import { Floating } from '../../forms/floating.tsx';
import { KeyButton } from '../../forms/keys.tsx';
import { useChanging } from '../../forms/use-changing.ts';
import { useFormKeys } from '../../forms/use-form-keys.ts';
import { boardStore, caseName } from '../../stores/board.ts';
import { toastIfCutOff } from '../../stores/cut-off.ts';
import { closeDialog } from '../../stores/dialogs.ts';
import { forgetDraft, newCaseKey, updateDraft } from '../../stores/drafts.ts';
import { myScope } from '../../stores/session.ts';
import { Callout } from '../../ui/callout.tsx';
import { caseFormWords as words } from '../../words/case-form.ts';
import { stateWords } from '../../words/cases.ts';
import { Fields } from './fields.tsx';
import { PreviewLines } from './preview-lines.tsx';
import { addNew, submit } from './submit.ts';
import { useForm } from './use-form.ts';
import styles from './form.module.css';

/** The form of a booked case or a depot case. Without an id, of a new case for the depot. */
export function EditForm({ caseId }: { caseId: string | null }) {
  const key = caseId ?? newCaseKey;
  const titleId = useId();
  const live = useStore(boardStore, ({ view }) => view?.cases.get(caseId ?? ''));
  const site = useStore(boardStore, ({ view }) => view?.board.site);
  useEffect(() => {
    if (live) updateDraft(key, live, true);
    else if (caseId === null && site) updateDraft(key, blankCase(site.settings), true);
  }, [key, caseId, live, site]);
  const isOver = caseId !== null && site !== undefined && (!live || !mayFrom('change', live.state));
  const form = useForm(key, isOver);

  const { why, changing } = useChanging();
  const leave = () => {
    // While it is being saved, keep the draft in case the request is refused.
    if (!form?.draft.isSaving) forgetDraft(key);
    closeDialog();
  };
  const save = () => {
    if (!form || isOver || toastIfCutOff()) return;
    if (caseId === null) void addNew(form);
    else void submit(form, 'keep');
  };
  const { onKeyDown, isEscPending } = useFormKeys({
    confirm: save,
    keep: save,
    leave,
    extend: null,
    isChanged: (form?.parsed.isChanged ?? false) && !isOver && !form?.draft.isSaving,
  });
  if (!form) return null;
  const { candidate } = form.parsed;
  return (
    <Floating caseId={caseId} labelledBy={titleId} onKeyDown={onKeyDown}>
      <div className={styles.head}>
        <h2 id={titleId} className={styles.title}>
          {caseId === null ? words.add : words.edit(caseName(form.draft.item))}
        </h2>
      </div>
      <div className={styles.body}>
        {why !== null && !isOver && (
          <Callout>
            {why} {words.staysHere}
          </Callout>
        )}
        {isOver && <Callout>{words.cannotEdit(live ? stateWords[live.state] : words.goneFromBoard)}</Callout>}
        <Fields form={form} mayMove={myScope('case.schedule') === 'any'} hasTitle />
        {!isOver && form.parsed.isChanged && <PreviewLines candidate={candidate} />}
        {isEscPending && <Callout>{words.escOnceClose}</Callout>}
      </div>
      <div className={styles.foot}>
        {!isOver && (
          <KeyButton keys="Ctrl+Enter" loading={form.draft.isSaving} {...changing(save)}>
            {caseId === null ? words.addToDepot : words.save}
          </KeyButton>
        )}
        <span className={styles.gap} />
        <KeyButton keys="Escape" variant="default" onClick={leave}>
          {words.cancel}
        </KeyButton>
      </div>
    </Floating>
  );
}

/** A new case without any details. */
const blankCase = (settings: SiteSettings): Case => ({
  ...draftCase({}, { procedure: null, room: null, surgeon: null, settings }),
  id: '',
  number: 0,
  createdBy: '',
});
