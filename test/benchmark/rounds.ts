/** A library to measure. `run` makes a number of calls and returns the calls per second. */
export type Contestant = {readonly name: string; readonly run: () => Promise<number>};

export type Standing = {readonly name: string; readonly median: number; readonly min: number; readonly max: number};

const median = (values: readonly number[]): number => {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

/** Milliseconds for which each contestant runs before it is measured: V8 needs some 300,000 calls to compile all of a path. */
const warmUpMs = 2000;

/**
 * Runs contestants in turn, round after round, so that a slow minute of the machine hits all of them. They are warm before the
 * first round: what a process does for the first second of its life is not what it does for the rest of it.
 */
export async function compete(contestants: readonly Contestant[], rounds: number): Promise<readonly Standing[]> {
	const results = contestants.map((): number[] => []);
	for (const {run} of contestants) {
		const begin = performance.now();
		while (performance.now() - begin < warmUpMs) await run();
	}
	for (let round = 0; round < rounds; round++)
		for (const [index, {run}] of contestants.entries()) results[index]?.push(await run());
	return contestants.map(({name}, index) => {
		const values = results[index] ?? [];
		return {name, median: median(values), min: Math.min(...values), max: Math.max(...values)};
	});
}

/** Measures calls per second of `callers` callers that have one call each in flight. */
export async function perSecond(callers: number, calls: number, call: (index: number) => unknown): Promise<number> {
	let next = 0;
	const begin = performance.now();
	await Promise.all(
		Array.from({length: callers}, async () => {
			while (next < calls) await call(next++);
		}),
	);
	return (calls / (performance.now() - begin)) * 1000;
}

/** A Markdown table with the ratio of the first row to each row. */
export function table(title: string, standings: readonly Standing[], unit = 'calls/s'): string {
	const first = standings[0]?.median ?? Number.NaN;
	const rows = standings.map(
		({name, median: middle, min, max}) =>
			`| ${name} | ${show(middle)} | ${show(min)}–${show(max)} | ${(first / middle).toFixed(2)} |`,
	);
	return [`\n### ${title}\n`, `| | ${unit}, median | range | ratio |`, '| --- | ---: | ---: | ---: |', ...rows].join(
		'\n',
	);
}

/** By the number of callers. The first contestant is ours. */
export type StandingsByCallers = ReadonlyMap<number, readonly Standing[]>;

/** A Markdown table of our rate divided by that of each peer, as `notes/benchmarks.md` has it for the charts. */
export function ratioTable(title: string, standings: StandingsByCallers): string {
	const columns = [...standings.keys()].map((callers) => (callers === 1 ? '1 caller' : `${callers} callers`));
	const all = [...standings.values()];
	const rows = (all[0] ?? []).slice(1).map(({name}, index) => {
		const ratios = all.map((each) => (each[0]?.median ?? Number.NaN) / (each[index + 1]?.median ?? Number.NaN));
		return `| ${[name, ...ratios.map((ratio) => ratio.toFixed(2))].join(' | ')} |`;
	});
	return [
		`\n### ${title}\n`,
		`| | ${columns.join(' | ')} |`,
		`| --- |${' ---: |'.repeat(columns.length)}`,
		...rows,
		'',
	].join('\n');
}

const show = (value: number): string =>
	value >= 100 ? Math.round(value).toLocaleString('en') : value.toLocaleString('en', {maximumSignificantDigits: 3});
