/** The line at the bottom: keys that apply now, figures of the day, what is saved. */
export const statusWords = {
  bar: 'Keys, figures of the day and what is saved',
  saved: 'All changes saved',
  saving: (count: number) => (count === 1 ? 'Saving…' : `Saving ${count}…`),
  waiting: (count: number) =>
    count === 1 ? '1 change waits for the server' : `${count} changes wait for the server`,
};

/** What was done, said at the bottom left of the board. */
export const toastWords = {
  region: 'What was done',
  undo: 'Undo',
  dismiss: 'Dismiss',
};
