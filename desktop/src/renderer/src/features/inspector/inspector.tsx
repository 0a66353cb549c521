import { ActionIcon, Skeleton } from '@mantine/core';
import { milestone } from '@slate/shared/case-state';
import type { Case } from '@slate/shared/cases';
import { useId } from 'react';
import { useStore } from 'zustand';
import { canHaveMilestones } from '../../actions/case-actions.ts';
import { keycaps } from '../../actions/spelling.ts';
import { useEnabledKeys } from '../../forms/keys.tsx';
import { blockedAt } from '../../preview/collisions.ts';
import { boardStore, latestOf } from '../../stores/board.ts';
import type { BoardView } from '../../stores/board.ts';
import { useLastChange } from '../../stores/changes.ts';
import { useClock } from '../../stores/clock.ts';
import { connectionStore } from '../../stores/connection.ts';
import { cutOffReason } from '../../stores/cut-off.ts';
import { presenceStore } from '../../stores/presence.ts';
import { myScope, meNow, sessionStore } from '../../stores/session.ts';
import { setInspectorOpen, viewStore } from '../../stores/view.ts';
import { lookClass, lookOf } from '../../ui/case-look.ts';
import { CloseIcon } from '../../ui/icons.tsx';
import { initialsOf } from '../../ui/initials.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { StateGlyph } from '../../ui/state-glyph.tsx';
import { numberOf, stateWords } from '../../words/cases.ts';
import { inspectorWords as words } from '../../words/inspector.ts';
import { lookWords } from '../../words/states.ts';
import { holdTimeOf } from '../../stores/hold-time.ts';
import { hoursShort } from '../../words/time.ts';
import { CaseActions } from './case-actions.tsx';
import { Facts } from './facts.tsx';
import { History } from './history.tsx';
import { Milestones } from './milestones.tsx';
import { useHistory } from './use-history.ts';
import styles from './inspector.module.css';

/** Everything about the selected case, and its actions. */
export function Inspector() {
  const selectedId = useStore(viewStore, (state) => state.selectedId);
  return (
    <aside className={styles.inspector} aria-label={words.panel} data-case={selectedId ?? undefined}>
      {selectedId === null ? <Empty /> : <Selected key={selectedId} caseId={selectedId} />}
    </aside>
  );
}

function Selected({ caseId }: { caseId: string }) {
  const view = useStore(boardStore, (state) => state.view);
  const live = view?.cases.get(caseId);
  const whyId = useId();
  const why = useStore(connectionStore, cutOffReason);
  const changed = useLastChange(caseId)?.case;
  const isBoardCurrent = useStore(boardStore, (state) => state.view !== null && !state.isStale);
  const { history, retry } = useHistory(caseId, {
    version: latestOf(live, changed)?.version ?? null,
    isOffBoard: isBoardCurrent && live === undefined,
  });
  const item = latestOf(live, changed, history.latest?.case);
  const isNear = useClock(
    60_000,
    (now) => item?.start !== undefined && item.start !== null && Date.parse(item.start) - now < nearMs,
  );
  const mayRecord =
    isNear && item !== undefined && canHaveMilestones(item.state) && myScope('milestone.record') === 'any';
  return (
    <>
      <header className={styles.head}>
        <p className={styles.kicker}>{item ? words.kicker(numberOf(item)) : words.panel}</p>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={words.close}
          onClick={() => setInspectorOpen(false)}
        >
          <CloseIcon />
        </ActionIcon>
      </header>
      <div className={styles.scroll} tabIndex={0} role="group" aria-label={words.panel}>
        {item && view ? (
          <>
            <h2 className={styles.title}>{item.title ?? words.untitled}</h2>
            <StatePill item={item} view={view} />
            <Facts item={item} view={view} />
            {live && why !== null && (
              <p id={whyId} className={styles.why}>
                {why}
              </p>
            )}
            {live && <CaseActions item={live} whyId={whyId} />}
            <Viewing caseId={caseId} />
            <Milestones item={item} mayRecord={mayRecord} whyId={whyId} />
          </>
        ) : (
          history.status === 'loading' && <Loading />
        )}
        <History history={history} retry={retry} />
      </div>
    </>
  );
}

/** Milestones can be recorded from this time before the start on. */
const nearMs = 12 * 3_600_000;

const Loading = () => (
  <div role="status" aria-label={words.loading}>
    <Skeleton h={16} w="70%" mb={10} animate={false} />
    <Skeleton h={20} w="40%" mb={14} animate={false} />
    <Skeleton h={90} mb={14} animate={false} />
  </div>
);

function Empty() {
  const isEnabled = useEnabledKeys();
  const hints = words.emptyKeys.filter(({ keys }) => keys.every(isEnabled));
  return (
    <div className={styles.nothing}>
      <p>{words.empty}</p>
      <p>{words.emptyHelp}</p>
      <dl>
        {hints.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{keycaps(key).join(' ')}</Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** The other people who have selected this case. */
function Viewing({ caseId }: { caseId: string }) {
  const people = useStore(presenceStore, (state) => state.people);
  const me = useStore(sessionStore, meNow);
  const others = new Map(
    (people ?? [])
      .filter((each) => each.caseId === caseId && each.person.id !== me)
      .map(({ person }) => [person.id, person.name]),
  );
  if (others.size === 0) return null;
  return (
    <section className={styles.section} aria-label={words.viewing}>
      <h3 className={styles.heading}>{words.viewing}</h3>
      <ul className={styles.viewers}>
        {[...others].map(([id, name]) => (
          <li key={id}>
            <span className={styles.initials} aria-hidden="true">
              {initialsOf(name)}
            </span>
            {words.isViewing(name)}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Returns the time since the last milestone (18 min); in holding, how long the patient has been waiting. */
function clockSince(item: Case, now: number): string {
  const last = milestone.options.findLast((fact) => item.milestones[fact] !== undefined);
  const at = last && item.milestones[last];
  if (at === undefined || item.state === 'completed' || item.state !== last) return '';
  const minutes = Math.max(0, Math.floor((now - Date.parse(at)) / 60_000));
  return last === 'in_holding' ? words.waiting(hoursShort(minutes)) : hoursShort(minutes);
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** The state of a case with the time since it began; for a hold, the time left. */
function StatePill({ item, view }: { item: Case; view: BoardView }) {
  const look = useClock(15_000, (now) =>
    blockedAt(view, now).has(item.id) ? 'conflict' : lookOf(item, now),
  );
  const since = useClock(15_000, (now) => clockSince(item, now));
  const left = useClock(1_000, (now) =>
    item.state === 'held' && item.expiresAt !== null ? holdTimeOf(item.expiresAt, now) : '',
  );
  const clock = left || since;
  const word = look === 'off' ? capital(stateWords[item.state]) : lookWords[look];
  return (
    <p className={`${styles.pill} ${lookClass(look)}`} data-look={look}>
      <StateGlyph look={look} />
      {word}
      {clock !== '' && words.since(clock)}
    </p>
  );
}
