/** How long an operation takes: never less than `least`, with a long tail. */
export type Duration = { mean: number; sd: number; least: number };

/** A draw of the three-parameter lognormal with this mean, deviation and lower end, from a standard normal one. */
export function lognormal({ mean, sd, least }: Duration, normal: number): number {
  const excess = mean - least;
  const variance = Math.log1p((sd / excess) ** 2);
  return least + excess * Math.exp(Math.sqrt(variance) * normal - variance / 2);
}
