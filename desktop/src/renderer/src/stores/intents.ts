import type { Case } from '@slate/shared/cases';
import type { RouteName, routes } from '@slate/shared/contract';
import { createStore } from 'zustand/vanilla';
import { placeOnBoard } from './place.ts';
import type { Place } from './place.ts';

/** The routes that change something on the board. */
export type CommandName = {
  [Name in RouteName]: (typeof routes)[Name] extends { command: true } ? Name : never;
}[RouteName];

/** A case that a command was sent for. */
export type PendingCase = {
  /** Null: a new case. */
  readonly caseId: string | null;
  /** The time that was requested for it. */
  readonly place: Place | null;
  readonly title: string | null;
};

export const pendingOf = (asPlaced: Case): PendingCase => ({
  caseId: asPlaced.id,
  place: placeOnBoard(asPlaced),
  title: asPlaced.title,
});

/** A command that was sent and has no answer yet. It is drawn over the board, never as if it were done. */
export type Intent = {
  /** The idempotency key: the same for every attempt. */
  readonly key: string;
  readonly name: CommandName;
  readonly cases: readonly PendingCase[];
  /** By the monotonic clock, in milliseconds. */
  readonly askedAt: number;
  /** Done: it waits only for the board to show it. */
  readonly isSettled: boolean;
};

export const intentStore = createStore<{ intents: readonly Intent[] }>(() => ({ intents: [] }));

export const addIntent = (intent: Intent) =>
  intentStore.setState(({ intents }) => ({ intents: [...intents, intent] }));
export const settleIntent = (key: string) =>
  intentStore.setState(({ intents }) => ({
    intents: intents.map((each) => (each.key === key ? { ...each, isSettled: true } : each)),
  }));
export const dropIntent = (key: string) =>
  intentStore.setState(({ intents }) => ({ intents: intents.filter((each) => each.key !== key) }));

/** The next person must not see what the last one asked for. */
export const forgetIntents = () => intentStore.setState({ intents: [] });
