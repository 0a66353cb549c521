import { Button } from '@mantine/core';
import { useEffect, useId, useRef } from 'react';
import { useStore } from 'zustand';
import { extendHold, holdAgain, releaseHold, takeOver } from '../../commands/hold.ts';
import { Floating } from '../../forms/floating.tsx';
import { KeyButton } from '../../forms/keys.tsx';
import { useChanging } from '../../forms/use-changing.ts';
import { useFormKeys } from '../../forms/use-form-keys.ts';
import { boardStore, nameOf } from '../../stores/board.ts';
import { useClock, useNow } from '../../stores/clock.ts';
import { toastIfCutOff } from '../../stores/cut-off.ts';
import { closeDialog } from '../../stores/dialogs.ts';
import { forgetDraft } from '../../stores/drafts.ts';
import { myScope } from '../../stores/session.ts';
import { announceNow } from '../../stores/announcements.ts';
import { zoneNow } from '../../stores/view.ts';
import { Callout } from '../../ui/callout.tsx';
import { caseFormWords as words } from '../../words/case-form.ts';
import { nameOfCase } from '../../words/cases.ts';
import { showsEnd } from '../../stores/hold-time.ts';
import { countdown, spokenCountdown, timeWithSeconds } from '../../words/time.ts';
import { Fields } from './fields.tsx';
import { PreviewLines } from './preview-lines.tsx';
import { blockingErrors, submit, showErrors } from './submit.ts';
import { useForm } from './use-form.ts';
import { useHold, useAvailability } from './use-hold.ts';
import styles from './form.module.css';

/** The form of a hold, next to its card. It must be quick to fill in, because the person is on the phone. */
export function HoldForm({ caseId }: { caseId: string }) {
  const hold = useHold(caseId);
  const form = useForm(caseId, hold?.phase === 'others');
  const titleId = useId();
  const holdMs = useStore(boardStore, ({ view }) => (view?.board.site.settings.holdSeconds ?? 0) * 1000);
  const wasMine = useRef(false);
  const phase = hold?.phase;
  if (phase === 'mine') wasMine.current = true;

  const until = hold?.item.expiresAt ?? null;
  const isAlmostOver = useClock(1000, (now) => until !== null && Date.parse(until) - now < nearMs);
  const isNear = phase === 'mine' && isAlmostOver;
  useEffect(() => {
    if (isNear) announceNow(words.expiring(spokenCountdown(nearMs)));
  }, [isNear]);
  const isOver = phase === 'expired' || phase === 'ended';
  const availability = useAvailability(isOver ? (form?.parsed.candidate ?? null) : null);
  const isRequested = hold?.isRequested ?? false;
  const over = isOver ? (isRequested ? words.notGranted : words[phase](availability)) : null;
  useEffect(() => {
    if (over !== null) announceNow(over);
  }, [over]);
  useEffect(() => {
    if (phase !== 'booked') return;
    forgetDraft(caseId);
    closeDialog();
  }, [phase, caseId]);

  const { why, changing } = useChanging();
  const leave = () => {
    // It cannot be released now, or is being booked: close the form and keep the draft.
    if (phase === 'mine' && (why !== null || form?.draft.isSaving)) return closeDialog();
    if (phase === 'mine' && hold) void releaseHold(hold.item);
    forgetDraft(caseId);
    closeDialog();
  };
  const repeatHold = () => {
    if (!hold || !form || toastIfCutOff()) return;
    const errors = blockingErrors(form, false);
    if (Object.keys(errors).length > 0) showErrors(caseId, errors);
    else void holdAgain(form.parsed.candidate, hold.now);
  };
  const keep = () => {
    if (isOver) repeatHold();
    else if (phase === 'others') leave();
    else if (form && !toastIfCutOff()) void submit(form, 'keep');
  };
  const confirm = () => {
    if (phase === 'mine' && form && !toastIfCutOff()) void submit(form, 'book');
    else if (isOver) repeatHold();
  };
  const extend =
    phase === 'mine' && hold && !isRequested ? () => void (toastIfCutOff() || extendHold(hold.item)) : null;
  const keepsDraft = phase === 'others' || why !== null || form?.draft.isSaving;
  const isChanged = (form?.parsed.isChanged ?? false) && !keepsDraft;
  const { onKeyDown, isEscPending } = useFormKeys({ confirm, keep, leave, extend, isChanged });

  if (!hold || !form || phase === 'booked') return null;
  const { item } = hold;
  const isSaving = form.draft.isSaving;
  const holder = item.holder?.name ?? '';
  const room = nameOf(item.roomId) || nameOfCase(item);
  return (
    <Floating caseId={caseId} labelledBy={titleId} onKeyDown={onKeyDown}>
      <div className={styles.head}>
        <h2 id={titleId} className={styles.title}>
          {isRequested ? words.requestedHold(room) : words.hold(room)}
        </h2>
        {!isRequested && <Countdown until={isOver ? null : until} ofMs={holdMs} />}
      </div>
      <div className={styles.body}>
        {why !== null && (
          <Callout>
            {why}{' '}
            {phase === 'mine' && until !== null
              ? words.holdExpires(timeWithSeconds(until, zoneNow()))
              : words.staysHere}
          </Callout>
        )}
        {isRequested && phase === 'mine' && <Callout>{words.notHeldYet}</Callout>}
        {over !== null && <Callout>{over}</Callout>}
        {phase === 'others' && (
          <Callout>{wasMine.current ? words.takenOver(holder) : words.others(holder)}</Callout>
        )}
        {isNear && extend && (
          <div className={styles.near}>
            <span>{words.nearEnd}</span>
            <KeyButton keys="Alt+E" size="compact-xs" variant="default" {...changing(extend)}>
              {words.extend}
            </KeyButton>
          </div>
        )}
        <Fields form={form} mayMove={myScope('case.schedule') === 'any'} hasTitle={false} />
        {!isOver && <PreviewLines candidate={form.parsed.candidate} />}
        {isEscPending && phase !== 'others' && (
          <Callout>{phase === 'mine' ? words.escOnce : words.escOnceClose}</Callout>
        )}
      </div>
      <div className={styles.foot}>
        {phase === 'mine' && (
          <>
            <KeyButton keys="Ctrl+Enter" loading={isSaving} {...changing(confirm)}>
              {words.confirm}
            </KeyButton>
            <KeyButton keys="Enter" variant="default" disabled={isSaving} {...changing(keep)}>
              {words.keep}
            </KeyButton>
            <span className={styles.gap} />
            <KeyButton keys="Escape" variant="default" disabled={isSaving} onClick={leave}>
              {isRequested ? words.takeBack : why === null ? words.release : words.cancel}
            </KeyButton>
          </>
        )}
        {isOver && (
          <KeyButton keys="Enter" {...changing(repeatHold)}>
            {words.holdAgain}
          </KeyButton>
        )}
        {phase === 'others' && myScope('hold.takeover') !== 'none' && (
          <Button size="xs" variant="default" {...changing(() => void takeOver(item))}>
            {words.takeOver}
          </Button>
        )}
        {phase !== 'mine' && (
          <>
            <span className={styles.gap} />
            <KeyButton keys="Escape" variant="default" onClick={leave}>
              {words.cancel}
            </KeyButton>
          </>
        )}
      </div>
    </Floating>
  );
}

/** With less time than this left, the form warns that the hold is about to expire. */
const nearMs = 30_000;

/** The time left, with a bar. The form announces it once, not every second. */
function Countdown({ until, ofMs }: { until: string | null; ofMs: number }) {
  const now = useNow(1000);
  const leftMs = until === null ? 0 : Math.max(0, Date.parse(until) - now);
  const part = Math.min(1, Math.max(0, ofMs === 0 ? 0 : leftMs / ofMs));
  return (
    <>
      <span className={styles.left} data-near={leftMs > 0 && leftMs < nearMs} role="timer" aria-live="off">
        <span aria-hidden="true">◔ </span>
        {until !== null && showsEnd() ? timeWithSeconds(until, zoneNow()) : countdown(leftMs)}
      </span>
      <span className={styles.bar} aria-hidden="true">
        <span style={{ width: `${part * 100}%` }} />
      </span>
    </>
  );
}
