import { TextInput, UnstyledButton } from '@mantine/core';
import { milestone } from '@slate/shared/case-state';
import type { Milestone } from '@slate/shared/case-state';
import type { Case } from '@slate/shared/cases';
import { useRef, useState } from 'react';
import { recordMilestone, recordMilestoneAt, withdrawMilestone } from '../../commands/milestone.ts';
import { serverInstant } from '../../stores/clock.ts';
import { toastIfCutOff } from '../../stores/cut-off.ts';
import { zoneNow } from '../../stores/view.ts';
import { milestoneWords } from '../../words/cases.ts';
import { inspectorWords as words } from '../../words/inspector.ts';
import { timeOf } from '../../words/time.ts';
import { clockOf } from '../../words/typed-time.ts';
import { useChanging } from '../../forms/use-changing.ts';
import styles from './inspector.module.css';

type Props = { item: Case; mayRecord: boolean; whyId: string };

/** The milestones. One click records one now; a time can be entered, corrected or removed. */
export function Milestones({ item, mayRecord, whyId }: Props) {
  const { changing } = useChanging();
  const list = useRef<HTMLUListElement>(null);
  const [editedFact, setEdited] = useState<Milestone | null>(null);
  /** After leaving a field by key, the focus returns to the button that the field replaced. */
  const [lastEditedFact, setLastEdited] = useState<Milestone | null>(null);
  const last = milestone.options.findLastIndex((fact) => item.milestones[fact] !== undefined);
  const isPast = (fact: Milestone) => item.milestones[fact] !== undefined;
  if (!mayRecord && last < 0) return null;
  return (
    <section className={styles.section} aria-label={words.happened}>
      <h3 className={styles.heading}>{words.happened}</h3>
      <ul ref={list} className={styles.facts}>
        {milestone.options
          .filter((fact) => mayRecord || isPast(fact))
          .map((fact, index) => {
            const at = item.milestones[fact];
            const time = at === undefined ? null : timeOf(at, zoneNow());
            return (
              <li key={fact} data-past={time !== null} data-next={index === last + 1}>
                <span aria-hidden="true" className={styles.mark}>
                  {time === null ? '○' : '✓'}
                </span>
                {editedFact === fact ? (
                  <TimeOfFact
                    fact={fact}
                    item={item}
                    leave={() => setEdited(null)}
                    leaveByKey={() => {
                      setEdited(null);
                      setLastEdited(fact);
                    }}
                  />
                ) : (
                  <>
                    {mayRecord && time === null ? (
                      <UnstyledButton
                        className={styles.fact}
                        aria-label={words.record(milestoneWords[fact])}
                        {...changing(() => void recordMilestone(item, fact), whyId)}
                      >
                        {milestoneWords[fact]}
                      </UnstyledButton>
                    ) : (
                      <span className={styles.fact}>{milestoneWords[fact]}</span>
                    )}
                    {mayRecord ? (
                      <UnstyledButton
                        className={styles.factTime}
                        data-fact={fact}
                        autoFocus={fact === lastEditedFact}
                        aria-label={
                          time === null
                            ? words.atOtherOf(milestoneWords[fact])
                            : words.correct(milestoneWords[fact], time)
                        }
                        {...changing(() => {
                          setEdited(fact);
                          setLastEdited(null);
                        }, whyId)}
                      >
                        {time ?? words.atOther}
                      </UnstyledButton>
                    ) : (
                      <span className={styles.factTime}>{time}</span>
                    )}
                    {mayRecord && time !== null && (
                      <UnstyledButton
                        className={styles.factRemove}
                        aria-label={words.remove(milestoneWords[fact], time)}
                        {...changing(() => {
                          list.current?.querySelector<HTMLElement>(`[data-fact="${fact}"]`)?.focus();
                          void withdrawMilestone(item, fact);
                        }, whyId)}
                      >
                        ×
                      </UnstyledButton>
                    )}
                  </>
                )}
              </li>
            );
          })}
      </ul>
    </section>
  );
}

type FieldProps = { fact: Milestone; item: Case; leave: () => void; leaveByKey: () => void };

function TimeOfFact({ fact, item, leave, leaveByKey }: FieldProps) {
  const before = item.milestones[fact];
  const [typed, setTyped] = useState(() => timeOf(before ?? serverInstant(), zoneNow()));
  const [isTried, setTried] = useState(false);
  const clock = clockOf(typed);
  return (
    <TextInput
      size="xs"
      className={styles.factInput}
      label={words.timeOfFact(milestoneWords[fact])}
      value={typed}
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setTyped(event.currentTarget.value)}
      error={isTried && clock === null ? words.wrongTime : null}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === 'Escape') leaveByKey();
        if (event.key !== 'Enter') return;
        // Otherwise the key would press the next button.
        event.preventDefault();
        setTried(true);
        if (clock === null || toastIfCutOff()) return;
        leaveByKey();
        void recordMilestoneAt(item, fact, clock);
      }}
    />
  );
}
