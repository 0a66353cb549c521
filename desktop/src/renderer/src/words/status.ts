/** The status bar: key hints, figures of the day, save status. */
export const statusWords = {
  bar: 'Keys, figures of the day and save status',
  saved: 'All changes saved',
  saving: (count: number) => (count === 1 ? 'Saving…' : `Saving ${count}…`),
  /** Offline: the state of earlier changes. */
  allBefore: 'Earlier changes are saved.',
  waiting: (count: number) =>
    count === 1 ? '1 change waiting for a reply.' : `${count} changes waiting for a reply.`,
  unanswered: (count: number) => (count === 1 ? '1 change unconfirmed.' : `${count} changes unconfirmed.`),
  slower: (what: string) => `${what}. Slower updates.`,
  reconnecting: (what: string) => `Connection interrupted. ${what}`,
  offline: (since: string, what: string) => `Offline since ${since}; you can’t save now. ${what}`,
  /** The number of requests is next to it. */
  offlineAtDesk: (since: string) => `Offline since ${since}; requests are saved at this desk.`,
  outdated: (what: string) => `Update needed; you can’t save now. ${what}`,
};

/** Toasts about recent actions, at the bottom left of the board. */
export const toastWords = {
  region: 'Recent actions',
  undo: 'Undo',
  dismiss: 'Dismiss',
};
