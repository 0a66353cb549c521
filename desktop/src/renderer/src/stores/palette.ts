import { createStore } from 'zustand/vanilla';

/** The palette lies over everything; what was typed is gone when it closes. */
export const paletteStore = createStore<{ isOpen: boolean }>(() => ({ isOpen: false }));
export const openPalette = () => paletteStore.setState({ isOpen: true });
export const closePalette = () => paletteStore.setState({ isOpen: false });
