type FuzzyMatch = {readonly item: string; readonly score: number; readonly positions: readonly number[]};

/**
 * Matches an item that contains the characters of `query` in their order. Starts of the item and of words and unbroken
 * runs score higher, so that `ou` finds `outage` before `workload output`.
 */
function fuzzyMatch(query: string, item: string): FuzzyMatch | undefined {
	if (query === '') return {item, score: 0, positions: []};
	const needle = query.toLowerCase();
	const hay = item.toLowerCase();
	const whole = hay.indexOf(needle);
	if (whole >= 0) {
		const isWordStart = whole === 0 || /[^a-z0-9]/.test(hay.charAt(whole - 1));
		const positions = Array.from({length: needle.length}, (_, index) => whole + index);
		return {item, score: 1000 - whole + (whole === 0 ? 500 : isWordStart ? 200 : 0) - item.length / 100, positions};
	}
	const positions: number[] = [];
	let score = 0;
	let from = 0;
	for (const char of needle) {
		const at = hay.indexOf(char, from);
		if (at < 0) return undefined;
		const isWordStart = at === 0 || /[^a-z0-9]/.test(hay.charAt(at - 1));
		score += isWordStart ? 20 : at === from && from > 0 ? 10 : 1;
		positions.push(at);
		from = at + 1;
	}
	return {item, score: score - item.length / 100, positions};
}

/** The matching items, best first, at most `limit`. */
export function fuzzyFilter(query: string, items: readonly string[], limit: number): readonly FuzzyMatch[] {
	return items
		.flatMap((item) => fuzzyMatch(query, item) ?? [])
		.sort((a, b) => b.score - a.score)
		.slice(0, limit);
}
