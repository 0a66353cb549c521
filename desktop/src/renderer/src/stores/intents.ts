import type { Case } from '@slate/shared/cases';
import type { RouteName, routes } from '@slate/shared/contract';
import { createStore } from 'zustand/vanilla';
import { placeOnBoard } from './place.ts';
import type { Place } from './place.ts';

/** The routes that change something on the board. */
export type CommandName = {
  [Name in RouteName]: (typeof routes)[Name] extends { command: true } ? Name : never;
}[RouteName];

/** A case of a command that was sent. */
export type PendingCase = {
  /** Null: a new case. */
  readonly caseId: string | null;
  /** The requested time. */
  readonly place: Place | null;
  readonly title: string | null;
};

export const pendingOf = (asPlaced: Case): PendingCase => ({
  caseId: asPlaced.id,
  place: placeOnBoard(asPlaced),
  title: asPlaced.title,
});

/** A command whose result the board does not show yet. It is drawn over the board as pending, never as done. */
export type Intent = {
  /** The idempotency key: the same for every attempt. */
  readonly key: string;
  readonly name: CommandName;
  readonly cases: readonly PendingCase[];
  /** By the monotonic clock, in milliseconds. */
  readonly sentAt: number;
  /** The server has executed it; only the board does not show it yet. */
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

/** Clears the intents: the next person must not see what the last one requested. */
export const forgetIntents = () => intentStore.setState({ intents: [] });
