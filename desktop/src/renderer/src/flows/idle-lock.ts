import { shell } from '../shell/shell.ts';
import { lock, lockAfterMs, sessionStore } from '../stores/session.ts';

/** How long before the lock it is announced. */
const warningMs = 30_000;
const lookMs = 1_000;

const signsOfLife = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

type Warning = (secondsLeft: number | null) => void;

/**
 * Locks when nobody has touched the console for a while, and when the workstation itself is locked. `warn` is
 * told how many seconds are left, and null when somebody is there again.
 */
export function lockWhenIdle(warn: Warning): () => void {
  let lastAt = performance.now();
  let isWarned = false;
  const alive = () => {
    lastAt = performance.now();
    if (isWarned) warn(null);
    isWarned = false;
  };
  const look = () => {
    const session = sessionStore.getState();
    // The screen in the corridor has nobody who could touch it, and nothing to hide.
    if (session.status !== 'signed_in' || session.site.role === 'wall') return alive();
    const leftMs = lastAt + lockAfterMs() - performance.now();
    if (leftMs <= 0) void lock();
    if (leftMs > warningMs || leftMs <= 0) return undefined;
    isWarned = true;
    return warn(Math.ceil(leftMs / 1000));
  };
  for (const sign of signsOfLife) window.addEventListener(sign, alive, { capture: true, passive: true });
  const timer = setInterval(look, lookMs);
  const stopListening = shell.on('lock', () => void lock());
  return () => {
    for (const sign of signsOfLife) window.removeEventListener(sign, alive, { capture: true });
    clearInterval(timer);
    stopListening();
  };
}
