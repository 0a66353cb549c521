/** What the benchmark asks of a page from outside. */
export type Bench = {
  /** Resolves when the page has nothing left to do. */
  settled(): Promise<void>;
  /** What every page has behind it by the time the day comes: fonts are there, nothing is going on. */
  prepare(): Promise<void>;
  /** Milliseconds until the day stands on the screen. */
  mount(): Promise<number>;
  /** So many changes, each seen on the screen before the next one comes; or as many frames without any. */
  changes(count: number, isIdle?: boolean): Promise<void>;
  /** Changes as they come, however long it takes to show them. */
  burst(perSecond: number, seconds: number): Promise<void>;
  /** The intervals of the frames from now on, until they are asked for. */
  recordFrames(): void;
  frames(): number[];
  /** Where a case can be taken hold of: one that may be moved, near the middle. */
  handle(): { x: number; y: number } | null;
};
