/** Starts the background services. Each function starts one and returns a function that stops it. */
import { replayQueue } from '../commands/queue.ts';
import { followRequestedHolds } from '../commands/requested-hold.ts';
import { followSite } from '../realtime/current-feed.ts';
import { announceChanges, dismissCutOffToasts } from './announcements.ts';
import { keepBoardFocus, moveCursorWithBoard } from './cursor.ts';
import { keepDesk } from './desk.ts';
import { expireRequests } from './expire-requests.ts';
import { offerExpiredHolds } from './expired-holds.ts';
import { forgetOnLeaving } from './forget-person.ts';
import { lockWhenIdle, lockWithWorkstation } from './idle-lock.ts';
import { bringPlacingToShownDay, updateCutCase, updatePlacedCase } from './moving-cases.ts';
import { notifyOfChanges } from './notifications.ts';
import { openCasesOnRequest } from './open-case.ts';
import { openPagesOnRequest } from './open-page.ts';
import { summarizeQueue } from './queue-summary.ts';
import { followUpdates } from './update.ts';

type Service = () => () => void;

/** Run as long as the page is open. */
const always: readonly Service[] = [
  // First: it saves the board while the desk is still open.
  followSite,
  keepDesk,
  replayQueue,
  followRequestedHolds,
  forgetOnLeaving,
  lockWhenIdle,
  lockWithWorkstation,
  openCasesOnRequest,
  openPagesOnRequest,
  offerExpiredHolds,
  dismissCutOffToasts,
  summarizeQueue,
  expireRequests,
  followUpdates,
  notifyOfChanges,
];

/** Run while the console is shown: somebody is signed in, and it is not a wall board. */
const whileWorking: readonly Service[] = [
  moveCursorWithBoard,
  bringPlacingToShownDay,
  updateCutCase,
  updatePlacedCase,
  keepBoardFocus,
  announceChanges,
];

function start(services: readonly Service[]): () => void {
  const stops = services.map((service) => service());
  return () => stops.forEach((stop) => stop());
}

export const startServices = () => start(always);
export const startWorkingServices = () => start(whileWorking);
