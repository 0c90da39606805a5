import {type ProbeSpec, parseProbe} from '../../drills/probe/probe-spec.js';
import type {Flags} from './parse-arguments.js';
import {flagOf} from './settings.js';
import {UsageError} from './usage-error.js';

/** Maximum number of probes: each is requested ten times a second. */
const maxProbes = 10;

/** Flags that configure the requests of probes. */
export const probeFlags = ['probeMethod', 'probeHeader', 'probeStatus', 'probeTimeout'] as const;

/**
 * Reads `--probe` and the flags that belong to it.
 *
 * @throws {UsageError | ProbeError} A value is not valid, or there is nothing to probe.
 */
export function probesOf(flags: Flags): readonly ProbeSpec[] {
	const {probe = [], probeMethod, probeHeader, probeStatus, probeTimeout} = flags;
	const lonely = probeFlags.find((name) => isGiven(flags, name));
	if (probe.length === 0 && lonely !== undefined) throw new UsageError(`${flagOf(lonely)} needs a --probe <url>`);
	if (probe.length > maxProbes) throw new UsageError(`a drill has at most ${maxProbes} probes, not ${probe.length}`);
	const settings = {method: probeMethod, headers: probeHeader, status: probeStatus, timeout: probeTimeout};
	return probe.map((url) => parseProbe(url, settings));
}

/** True if a flag is given. The value of a flag that may be repeated is a list, which is empty if it is not given. */
export function isGiven(flags: Flags, name: keyof Flags): boolean {
	const value = flags[name];
	return Array.isArray(value) ? value.length > 0 : value !== undefined;
}
