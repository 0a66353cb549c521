import { Autocomplete, Button, NativeSelect, TextInput } from '@mantine/core';
import type { PlannedChange } from '@slate/shared/contract/consequences';
import type { CarriedNeeds, CaseInTheWay, Decision } from '@slate/shared/contract/decisions';
import type { Alternative, Blocker, Problem } from '@slate/shared/errors';
import { reasonsFor } from '@slate/shared/reasons';
import { overlaps } from '@slate/shared/time';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useChanging } from '../../../forms/use-changing.ts';
import { boardStore, nameOf } from '../../../stores/board.ts';
import { unreachableReason } from '../../../stores/cut-off.ts';
import { zoneNow } from '../../../stores/view.ts';
import { Callout } from '../../../ui/callout.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { adminWords, procedureWords } from '../../../words/administration.ts';
import { numberOf } from '../../../words/cases.ts';
import { inTheWayWords as words } from '../../../words/in-the-way.ts';
import { dayAndRangeOf } from '../../../words/time.ts';
import styles from './record-panel.module.css';
import { useCasesInTheWay } from './use-cases-in-the-way.ts';

/** The choice for a case, and for which version of it. */
type Choice = { readonly version: number; readonly action: Decision['action']; readonly place?: Alternative };
type Choices = Readonly<Record<string, Choice>>;

type Props = {
  /** The change, without decisions. */
  change: PlannedChange;
  /** The last refusal of the change; null: it has not been sent. */
  problem: Problem | null;
  isSaving: boolean;
  /** Makes the change with these decisions, in one command. */
  save: (decisions: readonly Decision[]) => void;
  /** Makes the change without touching cases. Null: not possible. */
  saveAlone?: (() => void) | null;
};

/** Lists everything in the way of a change, with a decision for each case (AA7, CW1). */
export function InTheWay(props: Props) {
  const { change, problem, saveAlone = null } = props;
  const { found, retry } = useCasesInTheWay(change, problem);
  const isClear = found.status === 'found' && found.cases.length === 0;
  const latest = useRef(saveAlone);
  useEffect(() => {
    latest.current = saveAlone;
  });
  useEffect(() => {
    if (isClear) latest.current?.();
  }, [isClear]);
  if (found.status === 'loading') return <Skeleton label={words.searching} count={3} height={22} />;
  if (found.status === 'failed') {
    return (
      <Callout>
        {words.searchFailed}{' '}
        <Button size="xs" variant="default" onClick={retry}>
          {adminWords.retry}
        </Button>
      </Callout>
    );
  }
  if (found.status === 'refused') {
    const { code, detail, blockers = [] } = found.problem;
    if (code === 'stale_version') return <Callout>{adminWords.isStale}</Callout>;
    return blockers.length > 0 ? (
      <Unmovable blockers={blockers} detail={detail} />
    ) : (
      <Callout>{detail}</Callout>
    );
  }
  if (isClear && saveAlone) return null;
  return <Decisions {...props} saveAlone={saveAlone} cases={found.cases} />;
}

function Decisions({
  change,
  problem,
  isSaving,
  save,
  saveAlone,
  cases,
}: Props & { cases: readonly CaseInTheWay[] }) {
  const [choices, setChoices] = useState<Choices>({});
  const [reason, setReason] = useState<string>(words.depotReason);
  const [note, setNote] = useState('');
  const { outside, sending } = useOutside(problem);
  const [override, setOverride] = useState('');
  const { changing } = useChanging(unreachableReason);
  const title =
    cases.length === 0
      ? words.clear
      : change.command === 'changeProcedure'
        ? words.differing(cases.length)
        : adminWords.inTheWay(cases.length);
  const region = useRef<HTMLElement>(null);
  useEffect(() => {
    region.current?.scrollIntoView({ block: 'nearest' });
    region.current?.focus({ preventScroll: true });
  }, []);

  const choiceOf = (item: CaseInTheWay) => validChoice(item, choices[item.caseId]);
  const choose = (items: readonly CaseInTheWay[], toChoice: (item: CaseInTheWay) => Choice | null) =>
    setChoices((before) => ({
      ...before,
      ...Object.fromEntries(
        items.flatMap((item) => {
          const choice = toChoice(item);
          return choice ? [[item.caseId, choice]] : [];
        }),
      ),
    }));
  const undecided = cases.filter((item) => !choiceOf(item));
  const needsReason = (item: CaseInTheWay) => {
    const choice = choiceOf(item);
    return choice !== null && outside.some((each) => isSameDecision(each, item, choice));
  };
  const count = (action: Choice['action']) =>
    cases.filter((item) => choiceOf(item)?.action === action).length;
  const [sent, left] = [count('depot'), count('leave')];
  const decisions = () =>
    cases.flatMap((item): Decision[] => {
      const choice = choiceOf(item);
      if (!choice) return [];
      const ofCase = { caseId: item.caseId, version: item.version };
      const given = needsReason(item) ? { overrideReason: override.trim() } : {};
      if (choice.action === 'depot') return [{ ...ofCase, action: 'depot', reason: reason.trim() }];
      if (choice.action === 'leave')
        return [{ ...ofCase, action: 'leave', ...(note.trim() !== '' && { note: note.trim() }) }];
      if (choice.action === 'carry') return [{ ...ofCase, action: 'carry', ...given }];
      const { roomId, start } = choice.place ?? { roomId: '', start: '' };
      return [{ ...ofCase, action: 'move', roomId, start, ...given }];
    });
  const asksReason = cases.some(needsReason);
  const isReady =
    undecided.length === 0 && (sent === 0 || reason.trim() !== '') && (!asksReason || override.trim() !== '');
  const send = () => {
    const all = decisions();
    sending(all);
    save(all);
  };
  const placesOf = (except: CaseInTheWay) =>
    cases.flatMap((item) => (item === except ? [] : (choiceOf(item)?.place ?? [])));

  return (
    <section ref={region} tabIndex={-1} className={styles.inTheWay} aria-label={title}>
      <div role="alert">
        <h3>
          <span aria-hidden="true">▲ </span>
          {title}
        </h3>
      </div>
      {cases.length > 0 && <p>{words.help}</p>}
      {problem && problem.code !== 'in_use' && <Callout>{problem.detail}</Callout>}
      <div className={styles.bulk}>
        {cases.some(canCarry) && (
          <Bulk
            label={words.all.carry}
            run={() => choose(cases.filter(canCarry), (item) => choiceFor(item, 'carry'))}
          />
        )}
        {cases.some(hasOffer) && (
          <Bulk
            label={words.all.move}
            run={() => choose(cases.filter(hasOffer), (item) => choiceFor(item, 'move'))}
          />
        )}
        {cases.some(({ canStay }) => canStay) && (
          <Bulk
            label={words.all.leave}
            run={() =>
              choose(
                undecided.filter(({ canStay }) => canStay),
                (item) => choiceFor(item, 'leave'),
              )
            }
          />
        )}
        {cases.some(canGo) && (
          <Bulk
            label={words.all.depot}
            run={() => choose(undecided.filter(canGo), (item) => choiceFor(item, 'depot'))}
          />
        )}
      </div>
      <ul className={styles.cases}>
        {cases.map((item) => (
          <CaseRow
            key={item.caseId}
            item={item}
            choice={choiceOf(item)}
            taken={choiceOf(item)?.action === 'move' ? placesOf(item) : []}
            needsReason={needsReason(item)}
            choose={(choice) => choose([item], () => choice)}
          />
        ))}
      </ul>
      {sent > 0 && (
        <TextInput
          size="xs"
          label={words.reason}
          value={reason}
          error={reason.trim() === '' ? words.reasonMissing : null}
          onChange={({ currentTarget: { value } }) => setReason(value)}
        />
      )}
      {asksReason && <OverrideReason value={override} set={setOverride} />}
      {left > 0 && (
        <TextInput
          size="xs"
          label={words.note}
          description={words.noteHelp}
          value={note}
          onChange={({ currentTarget: { value } }) => setNote(value)}
        />
      )}
      {cases.some((item) => item.heldBy !== null && choiceOf(item)?.action === 'depot') && (
        <p>{words.holdsEnd}</p>
      )}
      <div className={styles.bulk}>
        <Button size="xs" loading={isSaving} disabled={!isReady} {...changing(send)}>
          {undecided.length > 0
            ? words.decideFirst(undecided.length)
            : sent > 0
              ? words.saveAndSend(sent)
              : adminWords.save}
        </Button>
        {saveAlone && (
          <Button size="xs" variant="default" {...changing(saveAlone)}>
            {words.saveAlone}
          </Button>
        )}
      </div>
    </section>
  );
}

const none: readonly Decision[] = [];

/**
 * Collects the decisions that were refused because their place is outside the rules, so that each is sent again with a
 * reason. A refusal names a decision by its position in the request.
 */
function useOutside(problem: Problem | null) {
  const [sent, setSent] = useState({ decisions: none, outside: none, before: problem });
  // Until the answer comes, the problem is that of the request before.
  const refused = problem === sent.before ? none : outsideIn(problem, sent.decisions);
  const outside = [...sent.outside, ...refused];
  return {
    outside,
    sending: (decisions: readonly Decision[]) => setSent({ decisions, outside, before: problem }),
  };
}

const outsideIn = (problem: Problem | null, decisions: readonly Decision[]) =>
  (problem?.errors ?? []).flatMap(({ field }) => {
    const at = /^decisions\.(\d+)\.overrideReason$/.exec(field)?.[1];
    return decisions[Number(at)] ?? [];
  });

const isSameDecision = (decision: Decision, { caseId }: CaseInTheWay, { action, place }: Choice) =>
  decision.caseId === caseId &&
  decision.action === action &&
  (decision.action !== 'move' || isSamePlace(decision, place));

/** The reason for all places outside the rules: one of the site's list, or typed. */
function OverrideReason({ value, set }: { value: string; set: (value: string) => void }) {
  const reasons = useStore(boardStore, ({ view }) => view?.board.site.reasons);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <Autocomplete
      ref={input}
      size="xs"
      label={words.overrideReason}
      data={reasonsFor(reasons ?? [], 'override').map(({ text }) => text)}
      value={value}
      error={value.trim() === '' ? words.reasonMissing : null}
      onChange={set}
    />
  );
}

const Bulk = ({ label, run }: { label: string; run: () => void }) => (
  <Button size="compact-xs" variant="default" onClick={run}>
    {label}
  </Button>
);

const canCarry = ({ carry }: CaseInTheWay) => carry !== null && carry.problem === null;
const hasOffer = ({ canMove, offers, carry }: CaseInTheWay) =>
  canMove && offers.length > 0 && (carry === null || carry.problem !== null);
/** A hold is released; a case under way stays. */
const canGo = ({ canMove, heldBy }: CaseInTheWay) => canMove || heldBy !== null;

const choiceFor = ({ version, offers }: CaseInTheWay, action: Choice['action']): Choice | null => {
  if (action !== 'move') return { version, action };
  const [place] = offers;
  return place ? { version, action, place } : null;
};

/** A choice counts only for the version of the case that it was made for, and while its place is offered. */
function validChoice(item: CaseInTheWay, choice: Choice | undefined): Choice | null {
  if (!choice || choice.version !== item.version) return null;
  return choice.place && !item.offers.some((each) => isSamePlace(each, choice.place)) ? null : choice;
}

type Spot = Pick<Alternative, 'roomId' | 'start'>;
const isSamePlace = (one: Spot, other: Spot | undefined) =>
  one.roomId === other?.roomId && one.start === other.start;

type RowProps = {
  item: CaseInTheWay;
  choice: Choice | null;
  /** The places of the other cases. */
  taken: readonly Alternative[];
  needsReason: boolean;
  choose: (choice: Choice | null) => void;
};

/** One case with its decision. Native controls, because there may be hundreds. */
function CaseRow({ item, choice, taken, needsReason, choose }: RowProps) {
  const { canStay, canMove, heldBy, offers, carry, why } = item;
  const subject = subjectOf(item);
  const isFree = (place: Alternative) =>
    !taken.some((each) => each.roomId === place.roomId && overlaps(each, place));
  const options: { value: Choice['action']; label: string }[] = [
    ...(carry ? [{ value: 'carry' as const, label: words.carry }] : []),
    ...(canMove && offers.length > 0 ? [{ value: 'move' as const, label: words.move }] : []),
    ...(canGo(item)
      ? [{ value: 'depot' as const, label: heldBy === null ? words.depot : words.release }]
      : []),
    ...(canStay ? [{ value: 'leave' as const, label: words.leave }] : []),
  ];
  return (
    <li>
      <span>{subject}</span>
      {why !== 'claim' && carry === null && <span className={styles.dimmed}>{words.why[why]}</span>}
      {carry && <span className={styles.dimmed}>{carryText(carry.from, carry.to)}</span>}
      {carry !== null && carry.problem !== null && (
        <span className={styles.dimmed}>{words.doesNotFit(carry.problem)}</span>
      )}
      {canMove && heldBy === null && offers.length === 0 && !canCarry(item) && (
        <span className={styles.dimmed}>{words.noOffers}</span>
      )}
      {needsReason && <span className={styles.dimmed}>{words.needsReason}</span>}
      <span className={styles.bulk}>
        <NativeSelect
          size="xs"
          aria-label={words.decisionFor(subject)}
          value={choice?.action ?? ''}
          data={[{ value: '', label: words.choose, disabled: true }, ...options]}
          onChange={({ currentTarget: { value } }) => choose(choiceFor(item, value as Choice['action']))}
        />
        {choice?.place && (
          <NativeSelect
            size="xs"
            aria-label={words.placeFor(subject)}
            value={placeKey(choice.place)}
            data={offers.map((place) => ({
              value: placeKey(place),
              label: placeText(place),
              disabled: !isFree(place),
            }))}
            onChange={({ currentTarget: { value } }) => {
              const place = offers.find((each) => placeKey(each) === value);
              if (place) choose({ version: item.version, action: 'move', place });
            }}
          />
        )}
      </span>
    </li>
  );
}

const placeKey = ({ roomId, start }: Alternative) => `${roomId} ${start}`;
const placeText = (place: Alternative) => `${nameOf(place.roomId)}, ${dayAndRangeOf(place, zoneNow())}`;

/** Returns `Tue, Dec 1, 07:50–09:10: Hip ORIF`. */
function subjectOf(item: CaseInTheWay): string {
  const name = item.title ?? numberOf(item);
  return item.heldBy === null
    ? adminWords.caseAt(dayAndRangeOf(item, zoneNow()), name)
    : adminWords.heldBy(dayAndRangeOf(item, zoneNow()), name, item.heldBy);
}

/** Returns what changes in a case: `Length, min: 60 → 90`. */
function carryText(from: CarriedNeeds, to: CarriedNeeds): string {
  const units = ({ equipment }: CarriedNeeds) =>
    equipment.map(({ resourceId, quantity }) => adminWords.times(nameOf(resourceId), quantity)).join(', ');
  const bed = (needs: CarriedNeeds) =>
    needs.bed ? procedureWords.bedNights(nameOf(needs.bed.resourceId), needs.bed.nights) : '';
  const fields: [string, (needs: CarriedNeeds) => string][] = [
    [procedureWords.minutes, ({ minutes }) => String(minutes)],
    [procedureWords.setup, ({ setupMinutes }) => String(setupMinutes)],
    [procedureWords.cleanup, ({ cleanupMinutes }) => String(cleanupMinutes)],
    [procedureWords.equipment, units],
    [procedureWords.bed, bed],
  ];
  const changed = fields.filter(([, read]) => read(from) !== read(to));
  if (changed.length === 0) return words.newCapability;
  return changed
    .map(([label, read]) =>
      words.becomes(label, read(from) || adminWords.nothing, read(to) || adminWords.nothing),
    )
    .join(' · ');
}

/** Closures, cases in progress and others that no decision takes out of the way. */
export function Unmovable({ blockers, detail }: { blockers: readonly Blocker[]; detail: string }) {
  const hasClosures = blockers.some(({ kind }) => kind === 'closure');
  const count = blockers.length;
  const title = hasClosures ? adminWords.anyInTheWay(count) : adminWords.inTheWay(count);
  return (
    <section className={styles.inTheWay} aria-label={title}>
      <div role="alert">
        <h3>
          <span aria-hidden="true">▲ </span>
          {title}
        </h3>
      </div>
      <p>{detail}</p>
      <ul className={styles.cases}>
        {blockers.map((blocker) => (
          <li key={`${blocker.kind} ${blocker.caseId} ${blocker.start}`}>{blockerText(blocker)}</li>
        ))}
      </ul>
    </section>
  );
}

function blockerText({ kind, start, end, title, number, by, reason }: Blocker): string {
  const name = title ?? (number === undefined ? '' : numberOf({ number }));
  if (kind === 'closure') return adminWords.closedFor(dayAndRangeOf({ start, end }, zoneNow()), reason ?? '');
  return kind === 'hold'
    ? adminWords.heldBy(dayAndRangeOf({ start, end }, zoneNow()), name, by ?? '')
    : adminWords.caseAt(dayAndRangeOf({ start, end }, zoneNow()), name);
}
