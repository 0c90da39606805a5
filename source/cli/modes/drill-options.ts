import {parseSubject, type SubjectSpec} from '../../drills/subject/subject-spec.js';
import type {Flags} from '../settings/parse-arguments.js';
import {UsageError} from '../settings/usage-error.js';

/** What a drill runs on, besides the settings of the program. */
export type DrillOptions = {
	/** Undefined: our own cache. */
	readonly subject: SubjectSpec | undefined;
	/** Port of the fault proxy on 127.0.0.1. Undefined: any. */
	readonly proxyPort: number | undefined;
};

/** An application behind HTTP has to know where the proxy is before the drill. */
const defaultPort = 6380;

const drillFlags = ['subject', 'listen'] as const;

/** @throws {UsageError | SubjectError} A value is not valid. */
export function drillOptionsOf(flags: Flags): DrillOptions {
	const subject = flags.subject === undefined ? undefined : parseSubject(flags.subject);
	const port = flags.listen === undefined ? undefined : portOf(flags.listen);
	return {subject, proxyPort: port ?? (subject?.kind === 'http' ? defaultPort : undefined)};
}

/** @throws {UsageError} A flag is given that only drills have. */
export function refuseDrillFlags(flags: Flags): void {
	const given = drillFlags.find((name) => flags[name] !== undefined);
	if (given !== undefined)
		throw new UsageError(`--${given} belongs to a drill: write redis-cache-tui drill <name> --${given} …`);
}

function portOf(text: string): number {
	const [, digits = ''] = /^(?:(?:127\.0\.0\.1|localhost):)?(\d{1,5})$/.exec(text) ?? [];
	const port = Number(digits);
	if (digits !== '' && port >= 1 && port <= 65_535) return port;
	throw new UsageError(
		`--listen must be a port of this machine, such as 6380 or 127.0.0.1:6380, not ${JSON.stringify(text)}`,
	);
}
