import type {DrillSnapshot, EngineSnapshot} from '../engine/protocol.js';
import {formatLatency} from '../text/duration.js';
import {type GlyphSet, inGlyphs} from '../text/glyph-set.js';
import {formatCount} from '../text/number.js';

const marks = {
	unicode: {connected: '●', fallback: '▲', recovering: '◐'},
	ascii: {connected: '*', fallback: '!', recovering: '~'},
} as const;

/** Formats the progress of a drill as one line with columns of fixed width. Without a line feed. */
export function progressLine(snapshot: EngineSnapshot, glyphs: GlyphSet = 'unicode'): string {
	const {cache, workload, drill, faults} = snapshot;
	const mode = drill?.subject?.mode ?? cache.mode.mode;
	const columns = [
		(drill === undefined ? '' : time(drill)).padStart(13),
		`${marks[glyphs][mode]} ${mode}`.padEnd(12),
		`${formatCount(workload.callsPerSecond)}/s`.padStart(7),
		`p99 ${formatLatency(workload.settle.p99)}`.padEnd(11),
		...(drill?.subject === undefined ? [`journal ${formatCount(cache.journal.size)}`.padEnd(12)] : []),
		`wrong ${formatCount(workload.wrongReads)}`,
		`hung ${formatCount(workload.hungCalls)}`,
		`failed ${formatCount(workload.failedCalls)}`,
	];
	const labels = faults.map(({label}) => label).join(' + ');
	return inGlyphs([...columns, ...(labels === '' ? [] : [labels])].join('  ').trimEnd(), glyphs);
}

function time({elapsedMs, totalMs}: DrillSnapshot): string {
	return `${(elapsedMs / 1000).toFixed(1)} / ${(totalMs / 1000).toFixed(1)} s`;
}
