import { hasBegun, isClaiming, isInRoom } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { expectedAt, happensAt } from '@slate/shared/reality';
import { fullReason, reasonOfCase } from '@slate/shared/reasons';
import { isReleased } from '@slate/shared/sites';
import { localDateOf, minutesBetween } from '@slate/shared/time';
import type { TimeRange } from '@slate/shared/time';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { freeUnits } from '../../preview/claims.ts';
import { collisionsOf, expectedEnd } from '../../preview/collisions.ts';
import { nameIn } from '../../stores/board.ts';
import type { BoardView } from '../../stores/board.ts';
import { useClock } from '../../stores/clock.ts';
import { myScope, meNow, sessionStore } from '../../stores/session.ts';
import { viewStore } from '../../stores/view.ts';
import { nameOfCase, urgencyWords } from '../../words/cases.ts';
import { inspectorWords as words } from '../../words/inspector.ts';
import { dayAndTimeOf, dayOf, rangeOf, timeOf, timeWithSeconds } from '../../words/time.ts';
import styles from './inspector.module.css';

/** All details of a case, without the empty ones. */
export function Facts({ item, view }: { item: Case; view: BoardView }) {
  const { timeZone: zone, reasons } = view.board.site;
  const nameOf = (id: string) => nameIn(view, id);
  const date = useStore(viewStore, (state) => state.date);
  const me = useStore(sessionStore, meNow);
  const day = (at: string) => (localDateOf(at, zone) === date ? '' : `${dayOf(at, zone)}, `);
  const whenOf = ({ start, end }: TimeRange) =>
    `${day(start)}${words.timeOf(rangeOf(start, end, zone), Math.round(minutesBetween(start, end)))}`;
  const { holder, expiresAt } = item;
  return (
    <dl className={styles.rows}>
      {item.roomId !== null && <Row name={words.room}>{nameOf(item.roomId)}</Row>}
      <Row name={words.time}>{isPlaced(item) ? whenOf(happensAt(item)) : words.noTime(item.minutes)}</Row>
      {isPlaced(item) && hasBegun(item.state) && <Row name={words.planned}>{whenOf(item)}</Row>}
      {item.state === 'held' && holder && expiresAt !== null && (
        <Row name={words.holder}>
          {words.until(holder.id === me ? words.you : holder.name, timeWithSeconds(expiresAt, zone))}
        </Row>
      )}
      {item.surgeonId !== null && <Row name={words.surgeon}>{nameOf(item.surgeonId)}</Row>}
      {item.service !== null && <Row name={words.service}>{item.service}</Row>}
      <Block item={item} view={view} />
      <PredictedEnd item={item} view={view} />
      <Collisions item={item} view={view} />
      <Equipment item={item} view={view} />
      {item.bed && <Row name={words.bed}>{words.nights(nameOf(item.bed.resourceId), item.bed.nights)}</Row>}
      {item.list && <Row name={words.list}>{nameOf(item.list.resourceId)}</Row>}
      {item.patientRef !== null && <Row name={words.patient}>{item.patientRef}</Row>}
      {item.urgency !== 'elective' && <Row name={words.urgency}>{urgencyWords[item.urgency]}</Row>}
      {item.dueBy !== null && <Row name={words.due}>{dayAndTimeOf(item.dueBy, zone)}</Row>}
      {item.overrideReason !== null && (
        <Row name={words.override}>
          {fullReason(reasons, 'override', item.overrideReason, item.overrideReasonCode)}
        </Row>
      )}
      {item.delayReason !== null && (
        <Row name={words.delayed}>{fullReason(reasons, 'delay', item.delayReason, item.delayReasonCode)}</Row>
      )}
      {item.bumped && (
        <Row name={words.bumped}>
          {words.bumpedBy(item.bumped.by.name, dayAndTimeOf(item.bumped.at, zone))}
        </Row>
      )}
      {item.reason !== null && <Row name={words.reason}>{reasonOfCase(item, reasons)}</Row>}
      {item.note !== null && <Row name={words.note}>{item.note}</Row>}
    </dl>
  );
}

const Row = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

function Block({ item, view }: { item: Case; view: BoardView }) {
  const { start, roomId } = item;
  const now = useClock(60_000, (ms) => new Date(ms).toISOString());
  const block =
    start === null
      ? undefined
      : view.board.blocks.find((each) => each.roomId === roomId && each.start <= start && start < each.end);
  if (!block) return null;
  const range = rangeOf(block.start, block.end, view.board.site.timeZone);
  return (
    <Row name={words.block}>
      {words.blockOf(block.service, range)}
      {isReleased(block, now) && ` · ${words.released}`}
    </Row>
  );
}

function PredictedEnd({ item, view }: { item: Case; view: BoardView }) {
  const zone = view.board.site.timeZone;
  const at = useClock(15_000, (ms) => {
    const delayedEnd = expectedEnd(view, item.id, ms);
    if (delayedEnd !== null) return delayedEnd;
    return isPlaced(item) && isInRoom(item.state) ? expectedAt(item, new Date(ms).toISOString()).end : '';
  });
  if (at === '' || item.end === null) return null;
  const late = Math.round((Date.parse(at) - Date.parse(item.end)) / 60_000);
  return (
    <Row name={words.predicted}>
      {timeOf(at, zone)}{' '}
      {late > 0 ? (
        <b className={styles.late} title={words.lateSpoken(late)}>
          {words.late(late)}
        </b>
      ) : (
        <span className={styles.quiet}>{words.onTime}</span>
      )}
    </Row>
  );
}

/** The cases in any room that this one delays by running over, or that delay it. */
function Collisions({ item, view }: { item: Case; view: BoardView }) {
  const collisions = useClock(15_000, (now) => collisionsOf(view, now));
  const zone = view.board.site.timeZone;
  const nameOf = (id: string) => nameIn(view, id);
  const lines = collisions.flatMap(({ running, waiting, resourceId, until }) => {
    const shared = resourceId === running.roomId ? null : nameOf(resourceId);
    if (waiting.id === item.id) {
      const end = timeOf(until, zone);
      return [words.waitsFor(nameOfCase(running), nameOf(running.roomId), end, shared)];
    }
    if (running.id !== item.id) return [];
    return [
      words.keepsBack(nameOfCase(waiting), nameOf(waiting.roomId), timeOf(waiting.start, zone), shared),
    ];
  });
  if (lines.length === 0) return null;
  return (
    <Row name={words.collides}>
      <ul className={styles.needs}>
        {lines.map((line) => (
          <li key={line}>
            <b className={styles.late}>{line}</b>
          </li>
        ))}
      </ul>
    </Row>
  );
}

function Equipment({ item, view }: { item: Case; view: BoardView }) {
  const missing = useClock(15_000, (now) =>
    collisionsOf(view, now)
      .flatMap(({ waiting, resourceId }) => (waiting.id === item.id ? [resourceId] : []))
      .join(),
  );
  if (item.equipment.length === 0) return null;
  const isKnown = myScope('cases.read') === 'any' && isPlaced(item) && isClaiming(item.state);
  return (
    <Row name={words.equipment}>
      <ul className={styles.needs}>
        {item.equipment.map(({ resourceId, quantity }) => {
          const name = nameIn(view, resourceId);
          const isFree =
            (freeUnits(view, resourceId, item) ?? quantity) >= quantity && !missing.includes(resourceId);
          return (
            <li key={resourceId}>
              {words.units(quantity, name)}{' '}
              {isKnown && <span data-free={isFree}>{isFree ? words.free : words.taken}</span>}
            </li>
          );
        })}
      </ul>
    </Row>
  );
}
