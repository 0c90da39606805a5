/** Matches glob-style patterns as Redis does: `*`, `?`, `[a-z]`, `[^a]`, and `\` before a literal character. */
export function globMatches(pattern: string, text: string, ignoreCase = false): boolean {
	if (pattern === '*') return true;
	return ignoreCase ? matches(pattern.toLowerCase(), text.toLowerCase()) : matches(pattern, text);
}

/** Backtracks only to the last `*`, so that no pattern takes exponential time. */
function matches(pattern: string, text: string): boolean {
	let at = 0;
	let place = 0;
	let starAt = -1;
	let starPlace = 0;
	while (place < text.length) {
		if (pattern[at] === '*') {
			starAt = at++;
			starPlace = place;
			continue;
		}
		const length = at < pattern.length ? matchOne(pattern, at, text.charCodeAt(place)) : 0;
		if (length > 0) {
			at += length;
			place++;
		} else if (starAt >= 0) {
			at = starAt + 1;
			place = ++starPlace;
		} else return false;
	}
	while (pattern[at] === '*') at++;
	return at >= pattern.length;
}

/** The number of characters of the pattern that match the code; 0 if it does not match. */
function matchOne(pattern: string, at: number, code: number): number {
	const sign = pattern[at];
	if (sign === '?') return 1;
	if (sign === '[') return matchClass(pattern, at, code);
	if (sign === '\\' && at + 1 < pattern.length) return pattern.charCodeAt(at + 1) === code ? 2 : 0;
	return pattern.charCodeAt(at) === code ? 1 : 0;
}

function matchClass(pattern: string, start: number, code: number): number {
	let at = start + 1;
	const negated = pattern[at] === '^';
	if (negated) at++;
	let found = false;
	// A class without a closing bracket ends with the pattern.
	while (at < pattern.length && pattern[at] !== ']') {
		if (pattern[at] === '\\' && at + 1 < pattern.length) {
			if (pattern.charCodeAt(at + 1) === code) found = true;
			at += 2;
		} else if (pattern[at + 1] === '-' && at + 2 < pattern.length) {
			const from = pattern.charCodeAt(at);
			const to = pattern.charCodeAt(at + 2);
			if (code >= Math.min(from, to) && code <= Math.max(from, to)) found = true;
			at += 3;
		} else {
			if (pattern.charCodeAt(at) === code) found = true;
			at++;
		}
	}
	return found === negated ? 0 : Math.min(at + 1, pattern.length) - start;
}
