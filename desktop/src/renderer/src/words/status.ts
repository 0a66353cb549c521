/** The line at the bottom: keys that apply now, figures of the day, what is saved. */
export const statusWords = {
  bar: 'Keys, figures of the day and what is saved',
  saved: 'All changes saved',
  saving: (count: number) => (count === 1 ? 'Saving…' : `Saving ${count}…`),
  /** Cut off: what became of what was done before. */
  allBefore: 'Everything before is saved.',
  waiting: (count: number) =>
    count === 1 ? '1 change waits for its answer.' : `${count} changes wait for their answers.`,
  unanswered: (count: number) =>
    count === 1 ? '1 change was not answered.' : `${count} changes were not answered.`,
  reconnecting: (what: string) => `Connection interrupted. ${what}`,
  offline: (since: string, what: string) => `Offline since ${since}, nothing can be saved now. ${what}`,
  outdated: (what: string) => `Update needed, nothing can be saved now. ${what}`,
};

/** What was done, said at the bottom left of the board. */
export const toastWords = {
  region: 'What was done',
  undo: 'Undo',
  dismiss: 'Dismiss',
};
