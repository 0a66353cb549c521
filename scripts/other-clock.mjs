/** Preloaded into a server or a page for screenshots: shifts its clock. */
const ahead = Number(globalThis.process?.env.CLOCK_AHEAD_MS ?? globalThis.clockAheadMs);
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [RealDate.now() + ahead] : args));
  }
  static now() {
    return RealDate.now() + ahead;
  }
};
