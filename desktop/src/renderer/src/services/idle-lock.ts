import { shell } from '../shell/shell.ts';
import { idleStore } from '../stores/idle.ts';
import { lock, lockAfterMs, sessionStore, touch } from '../stores/session.ts';

/** The countdown starts this long before the lock. */
const warningMs = 30_000;
const lookMs = 1_000;

const signsOfLife = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

/** Locks when nobody has used the console for a while, and counts down the last seconds in `idleStore`. */
export function lockWhenIdle(): () => void {
  // The monotonic clock may stand still while the computer sleeps; the other one may be changed.
  const clocks = () => [performance.now(), Date.now()] as const;
  let last = clocks();
  const idleMs = () => Math.max(...clocks().map((now, at) => now - (last[at] ?? now)));

  function stay() {
    last = clocks();
    if (idleStore.getState().secondsLeft !== null) idleStore.setState({ secondsLeft: null });
  }
  function look() {
    const session = sessionStore.getState();
    // Nobody uses a wall board, and it hides nothing.
    if (session.status !== 'signed_in' || session.site.role === 'wall') return stay();
    const leftMs = lockAfterMs() - idleMs();
    if (leftMs <= 0) return void lock();
    if (leftMs > warningMs) return undefined;
    return idleStore.setState({ secondsLeft: Math.ceil(leftMs / 1000) });
  }
  /** Looks first: whoever wakes the computer after a long sleep may be somebody else. */
  function alive() {
    look();
    stay();
    touch();
  }
  for (const sign of signsOfLife) window.addEventListener(sign, alive, { capture: true, passive: true });
  const timer = setInterval(look, lookMs);
  // A session counts its idle time from its start.
  const stopSession = sessionStore.subscribe(({ status }, before) => {
    if (status !== before.status) stay();
  });
  return () => {
    stopSession();
    for (const sign of signsOfLife) window.removeEventListener(sign, alive, { capture: true });
    clearInterval(timer);
  };
}

/**
 * Locks when the workstation locks, or as soon as a session that is being resumed is there. It listens even while
 * nobody is signed in: the bridge keeps an event until somebody listens, and would lock out the next person.
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
