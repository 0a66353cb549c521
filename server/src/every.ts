/**
 * Does something again and again, each time this long after it last began, and never twice at once. Of many
 * failures in a row only the first is told. Answers how to stop, which waits for what is under way.
 */
export function every(ms: number, work: () => unknown, failed: (error: unknown) => void) {
  let isFailing = false;
  let isStopped = false;
  let timer = setTimeout(begin, ms);
  let underWay = Promise.resolve();

  function begin() {
    underWay = round();
  }

  async function round() {
    const began = performance.now();
    try {
      await work();
      isFailing = false;
    } catch (error) {
      if (!isFailing) failed(error);
      isFailing = true;
    }
    if (!isStopped) timer = setTimeout(begin, Math.max(0, ms - (performance.now() - began)));
  }

  return (): Promise<void> => {
    isStopped = true;
    clearTimeout(timer);
    return underWay;
  };
}
