/** The name of each look, shown next to its glyph and read by screen readers. */
export const lookWords = {
  hold: 'Hold',
  booked: 'Booked',
  confirmed: 'Confirmed',
  late: 'Late start',
  ready: 'Patient ready',
  'in-room': 'In room',
  overrun: 'Running over',
  conflict: 'In conflict',
  turnover: 'Turnover',
  done: 'Done',
  depot: 'In the depot',
  off: 'Not on the board',
} as const;
