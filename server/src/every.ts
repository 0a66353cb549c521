/**
 * Repeats `work`, `ms` after its last start but never concurrently. Of failures in a row only the first is reported.
 * Returns a function that stops and waits for the current run.
 */
export function every(ms: number, work: () => unknown, onFailure: (error: unknown) => void) {
  let isFailing = false;
  let isStopped = false;
  let timer = setTimeout(begin, ms);
  let currentRun = Promise.resolve();

  function begin() {
    currentRun = round();
  }

  async function round() {
    const began = performance.now();
    try {
      await work();
      isFailing = false;
    } catch (error) {
      if (!isFailing) onFailure(error);
      isFailing = true;
    }
    if (!isStopped) timer = setTimeout(begin, Math.max(0, ms - (performance.now() - began)));
  }

  return (): Promise<void> => {
    isStopped = true;
    clearTimeout(timer);
    return currentRun;
  };
}
