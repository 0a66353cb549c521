import { Button, UnstyledButton } from '@mantine/core';
import { useEffect, useId, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { boardStore, nameOf } from '../../stores/board.ts';
import { serverNow, useNow } from '../../stores/clock.ts';
import { tellCutOff } from '../../stores/cut-off.ts';
import { closeDialog } from '../../stores/dialogs.ts';
import type { RefusalDialog } from '../../stores/dialogs.ts';
import { zoneNow } from '../../stores/view.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { alternativeWords, distanceWords, refusalOf, refusalWords as words } from '../../words/refusals.ts';
import { Floating } from '../../forms/floating.tsx';
import { KeyButton } from '../../forms/key-button.tsx';
import { Blockers } from './blockers.tsx';
import { WhatChanged } from './what-changed.tsx';
import styles from './refusal.module.css';

/** Keys that were still meant for something else when the refusal came must not choose here. */
const armedAfterMs = 350;

/** What was refused: why, who was faster, and where it would fit instead. */
export function Refusal({ dialog }: { dialog: RefusalDialog }) {
  const { problem, title, seen, asked, retry, again } = dialog;
  const [openedAt] = useState(serverNow);
  const [isArmed, setArmed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setArmed(true), armedAfterMs);
    return () => clearTimeout(timer);
  }, []);
  const titleId = useId();
  const textId = useId();
  const hasBoard = useStore(boardStore, (state) => state.view !== null);
  const now = useNow(1000);
  const waitMs = problem.retryAfter === undefined ? 0 : problem.retryAfter * 1000 - (now - openedAt);
  const { what, now: advice } = refusalOf[problem.code];
  const { errors = [] } = problem;
  // Whose block it is, and what to do then, the server says as it was said before it was asked.
  const isOthersBlock = problem.blockers?.some(({ kind }) => kind === 'block') ?? false;
  const blockers = isOthersBlock ? [] : (problem.blockers ?? []);
  const alternatives = retry ? (problem.alternatives ?? []) : [];
  const isTaken = problem.code === 'slot_taken' || problem.code === 'pool_exhausted';

  const take = (index: number) => {
    const place = alternatives[index];
    if (!place || !retry || tellCutOff()) return;
    closeDialog();
    retry(place);
  };
  const repeat = () => {
    if (!again || waitMs > 0 || tellCutOff()) return;
    closeDialog();
    again();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      closeDialog();
    } else if (/^[1-3]$/.test(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      if (isArmed) take(Number(event.key) - 1);
    }
  };
  return (
    <Floating
      // Beside the case it is about, or the one that was faster.
      caseId={seen?.id ?? blockers[0]?.caseId ?? null}
      role="alertdialog"
      labelledBy={titleId}
      describedBy={textId}
      onKeyDown={onKeyDown}
    >
      <div className={styles.refusal} data-armed={isArmed} data-autofocus tabIndex={-1}>
        <h2 id={titleId} className={styles.title}>
          <span aria-hidden="true">✕ </span>
          {words.title(title)}
        </h2>
        <div id={textId} className={styles.text}>
          <p className={styles.what}>{what}</p>
          {blockers.length > 0 && hasBoard ? (
            <Blockers blockers={blockers} />
          ) : errors.length > 0 ? (
            <ul className={styles.list}>
              {errors.map(({ field, reason }) => (
                <li key={`${field} ${reason}`}>{reason}</li>
              ))}
            </ul>
          ) : (
            <p>{problem.detail}</p>
          )}
          {problem.code === 'stale_version' && seen && <WhatChanged seen={seen} />}
          {!isOthersBlock && (
            <p>
              {isTaken && alternatives.length === 0
                ? retry
                  ? words.noAlternatives
                  : words.elsewhere
                : advice}
            </p>
          )}
        </div>
        {alternatives.length > 0 && (
          <section aria-label={words.alternatives}>
            <h3 className={styles.heading}>{words.alternatives}</h3>
            {alternatives.map((place, index) => (
              <UnstyledButton
                key={`${place.roomId} ${place.start}`}
                className={styles.alternative}
                aria-keyshortcuts={String(index + 1)}
                onClick={() => take(index)}
              >
                <Kbd isHidden>{index + 1}</Kbd>
                <b>{alternativeWords(place, nameOf(place.roomId), zoneNow())}</b>
                <span className={styles.distance}>{distanceWords(place, asked)}</span>
              </UnstyledButton>
            ))}
          </section>
        )}
        <div className={styles.foot}>
          {again && (
            <Button size="xs" disabled={waitMs > 0} onClick={repeat}>
              {waitMs > 0
                ? words.againIn(Math.ceil(waitMs / 1000))
                : problem.code === 'stale_version'
                  ? words.anyway
                  : words.again}
            </Button>
          )}
          <span className={styles.request}>
            {problem.code === 'internal' &&
              problem.requestId !== undefined &&
              words.request(problem.requestId)}
          </span>
          <KeyButton keys="Escape" variant="default" onClick={closeDialog}>
            {words.close}
          </KeyButton>
        </div>
      </div>
    </Floating>
  );
}
