import { createStore } from 'zustand/vanilla';

/** The case whose essentials are shown beside it, while the keyboard stays where it is. */
export const peekStore = createStore<{ caseId: string | null }>(() => ({ caseId: null }));
export const peekAt = (caseId: string | null) => peekStore.setState({ caseId });
