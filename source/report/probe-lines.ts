import type {DrillReport} from '../drills/drill-report.js';
import type {ProbePhase, ProbeReport} from '../drills/probe/probe-report.js';
import {formatLatency} from '../text/duration.js';
import {formatCount} from '../text/number.js';
import {percentWords} from './words.js';

/** Rows of a table on each probe, with a heading; none if there are no probes. */
export function probeRows({probes = []}: DrillReport): string[][] {
	if (probes.length === 0) return [];
	const row = (name: string, {calls, availability, p50Ms, p99Ms}: ProbePhase): string[] =>
		calls === 0
			? [name, 'no calls', '', '', '']
			: [name, formatCount(calls), percentWords(availability), formatLatency(p50Ms), formatLatency(p99Ms)];
	return [
		['', 'calls', 'available', 'p50', 'p99'],
		...probes.flatMap((probe) => [
			row(probe.name, probe),
			row('  before a fault', probe.before),
			row('  during a fault', probe.during),
			row('  after it', probe.after),
		]),
	];
}

/** One sentence per probe: its recovery, and its failures. */
export function probeLines({probes = []}: DrillReport): string[] {
	return probes.map((probe) => `${probe.name} ${recoveryOf(probe)}${failuresOf(probe)}.`);
}

function recoveryOf({recoveryMs, availability}: ProbeReport): string {
	if (availability === 1) return 'available all the time';
	if (recoveryMs === null) return 'did not recover';
	if (recoveryMs === 0) return 'stayed available from the end of the last fault on';
	return `stayed available from ${formatLatency(recoveryMs)} after the end of the last fault on`;
}

function failuresOf({failures}: ProbeReport): string {
	if (failures.length === 0) return '';
	return `; failed: ${failures.map(({reason, count}) => `${reason} (${formatCount(count)})`).join(', ')}`;
}
