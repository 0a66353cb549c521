/** How long the console waits for the network, in milliseconds. Tests run at a faster pace. */
export const pace = {
  // Requests over HTTP.
  /** A request that waits longer ends without an answer. */
  requestMs: 10_000,
  /** The same for a whole site: its file may be large, and the network slow. */
  longMs: 300_000,
  /** An answer usually takes a fraction of a second. After this time the connection may be dead. */
  doubtMs: 3_000,
  /** If signing in takes longer, a desk that the password can unlock is unlocked without the server. */
  unlockAfterMs: 4_000,

  // The socket.
  /** Heartbeats arrive every 10 s. When one is late, the connection is checked. */
  quietMs: 12_000,
  /** A check that is not answered within this time means that the connection is dead, although its socket does not know. */
  checkMs: 3_000,
  /** After a message as recent as this, a check is unnecessary. */
  recentMs: 5_000,
  /** A server that answers checks but sends nothing does not work. */
  silenceMs: 25_000,
  /** A cut cable causes no error, so an attempt to connect is given up after this time. */
  attemptMs: 8_000,
  /** The pauses vary by half, so the longest wait is 6 s. */
  longestPauseMs: 4_000,
  /** The same while the changes are polled: the longest wait is a minute. */
  longestPollingPauseMs: 40_000,
  /** After a server shutdown or a change of the network, consoles reconnect spread over this time. */
  spreadMs: 2_000,
  /** The feed waits this long for a push of a reply's revision before it loads the changes itself. */
  pushWaitMs: 300,
  /** A shorter loss of the connection shows no banner and refuses no command. */
  offlineAfterMs: 3_000,

  // Polling, while the socket does not connect.
  /** Restarts and short losses are over by then. It varies, because many consoles lose a server at once. */
  graceMs: 2_200,
  graceSpreadMs: 600,
  /** After an answer over HTTP, the next attempt to connect the socket should succeed within this time. */
  chanceMs: 1_500,
  /** The pauses between polls vary by half: 2 to 6 s. */
  pollMs: 4_000,
  /** A reachable server answers a poll sooner than this. */
  pollTimeoutMs: 5_000,
  /** While polling, nothing tells when this person's role changes. */
  accessMs: 60_000,

  /** The first pause before anything is tried again. Each pause is twice as long as the one before. */
  shortestPauseMs: 300,
};
