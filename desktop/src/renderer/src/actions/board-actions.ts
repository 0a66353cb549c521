import { boardView, currentCase } from '../board/focus.ts';
import { reveal } from '../board/reveal.ts';
import { announce } from '../stores/announcements.ts';
import { caseName } from '../stores/board.ts';
import { cursorStore, setCursor } from '../stores/cursor.ts';
import { cutStore, forgetCut } from '../stores/cut.ts';
import { openDialog } from '../stores/dialogs.ts';
import { peekAt, peekStore } from '../stores/peek.ts';
import { setInspectorOpen, select } from '../stores/view.ts';
import { actionNames as names } from '../words/actions.ts';
import { keyWords as words } from '../words/keys.ts';
import type { Action } from './action.ts';
import { isOnFreeTime, mark, nextEdge, step, stepRooms, switchCursor, toEdgeOfDay } from './cursor.ts';
import { canHold, hold } from './holding.ts';
import { dropByKey, placingByKeys, stopPlacing } from './moving.ts';
import { arrows } from './spelling.ts';

const withShift = arrows.map((key) => `Shift+${key}`);
const withCtrl = arrows.map((key) => `Ctrl+${key}`);
const isBoard = () => boardView() !== null;
const onBoard = { group: 'around', where: 'board', isKeyOnly: true, isPossible: isBoard } as const;

/** Moving around on the board. */
export const boardActions: readonly Action[] = [
  { ...onBoard, id: 'step', name: names.step, keys: arrows, isRepeated: true, run: step },
  {
    ...onBoard,
    id: 'stepRooms',
    name: names.stepRooms,
    keys: ['PageUp', 'PageDown'],
    isRepeated: true,
    run: (keys) => stepRooms(keys === 'PageUp' ? -10 : 10),
  },
  {
    ...onBoard,
    id: 'edgeOfDay',
    name: names.edgeOfDay,
    keys: ['Home', 'End'],
    run: (keys) => toEdgeOfDay(keys === 'Home' ? 'start' : 'end'),
  },
  { ...onBoard, id: 'switchCursor', name: names.switchCursor, keys: ['f'], run: switchCursor },
  {
    ...onBoard,
    id: 'mark',
    name: names.mark,
    keys: withShift,
    isRepeated: true,
    run: (keys) => mark(keys, 15),
  },
  {
    ...onBoard,
    id: 'nextEdge',
    name: names.nextEdge,
    keys: withCtrl,
    isRepeated: true,
    isPossible: isOnFreeTime,
    run: nextEdge,
  },
  { ...onBoard, id: 'inspect', name: names.inspect, keys: ['Enter'], run: inspect },
  {
    ...onBoard,
    id: 'peek',
    name: names.peek,
    keys: ['Space'],
    isPossible: () => currentCase() !== null,
    run: () => {
      const item = currentCase();
      if (!item) return;
      reveal(item.id);
      peekAt(peekStore.getState().caseId === item.id ? null : item.id);
    },
  },
  { ...onBoard, id: 'leave', name: names.leave, keys: ['Escape'], run: leave },
  {
    id: 'openings',
    name: names.openings,
    group: 'cases',
    keys: ['o'],
    where: 'anywhere',
    isPossible: () => canHold(),
    run: () => {
      const item = currentCase();
      openDialog({ kind: 'openings', caseId: item?.state === 'depot' ? item.id : null });
    },
  },
];

function inspect() {
  if (placingByKeys()) return dropByKey();
  if (isOnFreeTime()) return canHold() ? hold() : undefined;
  const item = currentCase();
  if (!item) return;
  peekAt(null);
  select(item.id);
  setInspectorOpen(true);
}

/** Cancels one thing at a time: placing, then the peek card, then the cut, then the mark. */
function leave() {
  if (placingByKeys()) return stopPlacing();
  if (peekStore.getState().caseId !== null) return peekAt(null);
  const { item } = cutStore.getState();
  if (item) {
    forgetCut();
    return announce(words.cutForgotten(caseName(item)));
  }
  const { mode, minutes } = cursorStore.getState();
  if (mode === 'free' && minutes !== null) setCursor({ minutes: null });
}
