const factors: Readonly<Record<string, number>> = {ms: 1, s: 1000, m: 60_000, h: 3_600_000};

/** `'200ms'`, `'1.5s'`, `'2m'`, `'1h'` or a bare number of milliseconds; `undefined` when it is none of these. */
export function parseMilliseconds(text: string): number | undefined {
	const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
	if (match === null) return undefined;
	return Number(match[1]) * (factors[match[2] ?? 'ms'] ?? 1);
}

/** `200 ms`, `1.5 s`, `2 min`: short, for labels. */
export function formatMilliseconds(ms: number): string {
	if (ms < 1000) return `${trim(ms)} ms`;
	if (ms < 120_000) return `${trim(ms / 1000)} s`;
	return `${trim(ms / 60_000)} min`;
}

function trim(value: number): string {
	return String(Math.round(value * 100) / 100);
}
