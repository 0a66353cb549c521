/** Returns `Couldn’t book Total knee`; `title` is one of `titles` below. */
export const couldNot = (title: string) => `Couldn’t ${title.charAt(0).toLowerCase()}${title.slice(1)}`;

/** Outcomes of commands for toasts and screen readers, and their undo steps. `what` is the case, `where` its place. */
export const wordsOfOutcome = {
  notSent: (title: string) => `${couldNot(title)}: can’t reach the server. Try again when the board is live.`,
  /** `why`: a sentence of the program that keeps the requests. */
  notSaved: (title: string, why: string) => `${couldNot(title)}: it could not be saved at this desk. ${why}`,
  unanswered: (title: string) =>
    `${title}: no reply from the server yet. Slate keeps trying and will tell you the result.`,
  unreachable: (title: string) => `${title}: no reply from the server. Check the board before trying again.`,
  /** The details were removed when the screen was locked. */
  unansweredBefore:
    'A change you made before the screen locked got no reply from the server. Check the board before trying again.',

  held: (where: string, until: string) => `Held ${where} until ${until}`,
  extended: (what: string, until: string) => `Hold on ${what} extended until ${until}`,
  takenOver: (what: string, from: string) => `You hold ${what} now; ${from} was notified`,
  released: (where: string) => `Released ${where}`,
  booked: (what: string, where: string) => `Booked ${what}, ${where}`,
  confirmed: (what: string) => `Confirmed ${what}`,
  moved: (what: string, where: string) => `Moved ${what} to ${where}`,
  resized: (what: string, length: string) => `${what} is now ${length} long`,
  swapped: (one: string, other: string) => `Swapped ${one} and ${other}`,
  bumped: (what: string) => `Bumped ${what} to the depot`,
  cancelled: (what: string) => `Cancelled ${what}`,
  voided: (what: string) => `Voided ${what}`,
  changed: (what: string) => `Changed ${what}`,
  added: (what: string) => `Added ${what} to the depot`,
  delayed: (what: string, length: string, count: number) =>
    `${what} is ${length} later${count > 1 ? `, ${count} cases moved` : ''}`,
  closed: (what: string, when: string) => `Closed ${what} ${when}`,
  recorded: (what: string, fact: string, at: string | null) =>
    at === null ? `${what}: ${fact} removed` : `${what}: ${fact} ${at}`,
  /** A case uses resources that others have claimed. */
  taken: (what: string, lines: readonly string[]) =>
    `${what} uses resources claimed by others: ${lines.join('; ')}.`,
  takenBy: (resource: string, by: string, range: string) => `${resource} is claimed by ${by}, ${range}`,
  thePatient: 'the patient',
  somebodyElse: 'another case',

  /** The label of an undo step, and the toast after it. */
  undo: {
    held: (where: string) => ({ label: `Release ${where}`, undone: `Released ${where}` }),
    released: (where: string) => `Hold ${where} again`,
    moved: (what: string, where: string) => ({
      label: `Move ${what} back to ${where}`,
      undone: `${what} is back at ${where}`,
    }),
    resized: (what: string, length: string) => ({
      label: `Make ${what} ${length} long again`,
      undone: `${what} is ${length} long again`,
    }),
    swapped: (one: string, other: string) => ({
      label: `Swap ${one} and ${other} back`,
      undone: `${one} and ${other} are back in their places`,
    }),
    bumped: (what: string, where: string) => ({
      label: `Place and book ${what} again, ${where}`,
      undone: `${what} is booked again, ${where}`,
    }),
    delayed: (what: string) => ({
      label: `Put ${what} back to the earlier times`,
      undone: `${what} is back at the earlier times`,
    }),
    closed: (what: string) => ({ label: `Open ${what} again`, undone: `${what} is open again` }),
    recorded: (what: string, fact: string, before: string | null) => ({
      label: before === null ? `Remove ${fact} from ${what}` : `Set ${fact} for ${what} back to ${before}`,
      undone: before === null ? `${what}: ${fact} removed` : `${what}: ${fact} ${before} again`,
    }),
    changed: (what: string) => ({ label: `Change ${what} back`, undone: `${what} is as it was before` }),
  },
  /** Why the last change can't be undone, and what to do instead. */
  cannotUndo: {
    booked: (what: string) => `Booking ${what} can’t be undone. Bump it to the depot, or cancel it.`,
    confirmed: (what: string) => `Confirming ${what} can’t be undone. You can still move or cancel it.`,
    cancelled: (what: string) => `Cancelling ${what} can’t be undone. Hold a time for a new case instead.`,
    voided: (what: string) => `Voiding ${what} can’t be undone. Hold a time for a new case instead.`,
    takenOver: (what: string) =>
      `Taking over ${what} can’t be undone. Release it so the other person can hold it again.`,
    extended: (what: string) => `Extending ${what} can’t be undone. Release it when you don’t need it.`,
    added: (what: string) => `Adding ${what} can’t be undone. Cancel it, or void it if it was a mistake.`,
  },
  tooLateToUndo: 'You can’t undo this anymore: the case has changed since.',

  /** The title of a command. */
  titles: {
    hold: (where: string) => `Hold ${where}`,
    extend: (what: string) => `Extend the hold on ${what}`,
    takeOver: (what: string) => `Take over the hold on ${what}`,
    release: (what: string) => `Release ${what}`,
    book: (what: string) => `Book ${what}`,
    confirm: (what: string) => `Confirm ${what}`,
    move: (what: string, where: string) => `Move ${what} to ${where}`,
    resize: (what: string, length: string) => `Make ${what} ${length} long`,
    swap: (one: string, other: string) => `Swap ${one} and ${other}`,
    bump: (what: string) => `Bump ${what}`,
    cancel: (what: string) => `Cancel ${what}`,
    void: (what: string) => `Void ${what}`,
    change: (what: string) => `Change ${what}`,
    add: (what: string) => `Add ${what} to the depot`,
    delay: (what: string, length: string) => `Delay ${what} by ${length}`,
    close: (what: string, when: string) => `Close ${what} ${when}`,
    record: (what: string, fact: string) => `Record for ${what}: ${fact}`,
    withdraw: (what: string, fact: string) => `Remove from ${what}: ${fact}`,
  },
};
