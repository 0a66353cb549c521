export const wallWords = {
  board: (site: string) => `Wall board, ${site}`,
  page: (page: number, pages: number) => `Page ${page} of ${pages}`,
  asOf: (time: string) => `Not up to date: as of ${time}`,
  leave: 'Back to the console (Esc)',
  /** Shown instead of the title if there is no procedure: a title may identify the patient. */
  unnamed: 'Case',
};
