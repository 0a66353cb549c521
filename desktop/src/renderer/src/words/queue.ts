/** The queue of a desk. `title` is what was asked for, in the words of `wordsOfOutcome.titles`. */
export const queueWords = {
  requested: (title: string) =>
    `Requested, not done yet: ${title}. Saved at this desk; Slate sends it when the server answers.`,
  /** Added when the board of this desk already says no. */
  probablyRefused: (requested: string, obstacle: string, asOf: string) =>
    `${requested} It will probably be refused: ${obstacle}, as far as this desk knows (as of ${asOf}).`,
  takeBack: (title: string) => `Take back the request: ${title}`,
  takenBack: (title: string) => `Taken back, not sent: ${title}`,
  notTakenBack: {
    sent: (title: string) =>
      `${title}: this was already sent and may have been done. You can undo it when the server has answered.`,
    answered: (title: string) => `${title}: the server has answered this request. Check the board.`,
    needed: (title: string) => `${title}: later requests need this one. Take those back first.`,
  },
};
