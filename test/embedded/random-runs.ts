/**
 * Number and time of the comparisons of the built-in server with a real one. `RANDOM_RUNS` takes a number of runs, without a limit of
 * time, and `RANDOM_SEED` the seed that a failure printed.
 */
export function randomRuns(usual: number): {numRuns: number; seed: number; interruptAfterTimeLimit?: number} {
	const {RANDOM_RUNS: runs, RANDOM_SEED: given} = process.env;
	const seed = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
	return runs === undefined ? {numRuns: usual, seed, interruptAfterTimeLimit: 20_000} : {numRuns: Number(runs), seed};
}

/** Milliseconds after which a comparison has failed. */
export const randomTimeout = process.env.RANDOM_RUNS === undefined ? 120_000 : 24 * 3600 * 1000;
