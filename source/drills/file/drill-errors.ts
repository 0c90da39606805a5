import {RedisCacheError} from '../../pool/errors.js';

/** One thing that is wrong with a drill file. */
export type DrillProblem = {
	/** Line of the file, counted from 1. */
	readonly line: number;
	/** Place of the value: `steps[2].fault`; empty for the whole file. */
	readonly path: string;
	readonly message: string;
};

/** Limit of problems with a separate line; a file with more of them is not a drill. */
const maxLines = 20;

/** A drill file is not valid. The message is one line with the first problem; `lines` has all of them. */
export class DrillFileError extends RedisCacheError {
	override readonly name = 'DrillFileError';

	constructor(
		readonly file: string,
		readonly problems: readonly DrillProblem[],
	) {
		const [first] = problems;
		const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
		super('ERR_DRILL_FILE', `${first === undefined ? `${file}: not a drill` : lineOf(file, first)}${more}`);
	}

	/**
	 * One line for each problem: `mine.json:5 steps[0].fault: …`. At most 20, and one with the number of further ones.
	 */
	get lines(): readonly string[] {
		const lines = this.problems.slice(0, maxLines).map((problem) => lineOf(this.file, problem));
		const left = this.problems.length - lines.length;
		return left === 0 ? lines : [...lines, `${this.file}: and ${left} more`];
	}
}

function lineOf(file: string, {line, path, message}: DrillProblem): string {
	return `${file}:${line}${path === '' ? '' : ` ${path}`}: ${message}`;
}

/** Neither a drill of the program nor a file has that name. */
export class DrillNotFoundError extends RedisCacheError {
	override readonly name = 'DrillNotFoundError';

	constructor(name: string, names: readonly string[]) {
		super('ERR_DRILL_NOT_FOUND', `No drill "${name}" and no such file; there are ${names.join(', ')}`);
	}
}
