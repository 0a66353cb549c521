/** Cases in the way of a change of the administration, and the decisions about them. */
export const inTheWayWords = {
  help: 'Decide what happens to each one. The change and all decisions are made together, or nothing is.',
  clear: 'Nothing is in the way anymore',
  /** For a procedure. */
  differing: (count: number) =>
    count === 1 ? '1 booked case has the old values' : `${count} booked cases have the old values`,
  searching: 'Searching for cases in the way, and other times for them',
  searchFailed: 'The cases in the way couldn’t be loaded.',
  all: {
    carry: 'Change all that fit',
    move: 'Move all that can move',
    leave: 'Leave the rest',
    depot: 'The rest to the depot',
  },
  choose: 'Choose…',
  carry: 'Change it too',
  move: 'Move it',
  depot: 'To the depot',
  release: 'Release the hold',
  leave: 'Leave it',
  decisionFor: (subject: string) => `Decision: ${subject}`,
  placeFor: (subject: string) => `Other time: ${subject}`,
  noOffers: 'No other time within a week fits without a reason.',
  doesNotFit: (problem: string) => `Doesn’t fit at its time: ${problem}`,
  becomes: (label: string, from: string, to: string) => `${label}: ${from} → ${to}`,
  newCapability: 'Its room lacks what the procedure would need.',
  why: {
    claim: '',
    procedure: '',
    hours: 'Outside the new hours, or the room would lack what it needs',
    block: 'No longer in a block of its service',
    list: 'Its place on the list would go',
  },
  reason: 'Reason for the depot',
  depotReason: 'Its place is no longer available',
  reasonMissing: 'Enter a reason.',
  overrideReason: 'Reason for places outside the rules',
  needsReason: 'Outside the rules: needs a reason',
  note: 'Note for cases that stay',
  noteHelp: 'Shown as the reason for their place. Empty: none',
  holdsEnd: 'A released hold can’t be brought back.',
  decideFirst: (count: number) => `Decide ${count} more first`,
  saveAndSend: (count: number) =>
    count === 1 ? 'Save and send 1 to the depot' : `Save and send ${count} to the depot`,
  saveAlone: 'Save without changing cases',
  /** After undo. */
  notPutBack: (text: string, cases: readonly string[]) =>
    `${text}. ${cases.length === 1 ? '1 case' : `${cases.length} cases`} couldn’t go back: ${cases.slice(0, 3).join('; ')}${cases.length > 3 ? '…' : ''}`,
  stays: (number: string, reason: string) => `${number}: ${reason.replace(/\.$/, '')}`,
};
