/**
 * Does something again and again, each time this long after it last began, and never twice at once. Of many
 * failures in a row only the first is told. Answers how to stop.
 */
export function every(
  ms: number,
  work: () => Promise<void> | void,
  failed: (error: unknown) => void,
): () => void {
  let isFailing = false;
  let isStopped = false;
  let timer = setTimeout(() => void round(), ms);

  async function round() {
    const began = performance.now();
    try {
      await work();
      isFailing = false;
    } catch (error) {
      if (!isFailing) failed(error);
      isFailing = true;
    }
    if (!isStopped) timer = setTimeout(() => void round(), Math.max(0, ms - (performance.now() - began)));
  }

  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
