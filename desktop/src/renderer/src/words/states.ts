/** How a case looks, in a word: beside its shape, and for those who do not see it. */
export const lookWords = {
  hold: 'Hold',
  booked: 'Booked',
  confirmed: 'Confirmed',
  late: 'Late to begin',
  ready: 'Patient ready',
  'in-room': 'In room',
  overrun: 'Over time',
  conflict: 'In conflict',
  turnover: 'Turnover',
  done: 'Done',
  depot: 'In the depot',
  off: 'Not on the board',
} as const;
