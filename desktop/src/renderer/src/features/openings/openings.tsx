import { UnstyledButton } from '@mantine/core';
import type { Opening } from '@slate/shared/contract/reads';
import { useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { placeFromDepot } from '../../commands/depot.ts';
import { holdAt } from '../../commands/hold.ts';
import { boardStore, caseName, caseNow } from '../../stores/board.ts';
import { toastIfCutOff } from '../../stores/cut-off.ts';
import { closeDialog } from '../../stores/dialogs.ts';
import type { Criteria } from '../../stores/criteria.ts';
import { today, viewStore, zoneNow } from '../../stores/view.ts';
import { CloseIcon } from '../../ui/icons.tsx';
import { openingsWords as words } from '../../words/openings.ts';
import { reveal } from '../../board/reveal.ts';
import { useReturnFocus } from '../../ui/use-return-focus.ts';
import { Results } from './results.tsx';
import { useOpenings } from './use-openings.ts';
import { emptyCriteria, holdFieldsOf, searchOf, criteriaFor } from '../../stores/criteria.ts';
import { CriteriaForm } from './criteria-form.tsx';
import styles from './openings.module.css';

type Props = { caseId: string | null; initial?: Partial<Criteria> | undefined };

/** The search for openings, next to the board, which stays visible. */
export function Openings({ caseId, initial }: Props) {
  const titleId = useId();
  const panel = useRef<HTMLDivElement>(null);
  const board = useStore(boardStore, (state) => state.view?.board ?? null);
  const [item] = useState(() => (caseId === null ? null : (caseNow(caseId) ?? null)));
  const [criteria, setCriteria] = useState(() => {
    const { date } = viewStore.getState();
    const from = date < today() ? today() : date;
    return item ? criteriaFor(item, from, zoneNow()) : { ...emptyCriteria(from), ...initial };
  });
  const surgeon = board?.resources.find(({ id }) => id === criteria.surgeonId);
  const service = item?.service ?? surgeon?.attributes.service ?? null;
  const { found, isSearching, retry } = useOpenings(searchOf(criteria, service));
  useReturnFocus();

  const choose = ({ roomId, start, end }: Opening) => {
    if (toastIfCutOff()) return;
    const place = { roomId, start, end };
    const now = item && (caseNow(item.id) ?? item);
    if (now) void placeFromDepot(now, place);
    else void holdAt(place, holdFieldsOf(criteria));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented) return closeDialog();
    const nth = /^Digit([1-9])$/.exec(event.code)?.[1];
    const isTyping = event.target instanceof HTMLInputElement;
    if (nth === undefined || event.ctrlKey || event.metaKey || (isTyping && !event.altKey)) return;
    const opening = found.kind === 'found' ? found.openings[Number(nth) - 1] : undefined;
    if (!opening) return;
    event.preventDefault();
    choose(opening);
  };

  return (
    <div ref={panel} className={styles.panel} role="dialog" aria-labelledby={titleId} onKeyDown={onKeyDown}>
      <div className={styles.head}>
        <h2 id={titleId}>{item ? words.titleFor(caseName(item)) : words.title}</h2>
        <UnstyledButton aria-label={words.close} onClick={closeDialog}>
          <CloseIcon />
        </UnstyledButton>
      </div>
      {board && (
        <CriteriaForm
          board={board}
          criteria={criteria}
          change={(part) => setCriteria({ ...criteria, ...part })}
          isForCase={item !== null}
          toResults={() => panel.current?.querySelector<HTMLElement>('[data-opening][tabindex="0"]')?.focus()}
        />
      )}
      <Results
        found={found}
        isSearching={isSearching}
        isOwnOnly={criteria.blocks === 'own'}
        choose={choose}
        show={({ roomId, start }) => reveal({ roomId, at: start })}
        retry={retry}
      />
    </div>
  );
}
