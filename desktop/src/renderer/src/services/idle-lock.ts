import { shell } from '../shell/shell.ts';
import { lock, lockAfterMs, sessionStore, touch } from '../stores/session.ts';

/** How long before the lock it is announced. */
const warningMs = 30_000;
const lookMs = 1_000;

const signsOfLife = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

type Warning = (secondsLeft: number | null) => void;

/**
 * Locks when nobody has touched the console for a while. `warn` is told how many seconds are left, and null when
 * somebody is there again.
 */
export function lockWhenIdle(warn: Warning): () => void {
  // The monotonic clock may stand still while the computer sleeps; the other one may be changed.
  const clocks = () => [performance.now(), Date.now()] as const;
  let last = clocks();
  let isWarned = false;
  const idleMs = () => Math.max(...clocks().map((now, at) => now - (last[at] ?? now)));

  function stay() {
    last = clocks();
    if (isWarned) warn(null);
    isWarned = false;
  }
  function look() {
    const session = sessionStore.getState();
    // The screen in the corridor has nobody who could touch it, and nothing to hide.
    if (session.status !== 'signed_in' || session.site.role === 'wall') return stay();
    const leftMs = lockAfterMs() - idleMs();
    if (leftMs <= 0) return void lock();
    if (leftMs > warningMs) return undefined;
    isWarned = true;
    return warn(Math.ceil(leftMs / 1000));
  }
  /** Whoever wakes the computer up is somebody else until they have said who they are. */
  function alive() {
    look();
    stay();
    touch();
  }
  for (const sign of signsOfLife) window.addEventListener(sign, alive, { capture: true, passive: true });
  const timer = setInterval(look, lookMs);
  return () => {
    for (const sign of signsOfLife) window.removeEventListener(sign, alive, { capture: true });
    clearInterval(timer);
  };
}

/**
 * Locks when the workstation locks; while somebody is about to be signed in again, as soon as they are. It listens
 * whether or not somebody is here: a tiding left waiting would lock out whoever comes next.
 */
export function lockWithWorkstation(): () => void {
  let isDue = false;
  const look = () => {
    if (!isDue || sessionStore.getState().status === 'starting') return;
    isDue = false;
    void lock();
  };
  const stopListening = shell.on('lock', () => {
    isDue = true;
    look();
  });
  const stopLooking = sessionStore.subscribe(look);
  return () => {
    stopListening();
    stopLooking();
  };
}
