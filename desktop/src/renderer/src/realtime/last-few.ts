/** The last few of them by name, the one kept last being the last to go. In memory alone: they hold patients. */
export function lastFew<Kept>(most = 8) {
  const kept = new Map<string, Kept>();
  return {
    keep(name: string, value: Kept) {
      kept.delete(name);
      kept.set(name, value);
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    },
    of: (name: string) => kept.get(name),
    forget: () => kept.clear(),
  };
}
