const asText = (titles: readonly string[]) => titles.map((title) => `“${title}”`).join(', ');

const alsoDiscarded = (titles: readonly string[]) =>
  titles.length > 0 ? ` Also discarded: ${asText(titles)}.` : '';

/** The queue of a desk. `title` is the title of a request, from `wordsOfOutcome.titles`. */
export const queueWords = {
  requested: (title: string) =>
    `Requested, not done yet: ${title}. Saved at this desk; Slate sends it when the server answers.`,
  /** The button that shows the day of a request. */
  goTo: (day: string) => `Go to ${day}`,
  /** The server can be reached, but takes nothing from the queue. */
  requestedBehind: (title: string) =>
    `Requested, not done yet: ${title}. Saved at this desk. It waits for your earlier requests, which the server doesn’t take at the moment. Press Ctrl+J to see them.`,
  /** It was sent before it was queued. */
  unanswered: (title: string) =>
    `No reply yet: ${title}. It may have been done. Saved at this desk; Slate asks again when the server answers.`,
  /** Used when the board of this desk shows a conflict. */
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

  /** The choices about a request: the button, and its effect. */
  decide: {
    retry: { label: 'Send again', does: (title: string) => `Sends it again: ${title}.` },
    retryAnyway: {
      label: 'Apply to the current case',
      does: (title: string) => `Sends it again, for the case as it is now: ${title}.`,
    },
    retryWithReason: {
      label: 'Give a reason',
      does: (title: string) => `Asks you for a reason, then sends it again: ${title}.`,
    },
    retryUnknown: {
      label: 'Send again',
      does: (title: string) => `It may already be done: check the board first. Sends it again: ${title}.`,
    },
    alternative: {
      label: (where: string) => where,
      does: (title: string) => `Requests this time instead: ${title}.`,
    },
    addToDepot: {
      label: 'To the depot',
      does: (others: readonly string[]) =>
        `Adds it to the depot without a time.${others.length > 0 ? ` Not sent: ${asText(others)}.` : ''}`,
    },
    bump: {
      label: 'To the depot',
      does: (what: string, where: string) => `${what} gives up ${where} and waits in the depot.`,
    },
    leaveInDepot: { label: 'Leave in the depot', does: 'The case stays in the depot. Nothing is sent.' },
    discard: {
      label: 'Discard',
      does: (others: readonly string[]) =>
        `Nothing is sent, and the board stays as it is.${alsoDiscarded(others)}`,
      doesUnknown: (others: readonly string[]) =>
        `It is not sent again. It may have been done: check the board.${alsoDiscarded(others)}`,
    },
    takeBack: { label: 'Take back', does: 'It is not sent.' },
    stop: {
      label: 'Stop waiting',
      does: 'It is not sent again. It may have been done: check the board.',
    },
  },
  /** The title of a depot case that was requested as a hold without a name. */
  fromHold: (title: string) => `Requested: ${title}`,
  bumpReason: 'Another time was requested while the desk was offline, and was not available',
  settledMeanwhile: (title: string) => `${title}: this request was already answered or decided.`,
};
