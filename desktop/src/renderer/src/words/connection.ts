export const connectionWords = {
  offline: (since: string) => `Offline since ${since}`,
  offlineBoard: (asOf: string) =>
    `The board shows what was so at ${asOf}. Holds and moves are not possible until the server answers again: nothing you do here now could be promised.`,
  noAnswer: 'The server did not answer. Try again when the connection is back.',
  tryNow: 'Try now',
  catchingUp: 'Catching up: changes of the last moments are being fetched.',
  asOf: (time: string) => `As of ${time}. The present state is on its way.`,
  outdated: 'This console is of another version than the server',
  outdatedHelp:
    'The board cannot be kept up to date. Load the console again; if this stays, ask your IT desk to update it.',
  reload: 'Load again',
};
