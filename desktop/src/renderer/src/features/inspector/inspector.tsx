import { ActionIcon, Skeleton } from '@mantine/core';
import { useId } from 'react';
import { useStore } from 'zustand';
import { isOnItsWay } from '../../actions/case-actions.ts';
import { keycaps } from '../../actions/spelling.ts';
import { boardStore } from '../../stores/board.ts';
import { useClock } from '../../stores/clock.ts';
import { connectionStore } from '../../stores/connection.ts';
import { whyCutOff } from '../../stores/cut-off.ts';
import { mayI } from '../../stores/session.ts';
import { openInspector, viewStore } from '../../stores/view.ts';
import { CloseIcon } from '../../ui/icons.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { numberOf } from '../../words/cases.ts';
import { inspectorWords as words } from '../../words/inspector.ts';
import { useInForce } from '../keys/use-in-force.ts';
import { CaseActions } from './case-actions.tsx';
import { Facts } from './facts.tsx';
import { History } from './history.tsx';
import { Milestones } from './milestones.tsx';
import { StatePill } from './state-pill.tsx';
import { useHistory } from './use-history.ts';
import { Viewing } from './viewing.tsx';
import styles from './inspector.module.css';

/** Everything about the selected case, and what can be done with it. */
export function Inspector() {
  const selectedId = useStore(viewStore, (state) => state.selectedId);
  return (
    <aside className={styles.inspector} aria-label={words.panel} data-case={selectedId ?? undefined}>
      {selectedId === null ? <Nothing /> : <Selected key={selectedId} caseId={selectedId} />}
    </aside>
  );
}

function Selected({ caseId }: { caseId: string }) {
  const view = useStore(boardStore, (state) => state.view);
  const live = view?.cases.get(caseId);
  const whyId = useId();
  const why = useStore(connectionStore, whyCutOff);
  const { history, retry } = useHistory(caseId, live?.version ?? null);
  // A case of another day is not on this board: then it is as it was when it was asked for.
  const item = live ?? history.known?.case;
  const isNear = useClock(
    60_000,
    (now) => item?.start !== undefined && item.start !== null && Date.parse(item.start) - now < nearMs,
  );
  const mayRecord =
    isNear && item !== undefined && isOnItsWay(item.state) && mayI('milestone.record') === 'any';
  return (
    <>
      <header className={styles.head}>
        <p className={styles.kicker}>{item ? words.kicker(numberOf(item)) : words.panel}</p>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={words.close}
          onClick={() => openInspector(false)}
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

/** Facts are taken of every case; they are asked for when a case is on its way, and not days ahead. */
const nearMs = 12 * 3_600_000;

const Loading = () => (
  <div role="status" aria-label={words.loading}>
    <Skeleton h={16} w="70%" mb={10} animate={false} />
    <Skeleton h={20} w="40%" mb={14} animate={false} />
    <Skeleton h={90} mb={14} animate={false} />
  </div>
);

function Nothing() {
  const isInForce = useInForce();
  const hints = words.emptyKeys.filter(({ keys }) => keys.every(isInForce));
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
