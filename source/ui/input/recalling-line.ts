import {type Line, lineOf} from './line-editor.js';

/** A line that is typed, or shown from a history. */
export type RecallingLine = {
	readonly line: Line;
	/** Index in the history that the line came from; -1 if it was typed. */
	readonly recalled: number;
	/** The typed line, while a line of the history is shown. */
	readonly draft: Line;
};

/** The previous (-1) or the next (1) line of a history; after the newest one, the draft. Undefined: there is none. */
export function recalledLine(
	{line, recalled, draft}: RecallingLine,
	history: readonly string[],
	by: 1 | -1,
): RecallingLine | undefined {
	const to = (recalled === -1 ? history.length : recalled) + by;
	const known = history[to];
	const typed = recalled === -1 ? line : draft;
	if (known !== undefined) return {line: lineOf(known), recalled: to, draft: typed};
	return to === history.length && recalled !== -1 ? {line: typed, recalled: -1, draft: typed} : undefined;
}
