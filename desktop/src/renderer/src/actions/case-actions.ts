import { isClaiming, milestone } from '@slate/shared/case-state';
import type { CaseState, Milestone } from '@slate/shared/case-state';
import { hasProcedureOrTitle, isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { stayOf } from '@slate/shared/reality';
import { boardView, currentCase } from '../board/focus.ts';
import { cancelCase, confirmCase, voidCase } from '../commands/case.ts';
import { bumpCase } from '../commands/depot.ts';
import {
  bookHold,
  extendHold,
  hasExpired,
  holdExpired,
  releaseHold,
  releaseWithReason,
  takeOver,
} from '../commands/hold.ts';
import { recordMilestone } from '../commands/milestone.ts';
import { caseName } from '../stores/board.ts';
import { isPlaceholder } from '../commands/requested-hold.ts';
import { openDialog } from '../stores/dialogs.ts';
import { isHeldByMe, mayDo, mayRun } from '../stores/permissions.ts';
import { myScope } from '../stores/session.ts';
import { actionNames as names } from '../words/actions.ts';
import { stateWords } from '../words/cases.ts';
import { keyWords as words } from '../words/keys.ts';
import type { Action } from './action.ts';
import { isOnFreeTime } from './cursor.ts';
import { canCut, canPaste, canSwap, cutHere, pasteHere, swapHere } from './cutting.ts';
import { canHold, hold } from './holding.ts';
import { beginPlacing, placingByKeys } from './moving.ts';
import { canMove, canResize, lengthen, mayResize, nudge } from './nudging.ts';
import { beginPlacingFromDepot } from './place-from-depot.ts';
import { arrows } from './spelling.ts';

/** An action on a case. Keys act on the current case, buttons on their own. */
export type CaseAction = Action & {
  readonly isPossibleOn: (item: Case) => boolean;
  readonly runOn: (item: Case) => void;
};

/** Returns an action on the current case. */
const onCase = (
  id: keyof typeof names,
  keys: readonly string[],
  isPossible: (item: Case) => boolean,
  run: (item: Case) => unknown,
  whyNot?: (item: Case) => string | null,
): CaseAction => ({
  id,
  name: names[id],
  group: 'cases',
  keys,
  where: 'lists',
  changes: true,
  isPossible: () => {
    const item = currentCase();
    return item !== null && !placingByKeys() && isPossible(item);
  },
  run: () => {
    const item = currentCase();
    if (item) void run(item);
  },
  whyNot: () => {
    const item = currentCase();
    return item !== null && !placingByKeys() ? (whyNot?.(item) ?? null) : null;
  },
  isPossibleOn: isPossible,
  runOn: (item) => void run(item),
});

export const isCaseAction = (action: Action): action is CaseAction => 'runOn' in action;

const isMyHold = (item: Case) => item.state === 'held' && isHeldByMe(item) && mayRun('extend', item);
const maySchedule = (item: Case) => mayDo('case.schedule', item);

/** Whether milestones can be recorded: the case is booked or under way, or has taken place. */
export const canHaveMilestones = (state: CaseState) => isClaiming(state) && state !== 'held';

export function nextMilestone(item: Case): Milestone | null {
  const last = milestone.options.findLastIndex((fact) => item.milestones[fact] !== undefined);
  return canHaveMilestones(item.state) ? (milestone.options[last + 1] ?? null) : null;
}

function place(kind: 'move' | 'resize', item: Case) {
  if (isPlaced(item) && item.state !== 'depot') {
    const { start, end } = stayOf(item) ?? item;
    return beginPlacing(kind, item, { roomId: item.roomId, start, end });
  }
  if (kind === 'move') void beginPlacingFromDepot(item);
}

const canPlace = (item: Case) =>
  boardView() !== null &&
  (item.state !== 'held' || isHeldByMe(item)) &&
  (mayRun('move', item) || mayRun('place', item));

/** Explains why a case cannot be moved, to people who may move cases. */
function whyNotMovable(item: Case): string | null {
  if (boardView() === null || !maySchedule(item)) return null;
  if (item.state === 'held') return words.heldBy(caseName(item), item.holder?.name ?? '');
  return words.cannotMove(caseName(item), stateWords[item.state]);
}

export const caseActions: readonly Action[] = [
  {
    id: 'hold',
    name: names.hold,
    group: 'cases',
    keys: ['h'],
    where: 'board',
    changes: true,
    isPossible: () => canHold() && boardView() !== null && !placingByKeys(),
    run: hold,
  },
  {
    id: 'holdExpired',
    name: names.holdExpired,
    group: 'cases',
    keys: ['Shift+k'],
    where: 'anywhere',
    changes: true,
    isPossible: () => canHold() && hasExpired(),
    run: () => holdExpired(),
  },
  onCase('move', ['m'], canPlace, (item) => place('move', item), whyNotMovable),
  onCase(
    'length',
    ['d'],
    (item) => boardView() !== null && mayResize(item),
    (item) => place('resize', item),
  ),
  {
    id: 'nudge',
    name: names.nudge,
    group: 'cases',
    keys: arrows.map((key) => `Alt+${key}`),
    where: 'board',
    changes: true,
    isKeyOnly: true,
    isRepeated: true,
    isPossible: canMove,
    run: nudge,
  },
  {
    id: 'lengthen',
    name: names.lengthen,
    group: 'cases',
    keys: arrows.map((key) => `Alt+Shift+${key}`),
    where: 'board',
    isKeyOnly: true,
    isRepeated: true,
    isPossible: () => canResize() || isOnFreeTime(),
    run: lengthen,
  },
  onCase(
    'book',
    ['c'],
    (item) => isMyHold(item) || mayRun('confirm', item),
    (item) => {
      if (item.state !== 'held') return confirmCase(item);
      // Booking needs a procedure or a title.
      return hasProcedureOrTitle(item) ? bookHold(item) : openDialog({ kind: 'hold', caseId: item.id });
    },
  ),
  onCase(
    'edit',
    ['e'],
    (item) => mayRun('change', item) && (item.state !== 'held' || isHeldByMe(item)),
    ({ id, state }) => openDialog({ kind: state === 'held' ? 'hold' : 'edit', caseId: id }),
  ),
  onCase('extend', ['k'], isMyHold, extendHold),
  onCase('takeOver', ['Shift+h'], (item) => mayRun('takeover', item) && !isHeldByMe(item), takeOver),
  onCase(
    'cancel',
    ['x'],
    (item) => isMyHold(item) || mayRun('cancel', item),
    (item) => (item.state === 'held' ? releaseHold(item) : cancelCase(item)),
  ),
  onCase(
    'releaseWithReason',
    ['Shift+x'],
    (item) => isMyHold(item) && !isPlaceholder(item.id),
    releaseWithReason,
  ),
  onCase('bump', ['b'], (item) => mayRun('bump', item), bumpCase),
  onCase(
    'milestone',
    ['w'],
    (item) => nextMilestone(item) !== null && mayDo('milestone.record', item),
    (item) => {
      const next = nextMilestone(item);
      return next && recordMilestone(item, next);
    },
  ),
  onCase(
    'void',
    [],
    (item) => mayRun('void', item),
    (item) => voidCase(item),
  ),
  {
    id: 'cut',
    name: names.cut,
    group: 'cases',
    keys: ['Ctrl+x'],
    where: 'lists',
    isPossible: canCut,
    run: cutHere,
  },
  {
    id: 'paste',
    name: names.paste,
    group: 'cases',
    keys: ['Ctrl+v'],
    where: 'lists',
    changes: true,
    isPossible: canPaste,
    run: pasteHere,
  },
  {
    id: 'swap',
    name: names.swap,
    group: 'cases',
    keys: ['s'],
    where: 'board',
    changes: true,
    isPossible: canSwap,
    run: swapHere,
  },
  {
    id: 'add',
    name: names.add,
    group: 'cases',
    keys: ['a'],
    where: 'anywhere',
    changes: true,
    isPossible: () => myScope('case.schedule') === 'any',
    run: () => openDialog({ kind: 'edit', caseId: null }),
  },
];
