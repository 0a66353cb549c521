/** Notifications of the operating system. Others may see them, so they must not name a patient. */
export const notificationWords = {
  expiring: {
    title: 'Your hold is about to expire',
    body: (what: string, where: string) => `${what}, ${where}: book it or extend it.`,
  },
  expired: {
    title: 'Your hold has expired',
    body: (what: string, where: string) => `${what}, ${where}: it wasn’t booked in time.`,
  },
  takenOver: {
    title: 'Your hold was taken over',
    body: (what: string, where: string, by: string) => `${what}, ${where}: ${by} holds it now.`,
  },
  moved: {
    title: 'Your case was moved',
    body: (what: string, where: string, by: string) => `${by} moved ${what} to ${where}.`,
  },
  resized: {
    title: 'Your case has a new length',
    body: (what: string, length: string, by: string) => `${by} changed ${what} to ${length}.`,
  },
  bumped: {
    title: 'Your case went to the depot',
    body: (what: string, where: string, by: string) =>
      `${what}, ${where}: ${by} bumped it. It needs a new time.`,
  },
  cancelled: {
    title: 'Your case was cancelled',
    body: (what: string, where: string, by: string) =>
      `${what}, ${where}: cancelled by ${by}. See its history for the reason.`,
  },
  voided: {
    title: 'Your case was voided',
    body: (what: string, where: string, by: string) =>
      `${what}, ${where}: ${by} voided it as entered in error.`,
  },
  where: (room: string, dayAndTime: string) => `${room}, ${dayAndTime}`,
  nowhere: 'without a time',
  somebody: 'Slate',
};
