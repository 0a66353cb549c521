/** The interface of a page for the benchmark. */
export type Bench = {
  /** Resolves when the page is idle. */
  settled(): Promise<void>;
  /** Loads fonts and waits until the page is idle. */
  prepare(): Promise<void>;
  /** Milliseconds until the day is on the screen. */
  mount(): Promise<number>;
  /** Makes changes, each painted before the next; or, if idle, waits for as many frames. */
  changes(count: number, isIdle?: boolean): Promise<void>;
  /** Makes changes at a fixed rate, however long painting takes. */
  burst(perSecond: number, seconds: number): Promise<void>;
  /** Records frame intervals until `frames` is called. */
  recordFrames(): void;
  frames(): number[];
  /** A point at which a case near the middle can be dragged. */
  handle(): { x: number; y: number } | null;
};
