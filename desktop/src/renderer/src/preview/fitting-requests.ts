import type { CaseCommand } from '@slate/shared/case-state';
import type { Details } from '@slate/shared/case-draft';
import type { Case, PlacedCase } from '@slate/shared/cases';
import { casesIn } from '@slate/shared/queue';
import type { QueuedRequest, Requested } from '@slate/shared/queue';
import { hasFields } from '@slate/shared/queue-input';
import type { BoardView } from '../stores/board.ts';
import { mayRun } from '../stores/permissions.ts';
import type { Place } from '../stores/place.ts';
import { asPlaced, newHold } from './as-placed.ts';
import { callerNow } from './judge.ts';
import { obstaclesOf, verdictOf } from './verdict.ts';

/** Returns the refused and expired requests that would probably be accepted now, all of them together. */
export function fittingRequests(before: BoardView, requests: readonly Requested[]): Requested[] {
  let view = before;
  return requests.filter((requested) => {
    const after = isAboutTime(requested) ? viewWith(view, requested.request) : null;
    if (after) view = after;
    return after !== null;
  });
}

/** Only the time was against it. A person must first look at cases that others changed, and at requests that may be done. */
const isAboutTime = ({ result }: Requested) =>
  result?.kind === 'refused'
    ? ['slot_taken', 'pool_exhausted', 'in_use'].includes(result.problem.code)
    : result?.kind === 'expired' && result.why !== 'unknown';

const caseCommands: Partial<Record<string, readonly CaseCommand[]>> = {
  confirmCase: ['book', 'confirm'],
  extendHold: ['extend'],
  takeOverHold: ['takeover'],
  releaseHold: ['release'],
  cancelCase: ['cancel'],
  bumpCase: ['bump'],
  voidCase: ['void'],
  changeCase: ['change'],
  moveCase: ['move'],
  moveCases: ['move'],
  swapCases: ['move'],
  placeCase: ['place'],
};

/** Returns a case as a request would place it; null: the board does not have it. */
export function placedOn(
  view: BoardView,
  request: QueuedRequest,
  { caseId, place }: { caseId: string | null; place: Place },
) {
  if (caseId === null) {
    const details = hasFields(request.body) ? (request.body as Details) : {};
    return { ...newHold(view, place, details), id: request.id };
  }
  const item = view.cases.get(caseId);
  return item ? asPlaced(view, item, place) : null;
}

/** Returns the board with the cases that a request places; null: there is a conflict, or the board cannot tell. */
function viewWith(view: BoardView, request: QueuedRequest): BoardView | null {
  const commands = caseCommands[request.command] ?? [];
  const items = casesIn(request).map(({ id }) => view.cases.get(id));
  const isAllowed = (item: Case | undefined) =>
    item !== undefined && (commands.length === 0 || commands.some((command) => mayRun(command, item)));
  if (!items.every(isAllowed)) return null;
  const { range } = view.board;
  const placed = request.cases.flatMap(({ caseId, place }): (PlacedCase | null)[] => {
    if (!place) return [];
    const isShown = range.start <= place.start && place.start < range.end;
    return [isShown ? placedOn(view, request, { caseId, place }) : null];
  });
  if (placed.includes(null)) return null;
  const moved = placed.flatMap((item) => item ?? []);
  if (moved.length === 0) return view;
  // A single case is not in its own way, so the board stays as it is until the case fits.
  if (moved.length === 1) return fitsOn(view, request, moved) ? viewAfter(view, moved) : null;
  const after = viewAfter(view, moved);
  return fitsOn(after, request, moved) ? after : null;
}

function fitsOn(view: BoardView, request: QueuedRequest, moved: readonly PlacedCase[]): boolean {
  const hasReason = hasFields(request.body) && 'overrideReason' in request.body;
  const caller = callerNow();
  return moved.every(
    (item) =>
      obstaclesOf(view, item, caller).length === 0 &&
      (hasReason || verdictOf(view, item, caller).cautions.length === 0),
  );
}

function viewAfter(view: BoardView, moved: readonly PlacedCase[]): BoardView {
  const ids = new Set(moved.map(({ id }) => id));
  const others = view.board.cases.filter(({ id }) => !ids.has(id));
  return {
    ...view,
    board: { ...view.board, cases: [...others, ...moved] },
    cases: new Map([...view.cases, ...moved.map((item) => [item.id, item] as const)]),
  };
}
