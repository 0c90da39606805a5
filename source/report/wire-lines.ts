import type {SlowCommand, WireReport} from '../drills/wire/wire-report.js';
import {formatLatency} from '../text/duration.js';
import {formatCount, formatCountOf} from '../text/number.js';
import {secondsWords} from './words.js';

/** Sentences about the behavior of an application at the wire during a drill. */
export function wireLines(wire: WireReport): string[] {
	const lines = [connections(wire), returns(wire), ...reconnects(wire), ...commands(wire), recovery(wire)];
	return lines.filter((line) => line !== undefined);
}

/** Table rows, with a heading, of the commands that waited longest; none if there were no commands. */
export function slowestRows({slowest}: WireReport): string[][] {
	if (slowest.length === 0) return [];
	return [
		['waited longest', 'for', 'sent at', 'connection', 'end'],
		...slowest.map(({command, connection, ms, atMs, end}) => [
			command,
			formatLatency(ms),
			atMs < 0 ? 'before' : secondsWords(atMs),
			connection === '' ? 'without a name' : connection,
			endWords[end],
		]),
	];
}

const endWords: Readonly<Record<SlowCommand['end'], string>> = {
	answered: 'answered',
	error: 'answered with an error',
	lost: 'lost with its connection',
	waiting: 'without an answer yet',
};

function connections({connections: {before, during, after, opened, unreadable}}: WireReport): string {
	const unread =
		unreadable === 0
			? ''
			: ` ${formatCountOf(unreadable, 'connection')} could not be read: ${unreadable === 1 ? 'its' : 'their'} commands are not counted.`;
	if (during === null)
		return `The application had ${formatCountOf(after, 'connection')} at the end, and opened ${formatCount(opened)} during the drill.${unread}`;
	const {fewest, most} = during;
	const meanwhile = fewest === most ? formatCount(most) : `${formatCount(fewest)} to ${formatCount(most)}`;
	return `The application had ${formatCountOf(before, 'connection')} when the first fault began, ${meanwhile} during faults, and ${formatCount(after)} at the end.${unread}`;
}

function returns({connections: {broken}, notReturned}: WireReport): string | undefined {
	if (broken === 0) return undefined;
	const all = formatCountOf(broken, 'connection');
	if (notReturned === 0) return `${all} broke and ${broken === 1 ? 'was' : 'were'} replaced.`;
	return `${all} broke; ${formatCount(notReturned)} of them never came back.`;
}

function reconnects({reconnects: {attempts, failed, perSecond, pauseMs, backOff, unseenMs}}: WireReport): string[] {
	const unseen =
		unseenMs === 0
			? []
			: [`Attempts to connect while the port was closed (refuse, ${secondsWords(unseenMs)}) cannot be seen.`];
	if (attempts === 0) return unseen;
	const pauses =
		pauseMs === null
			? 'the pauses between them are not known'
			: `pauses of ${formatLatency(pauseMs.shortest)} at least, ${formatLatency(pauseMs.median)} in the median`;
	const growth = backOff === null ? '' : backOff ? ', growing (a back-off)' : ', not growing (no back-off)';
	return [
		`Attempts to reconnect: ${formatCount(attempts)}, ${formatCount(failed)} failed, at most ${formatCount(perSecond)} within a second; ${pauses}${growth}.`,
		...unseen,
	];
}

function commands({commands, lostCommands, sentAgain, errors}: WireReport): string[] {
	const {afterLoss, afterError} = sentAgain;
	const codes = Object.entries(errors).map(([code, count]) => `${code} ${formatCount(count)}`);
	const lost = lostCommands === 0 ? 'none was lost' : `${formatCount(lostCommands)} were lost with their connections`;
	return [
		`Of ${formatCountOf(commands, 'command')} ${lost}; errors: ${codes.length === 0 ? 'none' : codes.join(', ')}.`,
		...(lostCommands + codes.length === 0
			? []
			: [
					`Sent again, as far as it can be told (same name, first key and length within a second): ${formatCount(afterLoss)} after a loss, ${formatCount(afterError)} after an error.`,
				]),
	];
}

function recovery({recoveryMs, connections: {during}}: WireReport): string | undefined {
	if (during === null) return undefined;
	return recoveryMs === null
		? 'No command was answered after the last fault was lifted.'
		: `The first command was answered ${formatLatency(recoveryMs)} after the last fault was lifted.`;
}
