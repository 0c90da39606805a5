import {RedisCacheError} from '../pool/errors.js';

/** One thing that is wrong with a drill file. */
export type DrillProblem = {
	/** Counted from 1. */
	readonly line: number;
	/** `steps[2].fault`; empty for the file itself. */
	readonly path: string;
	readonly message: string;
};

/** Problems that are told one by one; a file with more of them is no drill at all. */
const maxLines = 20;

/** A drill file that cannot be run. Its message is one line, with the first problem; `lines` tell all of them. */
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

	/** A line for each problem, with its place: `mine.json:5 steps[0].fault: …`. At most 20, and one that counts the rest. */
	get lines(): readonly string[] {
		const told = this.problems.slice(0, maxLines).map((problem) => lineOf(this.file, problem));
		const left = this.problems.length - told.length;
		return left === 0 ? told : [...told, `${this.file}: and ${left} more`];
	}
}

function lineOf(file: string, {line, path, message}: DrillProblem): string {
	return `${file}:${line}${path === '' ? '' : ` ${path}`}: ${message}`;
}

/** There is no drill of that name, and no such file. */
export class DrillNotFoundError extends RedisCacheError {
	override readonly name = 'DrillNotFoundError';

	constructor(name: string, names: readonly string[]) {
		super('ERR_DRILL_NOT_FOUND', `No drill "${name}" and no such file; there are ${names.join(', ')}`);
	}
}
