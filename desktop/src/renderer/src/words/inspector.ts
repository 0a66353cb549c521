import { fullReason, reasonOfCase } from '@slate/shared/reasons';
import type { Case } from '@slate/shared/cases';
import type { CaseCause } from '@slate/shared/changes';
import { milestone } from '@slate/shared/case-state';
import type { Milestone } from '@slate/shared/case-state';
import { bedFor, causeWords, fieldWords, milestoneWords, unitsOf } from './cases.ts';
import { differences, differenceWords } from './differences.ts';
import type { Names } from './differences.ts';
import { placingWords } from './placing.ts';
import { duration, rangeOf, timeOf, wrongTime } from './time.ts';

export const inspectorWords = {
  panel: 'Inspector',
  kicker: (number: string) => `Case · ${number}`,
  close: 'Close the inspector',
  loading: 'The case is loading.',
  untitled: 'No procedure yet',
  since: (clock: string) => ` · ${clock}`,
  waiting: (length: string) => `waiting ${length}`,

  room: fieldWords.roomId,
  time: 'Time',
  planned: 'Planned',
  timeOf: (range: string, minutes: number) => `${range} (${minutes} min)`,
  noTime: (minutes: number) => `None yet (${minutes} min)`,
  surgeon: fieldWords.surgeonId,
  service: fieldWords.service,
  block: 'Block',
  blockOf: (service: string, range: string) => `${service} ${range}`,
  released: 'released',
  predicted: 'Predicted end',
  late: (minutes: number) => `▲ +${minutes} min`,
  lateSpoken: (minutes: number) => `${duration(minutes)} later than planned`,
  onTime: 'as planned',
  collides: 'Conflict',
  waitsFor: (what: string, room: string, until: string, shared: string | null) =>
    `✕ ${shared === null ? '' : `${shared}: `}${what} in ${room} until about ${until}`,
  keepsBack: (what: string, room: string, at: string, shared: string | null) =>
    `✕ ${shared === null ? '' : `${shared}: `}${what} in ${room} can’t start at ${at}`,
  equipment: fieldWords.equipment,
  free: placingWords.free,
  taken: '✕ taken',
  units: unitsOf,
  bed: 'Bed',
  nights: bedFor,
  list: 'List',
  patient: 'Patient',
  urgency: fieldWords.urgency,
  due: fieldWords.dueBy,
  note: fieldWords.note,
  override: 'Override reason',
  delayed: 'Delayed',
  bumped: 'Bumped',
  bumpedBy: (by: string, at: string) => `by ${by}, ${at}`,
  reason: 'Reason',
  holder: 'Held by',
  until: (name: string, until: string) => `${name} until ${until}`,
  you: 'you',

  viewing: 'Viewing',
  isViewing: (name: string) => `${name} is looking at this`,

  happened: 'Milestones',
  record: (fact: string) => `Record now: ${fact}`,
  atOther: 'at…',
  atOtherOf: (fact: string) => `Record at another time: ${fact}`,
  correct: (fact: string, at: string) => `Correct the time of: ${fact}, ${at}`,
  remove: (fact: string, at: string) => `Remove: ${fact}, ${at}`,
  timeOfFact: (fact: string) => `Time of: ${fact}`,
  wrongTime,

  history: 'History',
  historyLoading: 'The history is loading.',
  historyEmpty: 'No history yet.',
  historyFailed: 'Can’t load the history: no reply from the server.',
  historyForbidden: 'Your role can’t see who changed a case. Ask a coordinator if you need to know.',
  historyGone: 'This case no longer exists, or you don’t have access to it.',
  retry: 'Try again',
  movedTo: (place: string) => `Moved to ${place}`,
  resized: 'Length changed',
  showAll: (count: number) => `Show all ${count}`,
  showLatest: (count: number) => `Show the latest ${count}`,
  by: (who: string) => ` · ${who}`,
  bySlate: 'Slate',

  actions: 'Case actions',
  short: {
    move: 'Move',
    length: 'Length',
    book: 'Book',
    confirm: 'Confirm',
    place: 'Place',
    edit: 'Edit',
    extend: 'Extend',
    takeOver: 'Take over',
    cancel: 'Cancel',
    release: 'Release',
    releaseWithReason: 'Release with a reason',
    bump: 'Bump',
    void: 'Void',
    cut: 'Cut',
    inspect: 'Open in the inspector',
    hold: 'Hold from here',
    paste: 'Paste here',
  } as Record<string, string>,

  empty: 'No case is selected.',
  emptyHelp: 'Click a case, or use the keys of the board:',
  emptyKeys: [
    { keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'], does: 'go from case to case' },
    { keys: ['Enter'], does: 'open it here' },
    { keys: ['f'], does: 'go to free time, and back' },
    { keys: ['h'], does: 'hold free time' },
    { keys: ['Ctrl+k'], does: 'search or run a command' },
    { keys: ['?'], does: 'all keys' },
  ],
};

/** Returns the short name of an action next to a case or a place. */
export function actionOnCase(
  { id, name }: { id: string; name: string },
  item: Case | null,
  next: Milestone | null = null,
): string {
  const { short } = inspectorWords;
  if (id === 'book' && item?.state === 'scheduled') return short['confirm'] ?? name;
  if (id === 'move' && item?.state === 'depot') return short['place'] ?? name;
  if (id === 'cancel' && item?.state === 'held') return short['release'] ?? name;
  if (id === 'milestone' && next) return inspectorWords.record(milestoneWords[next]);
  return short[id] ?? name;
}

/** Questions before recording an unusual milestone. */
export const milestoneQuestions = {
  liesAhead: (typed: string, now: string) =>
    `${typed} is in the future: it’s ${now} now. Which time do you mean?`,
  now: 'Now',
  yesterday: (day: string) => `Yesterday: ${day}`,
  notInRoom: '“Patient in room” hasn’t been recorded yet.',
  beforeInRoom: (at: string) => `That’s before the patient was in the room, at ${at}.`,
  early: (by: string, plan: string) => `That’s ${by} before the planned start (${plan}).`,
  late: (by: string, plan: string) => `That’s ${by} after the planned end (${plan}).`,
  record: (at: string) => `Record it at ${at}`,
};

type Entry = { cause: CaseCause; case: Case };

/** Returns the lines of one entry of the history. `before` is the case after the previous entry. */
export function historyWords({ cause, case: item }: Entry, before: Case | null, names: Names): string[] {
  const { zone, resource, reasons } = names;
  if (cause === 'milestone') {
    const facts = milestone.options.flatMap((fact) => {
      const at = item.milestones[fact];
      if (at === before?.milestones[fact]) return [];
      return [`${milestoneWords[fact]} ${at === undefined ? 'removed' : timeOf(at, zone)}`];
    });
    // Without the previous entry, the changed milestone is unknown.
    return facts.length === 1 ? facts : [causeWords.milestone, ...facts];
  }
  const place =
    item.roomId !== null && item.start !== null && item.end !== null
      ? `${resource(item.roomId)} ${rangeOf(item.start, item.end, zone)}`
      : '';
  if (cause === 'held') return [`${causeWords.held}, ${place}`];
  if (cause === 'extended' && item.expiresAt !== null) {
    return [`${causeWords.extended} until ${timeOf(item.expiresAt, zone)}`];
  }
  const changes = before ? differences(before, item, names).filter(({ field }) => field !== 'state') : [];
  const lines = changes.map(differenceWords);
  if (cause === 'moved' && before === null) return [inspectorWords.movedTo(place)];
  if (cause === 'moved' && !changes.some(({ field }) => field === 'roomId' || field === 'start')) {
    return [inspectorWords.resized, ...lines];
  }
  // A booking may have moved and changed the case as well (BK15).
  if (cause === 'moved' && item.delayReason !== null && item.delayReason !== before?.delayReason) {
    const late = fullReason(reasons, 'delay', item.delayReason, item.delayReasonCode);
    return [`${inspectorWords.delayed}: ${late}`, ...lines];
  }
  if (cause === 'moved' || cause === 'changed' || cause === 'booked' || cause === 'confirmed')
    return [causeWords[cause], ...lines];
  const given = reasonOfCase(item, reasons);
  const why = given === null || cause === 'added' ? [] : [`“${given}”`];
  return cause === 'cancelled' || cause === 'bumped' || cause === 'voided' || cause === 'released'
    ? [causeWords[cause], ...why]
    : [causeWords[cause]];
}
