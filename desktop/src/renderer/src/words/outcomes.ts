export const wordsOfOutcome = {
  unreachable: (what: string) =>
    `${what}: the server did not answer, so nobody knows yet whether it was done. Look at the board when it is live again before you repeat it.`,
  held: (title: string, where: string) => `Held ${title}, ${where}`,
  moved: (title: string, where: string) => `Moved ${title} to ${where}`,
};
