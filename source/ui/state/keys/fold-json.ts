const levelOf = (line: string): number => Math.floor((/^ */.exec(line)?.[0].length ?? 0) / 2);

/** The deepest level of indented JSON. */
export const jsonLevels = (lines: readonly string[]): number =>
	lines.reduce((deepest, line) => Math.max(deepest, levelOf(line)), 0);

/**
 * Leaves out everything that is nested deeper than a level. Objects and arrays of that level are on one line, with the number
 * of hidden lines: `"roles": [ … 12 ],`.
 */
export function foldJson(lines: readonly string[], level: number): readonly string[] {
	const folded: string[] = [];
	let hidden = 0;
	for (const line of lines) {
		if (levelOf(line) > level) {
			hidden++;
			continue;
		}
		// This line closes the object or array whose lines were just left out.
		if (hidden > 0) folded.push(`${folded.pop()} … ${hidden} ${line.trim()}`);
		else folded.push(line);
		hidden = 0;
	}
	return folded;
}

/** Most lines of a value that is shown unfolded. */
const comfortable = 60;

/** The deepest level at which a value has a moderate number of lines, at least 1; undefined if it can be shown completely. */
export function comfortableLevel(lines: readonly string[]): number | undefined {
	if (lines.length <= comfortable) return undefined;
	for (let level = jsonLevels(lines) - 1; level > 1; level--)
		if (foldJson(lines, level).length <= comfortable) return level;
	return 1;
}
