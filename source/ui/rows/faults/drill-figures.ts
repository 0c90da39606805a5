import type {DrillReport} from '../../../drills/drill-report.js';
import type {ProbePhase, ProbeReport} from '../../../drills/probe/probe-report.js';
import type {SlowCommand, WireReport} from '../../../drills/wire/wire-report.js';
import {formatLatency} from '../../../text/duration.js';
import {formatCount, formatCountOf, formatPercent} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {padEnd, padStart, type Row, type Span, span, truncate} from '../../text/row.js';
import {wrapWords} from '../../text/wrap.js';

const labelWidth = 16;
const phaseWidth = 10;

/** Columns of a block of figures: as many as a dialog has on the smallest screen. */
export const figuresWidth = 56;

/** A sentence beside its label, on as many rows as it needs. */
const labelled = (label: string, {text, style}: Span, width: number): readonly Row[] =>
	wrapWords(text, Math.max(8, width - labelWidth)).map((line, index) => [
		span(padEnd(index === 0 ? label : '', labelWidth), 'dim'),
		span(line, style),
	]);

const phasesOf = ({before, during, after}: ProbeReport): readonly ProbePhase[] => [before, during, after];

const shareOf = ({calls, availability}: ProbePhase): string =>
	calls === 0 ? '-' : formatPercent(availability, 1, 'drop');

const timeOf = ({calls}: ProbePhase, ms: number): string => (calls === 0 ? '-' : formatLatency(ms));

function recoveryOf({recoveryMs, availability}: ProbeReport): Span {
	if (availability === 1) return span('available all the time', 'good');
	if (recoveryMs === null) return span('never', 'bad');
	return recoveryMs === 0
		? span('at once after the last fault', 'good')
		: span(`${formatLatency(recoveryMs)} after the last fault was lifted`, 'good');
}

/** The figures of a page before, during and after the faults. */
function probeBlock(probe: ProbeReport, width: number): readonly Row[] {
	const phases = phasesOf(probe);
	const row = (label: string, cells: readonly Span[]): Row => [
		span(padEnd(label, labelWidth), 'dim'),
		...cells.map(({text, style}) => span(padStart(text, phaseWidth), style)),
	];
	const worst = (phase: ProbePhase) => (phase.calls > 0 && phase.availability < 1 ? 'bad' : 'text');
	return [
		[span(truncate(`Probe ${printable(probe.name)}`, width), 'title')],
		row(
			'',
			['before', 'during', 'after'].map((text) => span(text, 'dim')),
		),
		row(
			'available',
			phases.map((phase) => span(shareOf(phase), worst(phase))),
		),
		row(
			'p50',
			phases.map((phase) => span(timeOf(phase, phase.p50Ms))),
		),
		row(
			'p99',
			phases.map((phase) => span(timeOf(phase, phase.p99Ms))),
		),
		...labelled('available again', recoveryOf(probe), width),
		...probe.failures.flatMap(({reason, count}, index) =>
			labelled(index === 0 ? 'failed' : '', span(`${formatCount(count)} × ${printable(reason)}`, 'bad'), width),
		),
	];
}

const endWords: Readonly<Record<SlowCommand['end'], string>> = {
	answered: '',
	error: ', an error',
	lost: ', lost',
	waiting: ', no answer yet',
};

/** Commands that are named as those that waited longest. */
const namedCommands = 3;

const slowest = ({slowest: commands}: WireReport, count: number): string =>
	commands
		.slice(0, count)
		.map(({command, ms, end}) => `${printable(command)} ${formatLatency(ms)}${endWords[end]}`)
		.join('; ');

function returnOf({connections: {broken}, notReturned}: WireReport): Span {
	if (broken === 0) return span('none broke', 'good');
	const broke = `${formatCountOf(broken, 'connection')} broke`;
	if (notReturned > 0) return span(`${broke}, ${formatCount(notReturned)} never came back`, 'bad');
	return span(`${broke}, all came back`, 'warn');
}

function reconnectsOf({reconnects: {attempts, failed, perSecond}}: WireReport): string {
	const words = `${formatCountOf(attempts, 'attempt')}, ${formatCount(failed)} failed`;
	return attempts === 0 ? 'none seen' : `${words}, up to ${formatCount(perSecond)}/s`;
}

function pacingOf({reconnects: {attempts, pauseMs, backOff}}: WireReport): Span | undefined {
	if (attempts === 0) return undefined;
	const pauses =
		pauseMs === null
			? 'pauses not known'
			: `pauses ${formatLatency(pauseMs.shortest)} at least, ${formatLatency(pauseMs.median)} in the median`;
	if (backOff === null) return span(pauses);
	return backOff ? span(`${pauses}, growing`, 'good') : span(`${pauses}, no back-off`, 'warn');
}

function retriesOf({lostCommands, sentAgain: {afterLoss, afterError}}: WireReport): Span {
	const again = afterLoss + afterError;
	const retries = again === 0 ? 'none sent again' : `${formatCount(again)} sent again`;
	return lostCommands === 0
		? span(`none lost, ${retries}`)
		: span(`${formatCountOf(lostCommands, 'command')} lost, ${retries}`, 'bad');
}

function answeredAgain({recoveryMs, connections: {during}}: WireReport): Span | undefined {
	if (during === null) return undefined;
	if (recoveryMs === null) return span('no command since the last fault', 'bad');
	return recoveryMs < 1 ? span('at once', 'good') : span(`${formatLatency(recoveryMs)} after the last fault`, 'good');
}

const errorsOf = ({errors}: WireReport): string =>
	Object.entries(errors)
		.map(([code, count]) => `${printable(code)} ${formatCount(count)}`)
		.join(', ');

/** The behavior of the application on its connections, a line for each question. */
function wireBlock(wire: WireReport, width: number): readonly Row[] {
	const errors = errorsOf(wire);
	const lines: readonly (readonly [label: string, text: Span | undefined])[] = [
		['waited longest', span(slowest(wire, namedCommands) || 'no command')],
		['connections', returnOf(wire)],
		['reconnects', span(reconnectsOf(wire))],
		['', pacingOf(wire)],
		['commands', retriesOf(wire)],
		['errors', errors === '' ? undefined : span(errors, 'bad')],
		['answered again', answeredAgain(wire)],
	];
	return [
		[span('On its connections', 'title')],
		...lines.flatMap(([label, text]) => (text ? labelled(label, text, width) : [])),
	];
}

/** The figures of a drill on an application, a block for each probe and one for the connections. */
export function figureBlocks({probes = [], wire}: DrillReport, width: number): readonly (readonly Row[])[] {
	return [...probes.map((probe) => probeBlock(probe, width)), ...(wire ? [wireBlock(wire, width)] : [])];
}

/** Words and their style, on as many rows as they need. */
const wrapped = ({text, style}: Span, width: number): readonly Row[] =>
	wrapWords(text, width).map((line, index) => [span(index === 0 ? line : `  ${line}`, style)]);

/**
 * The same figures as sentences, the most important first.
 *
 * @param then Text between a figure before the faults, during them, and after them.
 */
export function figureSentences({probes = [], wire}: DrillReport, then: string): readonly Span[] {
	const course = (probe: ProbeReport, of: (phase: ProbePhase) => string) => phasesOf(probe).map(of).join(then);
	const lines = probes.flatMap((probe): Span[] => [
		span(
			`probe ${course(probe, shareOf)} available, p99 ${course(probe, (phase) => timeOf(phase, phase.p99Ms))}`,
			probe.availability < 1 ? 'bad' : 'text',
		),
		...(probe.availability < 1 ? [span(`available again: ${recoveryOf(probe).text}`, recoveryOf(probe).style)] : []),
	]);
	if (wire) {
		const waits = slowest(wire, 1);
		lines.push(span(`${waits === '' ? '' : `waited longest: ${waits}; `}${returnOf(wire).text}`, returnOf(wire).style));
		lines.push(span(`reconnects: ${reconnectsOf(wire)}; ${retriesOf(wire).text}`));
	}
	return lines;
}

/** The sentences where there is little room. */
export const figureLines = (report: DrillReport, width: number): readonly Row[] =>
	figureSentences(report, ' → ').flatMap((line) => wrapped(line, width - 2));
