import {RedisCacheError} from '../pool/errors.js';

/** One thing that is wrong with a drill file. */
export type DrillProblem = {
	/** Counted from 1. */
	readonly line: number;
	/** `steps[2].fault`; empty for the file itself. */
	readonly path: string;
	readonly message: string;
};

/** A drill file that cannot be run. Its message has the first problem; `problems` has all of them. */
export class DrillFileError extends RedisCacheError {
	override readonly name = 'DrillFileError';

	constructor(
		readonly file: string,
		readonly problems: readonly DrillProblem[],
	) {
		const [first] = problems;
		const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
		const where = first === undefined ? file : `${file}:${first.line}${first.path === '' ? '' : ` ${first.path}`}`;
		super('ERR_DRILL_FILE', `${where}: ${first?.message ?? 'not a drill'}${more}`);
	}
}

/** There is no drill of that name, and no such file. */
export class DrillNotFoundError extends RedisCacheError {
	override readonly name = 'DrillNotFoundError';

	constructor(name: string, names: readonly string[]) {
		super('ERR_DRILL_NOT_FOUND', `No drill "${name}" and no such file; there are ${names.join(', ')}`);
	}
}
