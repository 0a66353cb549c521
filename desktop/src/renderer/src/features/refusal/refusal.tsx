import { Button, UnstyledButton } from '@mantine/core';
import type { Case } from '@slate/shared/cases';
import type { Blocker } from '@slate/shared/errors';
import { useEffect, useId, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { reveal } from '../../board/reveal.ts';
import { Floating } from '../../forms/floating.tsx';
import { KeyButton } from '../../forms/keys.tsx';
import { boardStore, caseName, caseNow, nameOf, namesOf } from '../../stores/board.ts';
import { serverNow, useNow } from '../../stores/clock.ts';
import { toastIfCutOff } from '../../stores/cut-off.ts';
import { closeAllDialogs, closeDialog } from '../../stores/dialogs.ts';
import type { RefusalDialog } from '../../stores/dialogs.ts';
import { isHeldByMe } from '../../stores/permissions.ts';
import { select, zoneNow } from '../../stores/view.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { differenceWords, differences } from '../../words/differences.ts';
import {
  alternativeWords,
  blockerWords,
  distanceWords,
  refusalOf,
  refusalWords as words,
} from '../../words/refusals.ts';
import styles from './refusal.module.css';

/** Ignores keys for this long, because they were probably meant for something else. */
const armedAfterMs = 350;

/** A refusal: the reason, the blockers, and the nearest times. */
export function Refusal({ dialog }: { dialog: RefusalDialog }) {
  const { problem, title, caseBefore, requested, retryAt, repeat } = dialog;
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
  // For another service's block, the server's sentence already says what to do.
  const isOthersBlock = problem.blockers?.some(({ kind }) => kind === 'block') ?? false;
  const blockers = isOthersBlock ? [] : (problem.blockers ?? []);
  const alternatives = retryAt ? (problem.alternatives ?? []) : [];
  const isTaken = problem.code === 'slot_taken' || problem.code === 'pool_exhausted';

  const take = (index: number) => {
    const place = alternatives[index];
    if (!place || !retryAt || toastIfCutOff()) return;
    closeDialog();
    retryAt(place);
  };
  const tryAgain = () => {
    if (!repeat || waitMs > 0 || toastIfCutOff()) return;
    closeDialog();
    repeat();
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
      // Next to the case of the command, or to the one in the way.
      caseId={caseBefore?.id ?? blockers[0]?.caseId ?? null}
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
          {problem.code === 'stale_version' && caseBefore && <Changes before={caseBefore} />}
          {!isOthersBlock && (
            <p>
              {isTaken && alternatives.length === 0
                ? retryAt
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
                <span className={styles.distance}>{distanceWords(place, requested)}</span>
              </UnstyledButton>
            ))}
          </section>
        )}
        <div className={styles.foot}>
          {repeat && (
            <Button size="xs" disabled={waitMs > 0} onClick={tryAgain}>
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

/** Lists what has changed since the person gave the command. Follows the board. */
function Changes({ before }: { before: Case }) {
  const view = useStore(boardStore, (state) => state.view);
  const now = view?.cases.get(before.id);
  const changes = now && view ? differences(before, now, namesOf(view)).map(differenceWords) : [];
  return (
    <>
      <h3 className={styles.heading}>{words.changed}</h3>
      <ul className={styles.list}>
        {changes.map((line) => (
          <li key={line}>{line}</li>
        ))}
        {changes.length === 0 && <li>{words.notSeen}</li>}
      </ul>
    </>
  );
}

const maxBlockers = 5;

/** Lists the blockers. Each case can be shown on the board. */
function Blockers({ blockers }: { blockers: readonly Blocker[] }) {
  const view = useStore(boardStore, (state) => state.view);
  return (
    <ul className={styles.list} aria-label={words.inTheWay}>
      {blockers.slice(0, maxBlockers).map((blocker) => {
        const item = blocker.caseId === undefined ? undefined : caseNow(blocker.caseId);
        const resource = view?.resources.get(blocker.resourceId ?? '');
        return (
          <li
            key={`${blocker.kind} ${blocker.resourceId} ${blocker.caseId} ${blocker.start}`}
            className={styles.blocker}
          >
            <span>
              {blockerWords(blocker, {
                zone: zoneNow(),
                kind: (blocker.kind !== 'patient' && resource?.kind) || 'patient',
                resource: resource?.name ?? '',
                room: item && item.roomId !== blocker.resourceId ? nameOf(item.roomId) : null,
                isMine: item !== undefined && isHeldByMe(item),
              })}
            </span>
            {item && (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={words.showCase(caseName(item))}
                onClick={() => {
                  closeAllDialogs();
                  select(item.id);
                  reveal(item.id);
                }}
              >
                {words.show}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
