export const wallWords = {
  board: (site: string) => `Wall board, ${site}`,
  page: (page: number, pages: number) => `Page ${page} of ${pages}`,
  asOf: (time: string) => `Not up to date: as of ${time}`,
  leave: 'Back to the console (Esc)',
  /** Without a procedure nothing is shown: a title may tell more than a wall should. */
  unnamed: 'Case',
};
