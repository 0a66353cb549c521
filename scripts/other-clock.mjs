/** Preloaded into a server, or into a page, for pictures: its clock is ahead as far as it is told. */
const ahead = Number(globalThis.process?.env.CLOCK_AHEAD_MS ?? globalThis.clockAheadMs);
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + ahead] : given));
  }
  static now() {
    return RealDate.now() + ahead;
  }
};
