import type {ProbeSpec} from '../../drills/probe/probe-spec.js';
import {parseSubject, type SubjectSpec} from '../../drills/subject/subject-spec.js';
import type {Flags} from '../settings/parse-arguments.js';
import {isGiven, probeFlags, probesOf} from '../settings/probe-settings.js';
import {flagOf} from '../settings/settings.js';
import {UsageError} from '../settings/usage-error.js';

/** The options that only drills have. */
export type DrillOptions = {
	/** Undefined: our own cache. */
	readonly subject: SubjectSpec | undefined;
	readonly probes: readonly ProbeSpec[];
	/** Port of the fault proxy on 127.0.0.1. Undefined: any. */
	readonly proxyPort: number | undefined;
	/** True: hashes are shown instead of the names of an application's keys. */
	readonly hideKeys: boolean;
};

/** An application that is tested over HTTP needs to know the port of the proxy before the drill starts. */
const defaultPort = 6380;

const drillFlags = ['subject', 'listen', 'probe', ...probeFlags, 'hideKeys'] as const;

/** Flags that `tap` has as well. */
const sharedFlags: readonly string[] = ['listen', 'hideKeys', 'probe', ...probeFlags];

/** @throws {UsageError | SubjectError | ProbeError} A value is not valid. */
export function drillOptionsOf(flags: Flags): DrillOptions {
	const subject = flags.subject === undefined ? undefined : parseSubject(flags.subject);
	const port = flags.listen === undefined ? undefined : portOf(flags.listen);
	const probes = probesOf(flags);
	const needsPort = subject?.kind === 'http' || probes.length > 0;
	const proxyPort = port ?? (needsPort ? defaultPort : undefined);
	const hideKeys = flags.hideKeys === true;
	if (hideKeys && proxyPort === undefined && subject === undefined)
		throw new UsageError('--hide-keys is for the keys of an application: give --probe, --subject or --listen as well');
	return {subject, probes, proxyPort, hideKeys};
}

/** @throws {UsageError} A flag is given that only drills have. */
export function refuseDrillFlags(flags: Flags): void {
	const given = drillFlags.find((name) => isGiven(flags, name));
	if (given === undefined) return;
	const owner = sharedFlags.includes(given) ? 'tap and drill' : 'drill';
	throw new UsageError(`${flagOf(given)} belongs to ${owner}: write redis-cache-tui drill <name> ${flagOf(given)} …`);
}

function portOf(text: string): number {
	const [, digits = ''] = /^(?:(?:127\.0\.0\.1|localhost):)?(\d{1,5})$/.exec(text) ?? [];
	const port = Number(digits);
	if (digits !== '' && port >= 1 && port <= 65_535) return port;
	throw new UsageError(
		`--listen must be a port of this machine from 1 to 65535, such as 6380 or 127.0.0.1:6380, not ${JSON.stringify(text)}`,
	);
}
