import type { QueueResult, RequestState } from '@slate/shared/queue';

const countOf = (count: number, one: string, many: string) => (count === 1 ? `1 ${one}` : `${count} ${many}`);
const requests = (count: number) => countOf(count, 'request', 'requests');

/** Returns "7 done, 3 waiting, 2 need you", without counts of 0. */
function counts({ done = 0, waiting = 0, undecided = 0 }): string {
  return [
    done > 0 && `${done} done`,
    waiting > 0 && `${waiting} waiting`,
    undecided > 0 && (undecided === 1 ? '1 needs you' : `${undecided} need you`),
  ]
    .filter((part) => part !== false)
    .join(', ');
}

/** The sentences of the queue panel, and those about the queue elsewhere. */
export const queuePanelWords = {
  title: 'Requests at this desk',
  close: 'Close the requests',
  list: 'Requests, oldest first',
  counts,
  empty: 'Nothing is waiting. While the server is out of reach, your requests wait here.',
  offline: 'The server can’t be reached. Your requests are sent in this order when it answers.',
  unsaved: 'This computer can’t keep requests. They are lost when you close this window.',
  states: {
    queued: { glyph: '○', name: 'Waiting' },
    sending: { glyph: '◐', name: 'Sent, no reply yet' },
    done: { glyph: '✓', name: 'Done' },
    conflict: { glyph: '✕', name: 'Refused' },
    blocked: { glyph: '⊘', name: 'Blocked' },
    expired: { glyph: '▲', name: 'Too late' },
  } satisfies Record<RequestState, { glyph: string; name: string }>,
  requested: (when: string, ago: string | null) =>
    `Requested ${when}, ${ago === null ? 'just now' : `${ago} ago`}`,
  waitsFor: (title: string) => `Waits for: ${title}`,
  blockedBy: (title: string) => `Needs this first: ${title}`,
  expired: {
    age: 'It waited longer than your hospital allows, so it was not sent.',
    past: 'Its time has passed, so it was not sent.',
    unknown: 'It was sent, but the reply never came. It may have been done: check the board.',
  } satisfies Record<Extract<QueueResult, { kind: 'expired' }>['why'], string>,
  decisions: (title: string) => `Decide about: ${title}`,
  retryAll: (count: number) =>
    count === 1 ? 'Send the one that still fits' : `Send all ${count} that still fit`,
  retryAllDoes: 'Sends every request again that has no conflict on the board now.',
  more: (count: number) => `Show ${count} more`,
  staying: 'If you sign out, your requests stay here, for you only.',
  trouble: {
    sign_in: 'Sign in again to send your requests.',
    retired: 'An administrator has retired this desk, so nothing is sent from here.',
    gap: 'The server expects another request first. Slate keeps trying. If this lasts, tell your IT desk.',
    no_device:
      'The server doesn’t accept this desk at the moment. Slate keeps trying. If this lasts, tell your IT desk.',
    not_saved:
      'This computer can’t write to its disk, so nothing is sent: the result couldn’t be saved. Free some space, or tell your IT desk.',
  },
  damage: {
    cut: 'The program closed while it was saving your last request, so that one was not saved. Enter it again if you still need it.',
    broken: (intact: number, isDesktop: boolean) =>
      `The log of this desk is damaged. ${intact === 0 ? 'Nothing of it can be read.' : `Only its first ${intact === 1 ? 'entry' : `${intact} entries`} can be read.`} The whole log is kept in ${isDesktop ? 'the folder of this desk' : 'the data of this browser (slate.desks)'}. Compare with the board, and tell your IT desk.`,
  },
  /** When everything that waited is answered. */
  summary: (done: number, undecided: number) => {
    const sentence = `Your requests were sent: ${counts({ done, undecided })}.`;
    return undecided > 0 ? `${sentence} Press Ctrl+J to decide.` : sentence;
  },
  /** When requests have expired. */
  tooLate: (count: number) =>
    `${requests(count)} ${count === 1 ? 'is' : 'are'} too late. Press Ctrl+J to decide.`,
  /** `why` is a sentence of `trouble`. */
  notSent: (why: string) => `Your earlier requests are not sent. ${why} Press Ctrl+J to see them.`,
  undecided: (count: number) =>
    `${requests(count)} from before ${count === 1 ? 'needs' : 'need'} you. Press Ctrl+J to decide.`,
  /** Before their count, for screen readers. */
  requests: 'Requests:',
  /** In the banner. */
  button: (count: number) => `Requests (${count})`,
};
