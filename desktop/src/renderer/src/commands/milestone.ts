import type { Milestone } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { addDays, addMinutes, instantOf, localDateOf, minutesBetween } from '@slate/shared/time';
import { caseName } from '../stores/board.ts';
import { serverInstant } from '../stores/clock.ts';
import { openDialog } from '../stores/dialogs.ts';
import { caseBefore, treatAsSame, versionOf } from '../stores/undo.ts';
import { zoneNow } from '../stores/view.ts';
import { milestoneWords } from '../words/cases.ts';
import { milestoneQuestions as questions } from '../words/inspector.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { dayAndTimeOf, duration, rangeOf, timeOf } from '../words/time.ts';
import { toastDone, toastTaken } from './outcome-toasts.ts';
import { keepEarlierUndo } from './hold.ts';
import { caseParams, send, undoBy } from './send.ts';
import type { Request } from './send.ts';

const { titles, undo: undoWords } = wordsOfOutcome;

/** A milestone further from the plan than this may be meant for another case. */
const usualMinutes = 180;
/** The server accepts times this far in the future. */
const graceMinutes = 5;

/** Records a milestone, by default now. Asks for confirmation if it is unlikely. */
export function recordMilestone(item: Case, milestone: Milestone, at = serverInstant()): Promise<void> {
  const lines = doubtsAbout(item, milestone, at);
  if (lines.length === 0) return record(item, milestone, at);
  openDialog({
    kind: 'question',
    title: titles.record(caseName(item), milestoneWords[milestone]),
    caseId: item.id,
    lines,
    answers: [
      { label: questions.record(timeOf(at, zoneNow())), run: () => void record(item, milestone, at) },
    ],
  });
  return Promise.resolve();
}

/** Records a milestone at an entered time of day. If that is in the future, asks whether yesterday was meant. */
export function recordMilestoneAt(item: Case, milestone: Milestone, clock: string): Promise<void> {
  const zone = zoneNow();
  const now = serverInstant();
  const day = localDateOf(item.milestones[milestone] ?? now, zone);
  const at = instantOf(day, clock, zone);
  if (at <= addMinutes(now, graceMinutes)) return recordMilestone(item, milestone, at);
  const before = instantOf(addDays(localDateOf(now, zone), -1), clock, zone);
  openDialog({
    kind: 'question',
    title: titles.record(caseName(item), milestoneWords[milestone]),
    caseId: item.id,
    lines: [questions.liesAhead(clock, timeOf(now, zone))],
    answers: [
      { label: questions.now, run: () => void recordMilestone(item, milestone) },
      {
        label: questions.yesterday(dayAndTimeOf(before, zone)),
        run: () => void record(item, milestone, before),
      },
    ],
  });
  return Promise.resolve();
}

/** Removes a milestone that was recorded by mistake. */
export const withdrawMilestone = (item: Case, milestone: Milestone): Promise<void> =>
  record(item, milestone, null);

function doubtsAbout(item: Case, milestone: Milestone, at: string): string[] {
  const zone = zoneNow();
  const { in_room: wheeledIn } = item.milestones;
  const lines: string[] = [];
  if (milestone === 'incision' || milestone === 'closed') {
    if (wheeledIn === undefined) lines.push(questions.notInRoom);
    else if (at < wheeledIn) lines.push(questions.beforeInRoom(timeOf(wheeledIn, zone)));
  }
  if (isPlaced(item)) {
    const [early, late] = [minutesBetween(at, item.start), minutesBetween(item.end, at)].map(Math.floor);
    const plan = rangeOf(item.start, item.end, zone);
    if (early !== undefined && early > usualMinutes) lines.push(questions.early(duration(early), plan));
    if (late !== undefined && late > usualMinutes) lines.push(questions.late(duration(late), plan));
  }
  return lines;
}

function record(item: Case, milestone: Milestone, at: string | null): Promise<void> {
  const fact = milestoneWords[milestone];
  return send({
    ...recordRequest(item, milestone, at),
    undo: (reply) => {
      keepEarlierUndo(item, reply.case);
      const name = caseName(reply.case);
      const before = caseBefore(item, reply.case);
      const atBefore = before.milestones[milestone] ?? null;
      const back = undoWords.recorded(name, fact, atBefore === null ? null : timeOf(atBefore, zoneNow()));
      return undoBy(back, [item.id], () => ({
        ...recordRequest(item, milestone, atBefore),
        undo: ({ case: now }) => {
          // Nobody else has changed the case in between.
          if (now.version === versionOf(reply.case) + 1) treatAsSame(before, now);
          return null;
        },
        done: ({ taken }) => toastTaken(name, taken),
      }));
    },
    done: (reply, undo) => {
      const name = caseName(reply.case);
      toastDone(wordsOfOutcome.recorded(name, fact, at === null ? null : timeOf(at, zoneNow())), undo);
      toastTaken(name, reply.taken);
    },
  });
}

const recordRequest = (
  item: Case,
  milestone: Milestone,
  at: string | null,
): Omit<Request<'recordMilestone'>, 'done'> => ({
  command: 'recordMilestone',
  title: (at === null ? titles.withdraw : titles.record)(caseName(item), milestoneWords[milestone]),
  item,
  input: () => ({ ...caseParams(item), body: { milestone, at } }),
});
