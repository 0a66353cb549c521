/** A console says a few words a minute; whoever says more than this is broken or means harm. */
const burst = 40;
const perSecond = 10;

/** A bucket of tokens for one connection; answers whether one more message is within bounds. */
export function floodLimit(clock = () => performance.now()) {
  let tokens = burst;
  let at = clock();
  return function isWithin(): boolean {
    const now = clock();
    tokens = Math.min(burst, tokens + ((now - at) / 1000) * perSecond);
    at = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
