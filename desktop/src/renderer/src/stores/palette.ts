import { createStore } from 'zustand/vanilla';

export const paletteStore = createStore<{ isOpen: boolean }>(() => ({ isOpen: false }));
export const openPalette = () => paletteStore.setState({ isOpen: true });
export const closePalette = () => paletteStore.setState({ isOpen: false });
