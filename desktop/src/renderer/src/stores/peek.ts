import { createStore } from 'zustand/vanilla';

/** The case with the open peek card. The keyboard stays on the board. */
export const peekStore = createStore<{ caseId: string | null }>(() => ({ caseId: null }));
export const peekAt = (caseId: string | null) => peekStore.setState({ caseId });
